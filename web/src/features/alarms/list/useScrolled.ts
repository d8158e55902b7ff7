/** Where a box is scrolled to, and how high it is; drawn anew only when another row comes into it. */

import { useCallback, useEffect, useState, type RefObject } from "react";

interface Scrolled {
  top: number;
  height: number;
}

/** step: px of scrolling that make a difference. The second is called after the box was scrolled by hand of the page. */
export function useScrolled(box: RefObject<HTMLElement | null>, step: number): [Scrolled, () => void] {
  const [scrolled, setScrolled] = useState<Scrolled>({ top: 0, height: 800 });
  const read = useCallback((): void => {
    const at = box.current;
    if (!at) return;
    const [top, height] = [Math.ceil(at.scrollTop / step) * step, at.clientHeight];
    setScrolled((old) => (old.top === top && old.height === height ? old : { top, height }));
  }, [box, step]);
  useEffect(() => {
    const at = box.current;
    if (!at) return;
    const watch = new ResizeObserver(read);
    watch.observe(at);
    at.addEventListener("scroll", read, { passive: true });
    return () => {
      watch.disconnect();
      at.removeEventListener("scroll", read);
    };
  }, [box, read]);
  return [scrolled, read];
}
