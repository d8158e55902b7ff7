/** What else there is to know of an alarm at a glance: words, with an edge each. */

import type { Alarm } from "@/shared/api/types";
import { groupText, levelText } from "@/shared/alarms/words";
import css from "./Marks.module.css";

export function Marks({ alarm }: { alarm: Alarm }) {
  const level = levelText(alarm);
  const holds = alarm.latched && alarm.state !== "latched" && alarm.state !== "normal";
  if (!level && !alarm.first_out && !holds && !alarm.late && !alarm.assigned_to) return null;
  return (
    <span className={css["marks"]}>
      {level && <span className={css["mark"]} title={`Level ${level}${alarm.levels && alarm.levels.length > 1 ? ` of ${alarm.levels.length} that are active` : ""}`}>{level}</span>}
      {alarm.first_out && <span className={`${css["mark"]} ${css["first"]}`} title={`It came first in its group${alarm.group ? ` “${groupText(alarm.group)}”` : ""}`}>First out</span>}
      {holds && <span className={css["mark"]} title="It stays until somebody resets it, also when its cause is gone">Latches</span>}
      {alarm.late && <span className={css["mark"]} title="Measured long before it was judged: nobody was called">Late</span>}
      {alarm.assigned_to && <span className={css["mark"]} title={`${alarm.assigned_to} sees to it`}>→ {alarm.assigned_to}</span>}
    </span>
  );
}
