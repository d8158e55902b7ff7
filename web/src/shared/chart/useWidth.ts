/** The width of an element in steps of 200 px, so that dragging the window's edge does not ask for history all the time. */

import { useEffect, useRef, useState } from "react";

const STEP_PX = 200;
const LEAST_PX = 400;
const MOST_PX = 3000;

export function useWidth(): [React.RefObject<HTMLDivElement | null>, number] {
  const ref = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(1000);
  useEffect(() => {
    const box = ref.current;
    if (!box) return;
    const watch = new ResizeObserver(() => setWidth(Math.min(MOST_PX, Math.max(LEAST_PX, Math.ceil(box.clientWidth / STEP_PX) * STEP_PX))));
    watch.observe(box);
    return () => watch.disconnect();
  }, []);
  return [ref, width];
}
