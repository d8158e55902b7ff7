/** The whole company in one line of numbers. */

import { Link } from "@tanstack/react-router";
import { useOpenAlarms } from "@/shared/alarms/feed";
import { countText } from "@/shared/format/number";
import { asksForAck, isStanding, SEVERITIES, type Condition } from "@/shared/plant/condition";
import { levelText, Mark } from "@/shared/ui/Mark";
import { texts as plantTexts } from "@/shared/plant/texts";
import css from "./Summary.module.css";
import { texts } from "./texts";

export function Summary({ condition }: { condition: Condition | undefined }) {
  const alarms = (useOpenAlarms().data ?? []).filter(isStanding);
  const { summary, machinesRunning, stopped, silent } = texts();
  if (!condition) return null;
  return (
    <section className={css["summary"]} aria-label={summary}>
      <Number value={condition.running} of={condition.machines} text={machinesRunning} />
      <Number value={condition.stopped} text={stopped} />
      <Number value={condition.stale} text={silent} />
      <div className={css["alarms"]}>
        {SEVERITIES.map((severity) => {
          const own = alarms.filter((a) => a.severity === severity);
          const waiting = own.filter(asksForAck).length;
          return (
            <Link key={severity} to="/alarms" search={{ severity }} className={`${css["severity"]} ${own.length ? "" : css["none"]}`}>
              <Mark level={own.length ? severity : "normal"} calling={waiting > 0} size={22} label="" />
              <span><b>{countText(own.length)}</b> {levelText(severity).toLowerCase()}{waiting > 0 && <small>{plantTexts().fresh(waiting)}</small>}</span>
            </Link>
          );
        })}
      </div>
    </section>
  );
}

function Number({ value, of, text }: { value: number; of?: number; text: string }) {
  return (
    <p className={css["number"]}>
      <b>{countText(value)}{of !== undefined && <span> / {countText(of)}</span>}</b>
      <small>{text}</small>
    </p>
  );
}
