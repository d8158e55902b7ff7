/** Where an alarm stands, as shape and letter; its words stand beside it. */

import type { AlarmState } from "@/shared/api/types";
import css from "./StateMark.module.css";
import { texts } from "./texts";

/** Full: it asks for somebody. An edge: it is seen to. A broken edge: it is hidden. */
const LOOK: Record<AlarmState, "full" | "edge" | "hidden" | "over"> = {
  unacknowledged: "full", returned: "full", latched: "edge", acknowledged: "edge", shelved: "hidden", suppressed: "hidden", "out-of-service": "hidden", normal: "over",
};

export const StateMark = ({ state, calling = LOOK[state] === "full" }: { state: AlarmState; calling?: boolean }) => (
  <span className={`${css["state"]} ${css[calling ? "full" : LOOK[state]]} ${state === "returned" ? css["left"] : ""}`} aria-hidden>{texts().letters[state]}</span>
);
