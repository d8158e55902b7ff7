/** The charts: one, or several above one another that share time and crosshair; the lowest one names the time. */

import { useSyncExternalStore } from "react";
import { Chart } from "@/shared/chart/Chart";
import { extentOf, pointAt } from "@/shared/chart/reading";
import type { Sight } from "@/shared/chart/sight";
import { texts as chartTexts } from "@/shared/chart/texts";
import { serverNow } from "@/shared/clock";
import { digitsOf } from "@/shared/format/digits";
import { valueText } from "@/shared/format/number";
import { useNow } from "@/shared/live/hooks";
import type { View } from "@/shared/plant/view";
import { listText } from "@/shared/texts/catalogue";
import css from "./Charts.module.css";
import type { Drawn, Group } from "./chosen";
import { Dash } from "./Dash";
import { texts } from "./texts";
import type { Stacked } from "./view";

interface Props {
  groups: readonly Group[];
  stacked: Stacked | undefined;
  view: View;
  sight: Sight;
  ready: boolean;
  onPick: (view: View) => void;
  onBack: () => void;
}

const NOTHING: readonly never[] = [];
/** The name of a limit, such as HH 1,250, has room beside the chart. */
const RIGHT_PX = 66;

export function Charts({ groups, stacked, view, sight, ready, onPick, onBack }: Props) {
  return groups.map(({ key, axes, lines, drawn }, i) => {
    const last = i === groups.length - 1;
    const chart = (
      <Chart label={texts().chartOf(listText(drawn.map(({ machine, name }) => `${machine} ${name}`)))} lines={lines} axes={axes} view={view} sight={sight} withLimits={false}
        alarms={NOTHING} doubts={NOTHING} empty={ready ? chartTexts().noValue : ""} {...(stacked && { right: RIGHT_PX })} times={last} wheels={!stacked} onPick={onPick} onBack={onBack} />
    );
    if (!stacked) return <div key={key} className={css["whole"]}>{chart}</div>;
    return (
      <section key={key} className={css["part"]} data-by={stacked} data-last={last}>
        <h2 className={css["title"]}>{drawn.map((one) => <Title key={one.path} one={one} sight={sight} view={view} />)}</h2>
        <div className={css["box"]}>{chart}</div>
      </section>
    );
  });
}

const EVERY_MS = 500;

/** Name and value beside its line; the value is the one under the crosshair, else the newest. */
function Title({ one: { machine, name, unit, look, sensor, track }, sight, view }: { one: Drawn; sight: Sight; view: View }) {
  useNow(EVERY_MS);
  const ts = useSyncExternalStore(sight.watch, () => sight.ts);
  const { from, to } = sight.window(view, serverNow());
  const [low, high] = extentOf(track, from, to) ?? [0, 0];
  const value = ts === null ? (track.size > 0 ? track.mean[track.end - 1] : undefined) : pointAt(track, ts)?.value;
  return <span><Dash look={look} /> {machine} · {name} <b>{valueText(value, digitsOf(sensor, high - low))} {unit}</b></span>;
}
