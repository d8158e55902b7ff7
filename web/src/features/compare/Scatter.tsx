/** Two sensors against one another: a point for each stretch of time in which both were measured. */

import { useQuery } from "@tanstack/react-query";
import { get } from "@/shared/api/http";
import { ticksOf } from "@/shared/chart/rounded";
import { windowOf } from "@/shared/chart/window";
import { serverNow } from "@/shared/clock";
import { valueText } from "@/shared/format/number";
import { spanText } from "@/shared/format/time";
import { Loaded, Note } from "@/shared/ui/Page";
import type { Chosen } from "./chosen";
import { boundsOf, pairsOf } from "./pairs";
import css from "./Scatter.module.css";
import { texts } from "./texts";
import type { Comparison } from "./view";

interface Props {
  x: Chosen;
  y: Chosen;
  view: Comparison;
}

const MOST_POINTS = 500;
const MOST_TICKS = 5;
const SIDE = 100;

export function Scatter({ x, y, view: { range, from, to } }: Props) {
  const query = useQuery({
    queryKey: ["scatter", x.path, y.path, range, from, to],
    queryFn: async ({ signal }) => {
      const window = windowOf({ range, from, to }, serverNow());
      const answer = await get("/api/query/v1/series", {
        sensor: [x.path, y.path], from: Math.floor(window.from), to: Math.ceil(window.to), points: MOST_POINTS, agg: "mean", align: true,
      }, signal);
      return { resolution: "resolution" in answer ? answer.resolution : "", pairs: pairsOf(answer) };
    },
  });
  return <Loaded query={query}>{({ pairs, resolution }) => (pairs.length === 0 ? <Note>{texts().noPairs}</Note> : <Points x={x} y={y} pairs={pairs} resolution={resolution} />)}</Loaded>;
}

function Points({ x, y, pairs, resolution }: Omit<Props, "view"> & { pairs: readonly (readonly [number, number])[]; resolution: string }) {
  const [left, right] = boundsOf(pairs.map(([value]) => value));
  const [low, high] = boundsOf(pairs.map(([, value]) => value));
  const across = (value: number): number => ((value - left) / (right - left)) * SIDE;
  const up = (value: number): number => SIDE - ((value - low) / (high - low)) * SIDE;
  const [columns, rows] = [ticksOf(left, right, MOST_TICKS), ticksOf(low, high, MOST_TICKS)];
  const [xName, yName] = [x, y].map(({ machine, name, unit }) => `${machine} ${name}${unit && ` (${unit})`}`);
  return (
    <figure className={css["figure"]}>
      <p className={css["up"]}>{yName}</p>
      <div className={css["plane"]}>
        <div className={css["rows"]} aria-hidden>{rows.ticks.map((tick) => <span key={tick} style={{ top: `${up(tick)}%` }}>{valueText(tick, rows.decimals)}</span>)}</div>
        <svg className={css["points"]} viewBox={`0 0 ${SIDE} ${SIDE}`} role="img" aria-label={texts().scatterOf(xName ?? "", yName ?? "")}>
          {columns.ticks.map((tick) => <line key={`c${tick}`} className={css["rule"]} x1={across(tick)} x2={across(tick)} y1="0" y2={SIDE} />)}
          {rows.ticks.map((tick) => <line key={`r${tick}`} className={css["rule"]} x1="0" x2={SIDE} y1={up(tick)} y2={up(tick)} />)}
          {pairs.map(([a, b], i) => <circle key={i} className={css["point"]} cx={across(a)} cy={up(b)} r="0.8" />)}
        </svg>
        <div className={css["columns"]} aria-hidden>{columns.ticks.map((tick) => <span key={tick} style={{ left: `${across(tick)}%` }}>{valueText(tick, columns.decimals)}</span>)}</div>
      </div>
      <p className={css["across"]}>{xName}</p>
      <figcaption>{texts().buckets(spanText(resolution), pairs.length)}</figcaption>
    </figure>
  );
}
