/** Counts beside a place's name. */

import { useOutbox } from "@/features/enter/sending";
import { waitingTexts } from "@/features/enter/waitingTexts";
import { useSession } from "@/shared/api/session";
import { useUnread } from "@/shared/deadletters/unread";
import css from "./Badges.module.css";
import type { Place } from "./places";
import { texts } from "./texts";
import { useWaiting } from "./useWaiting";

const short = (n: number): string => (n > 99 ? "99+" : String(n));

function AlarmBadge() {
  const { count } = useWaiting();
  if (count === 0) return null;
  return <span className={css["badge"]} role="img" aria-label={texts().unacknowledged(count)}>{short(count)}</span>;
}

/** Quiet: dead letters harm nobody now, but a flood of them should be seen. */
function LetterBadge() {
  const unread = useUnread();
  if (unread === 0) return null;
  return <span className={`${css["badge"]} ${css["hint"]}`} role="img" aria-label={texts().unread(unread)}>{short(unread)}</span>;
}

/** Quiet: what was entered and is not yet stored waits in this browser alone. */
function EnteredBadge() {
  const count = useOutbox().length;
  if (count === 0) return null;
  return <span className={`${css["badge"]} ${css["hint"]}`} role="img" aria-label={waitingTexts().waiting(count)}>{short(count)}</span>;
}

export function Badge({ of }: { of: Place["name"] }) {
  // Letters are numbered for the whole plant: a count would tell somebody of a part about the others.
  const seesAll = useSession()?.scope === "";
  if (of === "alarms") return <AlarmBadge />;
  if (of === "enter") return <EnteredBadge />;
  return of === "deadletters" && seesAll ? <LetterBadge /> : null;
}
