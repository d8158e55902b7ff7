/** Whether somebody's hands are on a list: a pointer that moves over it, a finger, a key. */

import { useEffect, useRef, useState } from "react";

/** Hands that have not stirred for so long are gone: a mouse that was left there must not hide what is new. */
const STILL_MS = 10_000;

interface Hands {
  on: boolean;
  /** They stirred. */
  stir: () => void;
  away: () => void;
}

export function useHands(): Hands {
  const [on, setOn] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const away = (): void => {
    clearTimeout(timer.current);
    setOn(false);
  };
  const stir = (): void => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setOn(false), STILL_MS);
    setOn(true);
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  return { on, stir, away };
}
