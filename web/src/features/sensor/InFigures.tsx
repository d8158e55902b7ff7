/** The stretch on screen in figures: for who looks, and as a sentence for who hears. */

import { extentOf, figuresOf } from "@/shared/chart/reading";
import { alarmsIn } from "@/shared/chart/spans";
import { momentText } from "@/shared/format/time";
import { useNow } from "@/shared/live/hooks";
import { writer, type About } from "./about";
import css from "./InFigures.module.css";
import { texts } from "./texts";

const EVERY_MS = 2_000;

export function InFigures({ sensor, track, sight, view, alarms, doubts, id }: About & { id: string }) {
  const now = useNow(EVERY_MS);
  const { from, to } = sight.window(view, now);
  const found = figuresOf(track, from, to);
  const [low, high] = extentOf(track, from, to) ?? [0, 0];
  const show = writer(sensor, low, high);
  const raised = alarmsIn(alarms, from, to, now).length;
  const doubtful = doubts.filter(([a, b]) => b >= from && a <= to).reduce((sum, [, , count]) => sum + count, 0);
  const also = [
    raised > 0 && texts().alarms(raised),
    found && found.gaps > 0 && texts().gaps(found.gaps),
    doubtful > 0 ? texts().notGood(doubtful) : found && texts().allGood,
  ].filter(Boolean);
  const drawn = found ? texts().drawn(show(found.low), show(found.mean), show(found.high), show(found.last)) : texts().nothingDrawn;
  return (
    <>
      <p id={id} className="visually-hidden">
        {`${texts().summary(sensor.name || sensor.key, momentText(from, from, to), momentText(to, from, to))}: ${[drawn, ...also].join(", ")}.`}
      </p>
      <ul className={css["figures"]} aria-hidden>
        {found && <li>{texts().least} <b>{show(found.low)}</b></li>}
        {found && <li>{texts().mean} <b>{show(found.mean)}</b></li>}
        {found && <li>{texts().greatest} <b>{show(found.high)}</b></li>}
        {also.map((text) => <li key={String(text)}>{text}</li>)}
      </ul>
    </>
  );
}
