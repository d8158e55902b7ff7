/** A modal dialog on the browser's own <dialog>: focus stays inside, Esc closes, focus returns. */

import { X } from "lucide-react";
import { useId, useLayoutEffect, useRef } from "react";
import { Button } from "./Button";
import css from "./Dialog.module.css";

interface Props {
  title: string;
  onClose: () => void;
  /** Room for long lines. */
  wide?: boolean;
  children: React.ReactNode;
}

export function Dialog({ title, onClose, wide = false, children }: Props) {
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();
  // Of the layout: closed while it still stands in the page, it gives the focus back.
  useLayoutEffect(() => {
    const dialog = ref.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);
  return (
    <dialog ref={ref} className={`${css["dialog"]} ${wide ? css["wide"] : ""}`} aria-labelledby={id} onCancel={(e) => { e.preventDefault(); onClose(); }}>
      <div className={css["head"]}>
        <h2 id={id}>{title}</h2>
        <Button look="quiet" onClick={onClose} aria-label="Close"><X size={20} /></Button>
      </div>
      {children}
    </dialog>
  );
}
