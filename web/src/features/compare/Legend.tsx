/** The legend is a table: which line is whose, its value at the crosshair, and the stretch on screen in figures. */

import { X } from "lucide-react";
import { useMemo, useSyncExternalStore } from "react";
import { figuresOf, pointAt } from "@/shared/chart/reading";
import type { Sight } from "@/shared/chart/sight";
import { digitsAt, digitsOf } from "@/shared/format/digits";
import { shareText, valueText } from "@/shared/format/number";
import { timeText } from "@/shared/format/time";
import { useNow } from "@/shared/live/hooks";
import type { View } from "@/shared/plant/view";
import { Button } from "@/shared/ui/Button";
import { PlantLink } from "@/shared/ui/PlantLink";
import { Actions, Num, Table, type Head } from "@/shared/ui/Table";
import type { Chosen, Drawn } from "./chosen";
import { Dash } from "./Dash";
import css from "./Legend.module.css";
import { texts } from "./texts";

const EVERY_MS = 500;

interface Props {
  chosen: readonly Chosen[];
  drawn: readonly Drawn[];
  sight: Sight;
  view: View;
  /** How much earlier the period lies that is laid under this one, in words; '' where there is none. */
  earlier: string;
  onRemove: (path: string) => void;
}

export function Legend({ chosen, drawn, sight, view, earlier, onRemove }: Props) {
  const ts = useSyncExternalStore(sight.watch, () => sight.ts);
  const words = texts();
  const num = (text: string): Head => ({ text, look: "num" });
  const byPath = new Map(drawn.map((one) => [one.path, one]));
  const head: Head[] = [
    words.sensor, num(ts === null ? words.now : timeText(ts)), num(words.least), num(words.mean), num(words.greatest),
    ...(earlier ? [num(words.meanEarlier), num(words.change)] : []), { text: words.actions, look: "none" },
  ];
  return (
    <>
      <p className="visually-hidden" aria-live="polite">{ts !== null && spoken(drawn, ts)}</p>
      <Table head={head} label={words.legend}>
        {chosen.map((one) => (
          <tr key={one.path}>
            <Name one={one} />
            <Figures drawn={byPath.get(one.path)} sight={sight} view={view} ts={ts} earlier={earlier !== ""} why={one.isNumber ? "" : one.unit || one.name !== one.path ? words.noNumber : words.unknown} />
            <Actions><Button look="quiet" aria-label={words.remove(`${one.machine} ${one.name}`)} title={words.remove(one.name)} onClick={() => onRemove(one.path)}><X size={18} aria-hidden /></Button></Actions>
          </tr>
        ))}
      </Table>
    </>
  );
}

const MOST_SPOKEN = 5;

/** What is under the crosshair, for who moves it by keys and does not see it. */
const spoken = (drawn: readonly Drawn[], ts: number): string =>
  [timeText(ts), ...drawn.slice(0, MOST_SPOKEN).map(({ name, machine, track, unit, sensor }) => {
    const point = pointAt(track, ts);
    return `${machine} ${name} ${point ? `${valueText(point.value, digitsAt(sensor, point.value))} ${unit}` : "–"}`;
  })].join(", ");

const Name = ({ one: { path, name, machine, look } }: { one: Chosen }) => (
  <td><PlantLink path={path} className={css["name"]}><Dash look={look} /><span><b>{name}</b><small>{machine}</small></span></PlantLink></td>
);

interface FiguresProps {
  drawn: Drawn | undefined;
  sight: Sight;
  view: View;
  ts: number | null;
  earlier: boolean;
  why: string;
}

function Figures({ drawn, sight, view, ts, earlier, why }: FiguresProps) {
  const now = useNow(EVERY_MS);
  const found = useMemo(() => {
    const { from, to } = sight.window(view, now);
    return drawn && { now: figuresOf(drawn.track, from, to), before: drawn.earlier ? figuresOf(drawn.earlier, from, to) : null };
  }, [drawn, sight, view, now]);
  if (!drawn || !found) return <td colSpan={earlier ? 6 : 4} className={css["why"]}>{why || texts().loading}</td>;
  const { sensor, unit, track } = drawn;
  const digits = digitsOf(sensor, (found.now?.high ?? 0) - (found.now?.low ?? 0));
  const show = (value: number | undefined): string => (value === undefined ? "–" : `${valueText(value, digits)} ${unit}`.trim());
  const value = ts === null ? found.now?.last : pointAt(track, ts)?.value;
  return (
    <>
      <Num><b>{show(value)}</b></Num>
      <Num>{show(found.now?.low)}</Num>
      <Num>{show(found.now?.mean)}</Num>
      <Num>{show(found.now?.high)}</Num>
      {earlier && <Num>{show(found.before?.mean)}</Num>}
      {earlier && <Num>{changeText(found.now?.mean, found.before?.mean, show)}</Num>}
    </>
  );
}

/** By how much a mean has changed since the earlier period: in the sensor's unit, and in parts of what it was. */
function changeText(now: number | undefined, before: number | undefined, show: (value: number) => string): string {
  if (now === undefined || before === undefined) return "–";
  const sign = now >= before ? "+" : "";
  return `${sign}${show(now - before)}${before === 0 ? "" : ` (${sign}${shareText((now - before) / Math.abs(before))})`}`;
}
