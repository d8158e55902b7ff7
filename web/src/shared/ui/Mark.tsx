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

const SHAPE: Record<Level, React.ReactNode> = {
  critical: <path d="M7 1h10l6 6v10l-6 6H7l-6-6V7z" />,
  high: <path d="M12 1.5 23.5 22H.5z" />,
  medium: <path d="M12 .5 23.5 12 12 23.5.5 12z" />,
  low: <circle cx="12" cy="12" r="11" />,
  fault: <rect x="2" y="2" width="20" height="20" rx="2" />,
  stale: <rect x="3" y="3" width="18" height="18" rx="9" />,
  stopped: <rect x="6" y="6" width="12" height="12" />,
  normal: <circle cx="12" cy="12" r="5" />,
  empty: <circle cx="12" cy="12" r="4" />,
};
const SIGN: Partial<Record<Level, string>> = { critical: "1", high: "2", medium: "3", low: "4", fault: "F", stale: "?" };

interface Props {
  level: Level;
  /** Unacknowledged: the shape pulses until somebody acknowledges. */
  calling?: boolean;
  size?: number;
  /** Read out instead of the level's own name; '' where the text stands beside it. */
  label?: string;
}

export function Mark({ level, calling = false, size = 20, label = levelText(level) }: Props) {
  const names = [css["mark"], css[level], calling ? css["calling"] : ""].join(" ");
  return (
    <svg className={names} width={size} height={size} viewBox="0 0 24 24" role={label ? "img" : undefined}
      aria-label={label || undefined} aria-hidden={label ? undefined : true}>
      {SHAPE[level]}
      {SIGN[level] && <text x="12" y={level === "high" ? 19.5 : 17.2}>{SIGN[level]}</text>}
    </svg>
  );
}
