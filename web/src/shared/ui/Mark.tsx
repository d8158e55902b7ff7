/** State of something as shape, colour and number; text stands next to it or is read out. */

import type { Level } from "@/shared/plant/condition";
import { catalogue } from "@/shared/texts/catalogue";
import css from "./Mark.module.css";

const levels = catalogue({
  critical: "Critical", high: "High", medium: "Medium", low: "Low", fault: "Fault", stale: "No fresh data", stopped: "Stopped", normal: "Normal",
  empty: "No sensors",
}, {
  critical: "Kritisch", high: "Hoch", medium: "Mittel", low: "Niedrig", fault: "Störung", stale: "Keine frischen Daten", stopped: "Steht", normal: "Normal",
  empty: "Keine Sensoren",
});

/** A level's own name. */
export const levelText = (level: Level): string => levels()[level];

/** What asks for nobody; a big plant shows a thousand of these, so that each is one element that CSS draws. */
type Quiet = "stale" | "stopped" | "normal" | "empty";
const isQuiet = (level: Level): level is Quiet => !(level in SHAPE);

const SHAPE = {
  critical: <path d="M7 1h10l6 6v10l-6 6H7l-6-6V7z" />,
  high: <path d="M12 1.5 23.5 22H.5z" />,
  medium: <path d="M12 .5 23.5 12 12 23.5.5 12z" />,
  low: <circle cx="12" cy="12" r="11" />,
  fault: <rect x="2" y="2" width="20" height="20" rx="2" />,
} satisfies Record<Exclude<Level, Quiet>, React.ReactNode>;
const SIGN = { critical: "1", high: "2", medium: "3", low: "4", fault: "F" };

interface Props {
  level: Level;
  /** Unacknowledged: the shape pulses until somebody acknowledges. */
  calling?: boolean;
  /** Pixels, or any length of CSS. */
  size?: number | string;
  /** Read out instead of the level's own name; '' where the text stands beside it. */
  label?: string;
}

export function Mark({ level, calling = false, size = 20, label = levelText(level) }: Props) {
  const names = [css["mark"], css[level], calling ? css["calling"] : ""].join(" ");
  const spoken = label ? { role: "img", "aria-label": label } : { "aria-hidden": true };
  if (isQuiet(level)) return <i className={`${names} ${css["quiet"]}`} style={{ fontSize: size }} {...spoken} />;
  return (
    <svg className={names} style={{ width: size, height: size }} viewBox="0 0 24 24" {...spoken}>
      {SHAPE[level]}
      <text x="12" y={level === "high" ? 19.5 : 17.2}>{SIGN[level]}</text>
    </svg>
  );
}
