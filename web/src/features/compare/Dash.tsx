/** A piece of a line, as the chart draws it: what tells the name beside it which line it is. */

import { DASHES, type LineLook } from "@/shared/chart/looks";
import css from "./Dash.module.css";

export function Dash({ look: { colour, dash } }: { look: LineLook }) {
  return (
    <svg className={css["dash"]} width="26" height="8" aria-hidden>
      <line x1="0" x2="26" y1="4" y2="4" stroke={`var(--line-${colour + 1})`} strokeWidth="2.5" strokeDasharray={(DASHES[dash] ?? []).join(" ")} />
    </svg>
  );
}
