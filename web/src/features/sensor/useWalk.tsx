/** Going along a strip by keys, from one piece to the next, with the words of the one that is reached. */

import { useState } from "react";
import css from "./StateStrip.module.css";

const STEPS: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10, Home: -Infinity, End: Infinity };

/** The piece so many steps from the one with this key; without one the nearest end. Pure. */
export function walked<T>(pieces: readonly T[], keyOf: (piece: T) => number, here: number | null, by: number): T | undefined {
  const at = pieces.findIndex((piece) => keyOf(piece) === here);
  const from = at >= 0 ? at : by > 0 && Number.isFinite(by) ? -1 : pieces.length;
  return pieces[Math.max(0, Math.min(pieces.length - 1, from + by))];
}

/** `keyOf`: what stays the same while the strip moves on. */
export function useWalk<T>(pieces: readonly T[], keyOf: (piece: T) => number, textOf: (piece: T) => string, onPick: ((piece: T) => void) | undefined) {
  const [key, setKey] = useState<number | null>(null);
  const here = pieces.find((piece) => keyOf(piece) === key);
  const press = (e: React.KeyboardEvent): void => {
    const step = STEPS[e.key];
    if (e.key === "Escape") setKey(null);
    else if (e.key === "Enter" && here) onPick?.(here);
    else if (step !== undefined) {
      const next = walked(pieces, keyOf, key, step);
      if (next) setKey(keyOf(next));
    } else return;
    e.preventDefault();
  };
  return {
    here,
    keys: { className: css["walk"], role: "application", tabIndex: 0, onKeyDown: press },
    told: <p className={css["told"]} aria-live="polite">{here ? textOf(here) : ""}</p>,
  };
}
