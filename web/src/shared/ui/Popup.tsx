/** A small menu above the page, of the browser's own kind: a click beside it or Esc closes it, and focus returns. */

import { useId, useRef } from "react";
import css from "./Popup.module.css";

interface Props {
  /** Says what opens; read out on the button and on what it opens. */
  label: string;
  button: React.ReactNode;
  buttonClass?: string | undefined;
  /** Where it lies: below the button at the right edge, or as a sheet from the bottom. */
  place?: "corner" | "sheet";
  children: (close: () => void) => React.ReactNode;
}

export function Popup({ label, button, buttonClass, place = "corner", children }: Props) {
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  return (
    <>
      <button type="button" className={buttonClass} popoverTarget={id} aria-haspopup="dialog" aria-label={label} title={label}>{button}</button>
      <div ref={box} id={id} popover="auto" role="dialog" aria-label={label} className={`${css["popup"]} ${css[place]}`}>
        {children(() => box.current?.hidePopover())}
      </div>
    </>
  );
}
