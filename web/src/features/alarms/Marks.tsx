/** What else there is to know of an alarm at a glance: words, with an edge each. */

import type { Alarm } from "@/shared/api/types";
import { groupText, levelText } from "@/shared/alarms/words";
import css from "./Marks.module.css";
import { texts } from "./texts";

export function Marks({ alarm }: { alarm: Alarm }) {
  const level = levelText(alarm);
  const holds = alarm.latched && alarm.state !== "latched" && alarm.state !== "normal";
  if (!level && !alarm.first_out && !holds && !alarm.late && !alarm.assigned_to) return null;
  const say = texts().marks;
  return (
    <span className={css["marks"]}>
      {level && <span className={css["mark"]} title={alarm.levels && alarm.levels.length > 1 ? say.levelOf(level, alarm.levels.length) : say.level(level)}>{level}</span>}
      {alarm.first_out && <span className={`${css["mark"]} ${css["first"]}`} title={say.firstOf(alarm.group ? groupText(alarm.group) : "")}>{say.first}</span>}
      {holds && <span className={css["mark"]} title={say.latchesHint}>{say.latches}</span>}
      {alarm.late && <span className={css["mark"]} title={say.lateHint}>{say.late}</span>}
      {alarm.assigned_to && <span className={css["mark"]} title={say.assignedTo(alarm.assigned_to)}>→ {alarm.assigned_to}</span>}
    </span>
  );
}
