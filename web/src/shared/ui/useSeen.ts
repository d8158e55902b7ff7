/** Whether an element has come near the part of the page that is on screen. */

import { useEffect, useRef, useState } from "react";

/** A little before it is seen, so that what it fetches is there in time. */
const AHEAD = "300px";

/** Stays true once it was: what is there stays, and nothing jumps on the way back. */
export function useSeen<E extends Element>(): [React.RefObject<E | null>, boolean] {
  const ref = useRef<E>(null);
  const [isSeen, setSeen] = useState(false);
  useEffect(() => {
    const element = ref.current;
    if (!element || isSeen) return;
    const watch = new IntersectionObserver((entries) => { if (entries.some((e) => e.isIntersecting)) setSeen(true); }, { rootMargin: AHEAD });
    watch.observe(element);
    return () => watch.disconnect();
  }, [isSeen]);
  return [ref, isSeen];
}
