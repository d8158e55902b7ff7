/** What lets a page stand on a wall for months: the screen stays on, and the page begins anew now and then. */

import { useEffect } from "react";

/** Often enough for a new version of the pages, and for a browser that leaks; seldom enough to be no trouble. */
const ANEW_MS = 6 * 3_600_000;
const AGAIN_MS = 60_000;

/** Keep the screen on; browsers let go of it whenever the page is hidden. */
export function useScreenOn(): void {
  useEffect(() => {
    let held: WakeLockSentinel | undefined;
    const hold = (): void => {
      if (document.hidden) return;
      // Refused without HTTPS, or to save power: then the screen is kept on by its own settings.
      void navigator.wakeLock?.request("screen").then((lock) => { held = lock; }, () => undefined);
    };
    hold();
    document.addEventListener("visibilitychange", hold);
    return () => {
      document.removeEventListener("visibilitychange", hold);
      void held?.release();
    };
  }, []);
}

/** Load the page anew every six hours, once Andon answers: never from a board to an error page. */
export function useFreshPage(): void {
  useEffect(() => {
    let timer = setTimeout(look, ANEW_MS);
    function look(): void {
      fetch("/healthz", { signal: AbortSignal.timeout(5_000) }).then(
        (answer) => { if (answer.ok) location.reload(); else timer = setTimeout(look, AGAIN_MS); },
        () => { timer = setTimeout(look, AGAIN_MS); },
      );
    }
    return () => clearTimeout(timer);
  }, []);
}
