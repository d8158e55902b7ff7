/** Where messages of `tell` appear: above the page, in reach of thumb and keyboard, read out by screen readers. */

import { X } from "lucide-react";
import { useEffect } from "react";
import { Button } from "./Button";
import { closeToast, dropOverdue, keepToasts, tellError, useToasts, type Toast } from "./tell";
import { words } from "./texts";
import css from "./Toasts.module.css";

async function takeBack({ id, undo }: Toast): Promise<void> {
  closeToast(id);
  try {
    await undo?.();
  } catch (error) {
    tellError(words().notUndone, error);
  }
}

export function Toasts() {
  const toasts = useToasts();
  const isEmpty = toasts.length === 0;
  useEffect(() => {
    if (isEmpty) return;
    const timer = setInterval(() => dropOverdue(), 500);
    return () => clearInterval(timer);
  }, [isEmpty]);
  return (
    <section className={css["region"]} aria-label={words().messages} onPointerMove={() => keepToasts()} onFocus={() => keepToasts()}>
      {/* Both are there before a message is: a region that comes along with its text is not read out. */}
      <Lines toasts={toasts.filter((t) => !t.isError)} role="status" />
      <Lines toasts={toasts.filter((t) => t.isError)} role="alert" />
    </section>
  );
}

const Lines = ({ toasts, role }: { toasts: readonly Toast[]; role: "status" | "alert" }) => (
  <div className={css["lines"]} role={role}>
    {toasts.map((toast) => (
      <div key={toast.id} className={css["toast"]} data-error={toast.isError || undefined}>
        <span>{toast.text}</span>
        {toast.undo && <Button look="quiet" onClick={() => void takeBack(toast)}>{words().undo}</Button>}
        <Button look="quiet" onClick={() => closeToast(toast.id)} aria-label={words().close}><X size={18} /></Button>
      </div>
    ))}
  </div>
);
