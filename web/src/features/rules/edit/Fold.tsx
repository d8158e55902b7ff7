/** A part of the form that few need; it stays as somebody left it. */

import { useState } from "react";
import css from "./Editor.module.css";

export function Fold({ title, open = false, children }: { title: string; open?: boolean; children: React.ReactNode }) {
  const [isOpen, setOpen] = useState(open);
  return (
    <details className={css["fold"]} open={isOpen} onToggle={(e) => setOpen(e.currentTarget.open)}>
      <summary><h2>{title}</h2></summary>
      {children}
    </details>
  );
}
