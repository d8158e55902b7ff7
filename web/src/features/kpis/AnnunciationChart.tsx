/** Annunciations over time as stacked bars, the most severe on top. */

import type { Kpis } from "@/shared/api/types";
import { countOf, countText } from "@/shared/format/number";
import { durationMs, fullTimeText, widthText } from "@/shared/format/time";
import { levelText } from "@/shared/ui/Mark";
import css from "./AnnunciationChart.module.css";
import { barsOf, roofOf, type Bar } from "./figures";

const HEIGHT = 100;

const spoken = (bar: Bar): string =>
  `${fullTimeText(bar.at)}: ${countText(bar.total)}${bar.parts.length ? ` (${bar.parts.map((p) => `${p.count} ${levelText(p.severity).toLowerCase()}`).join(", ")})` : ""}`;

export function AnnunciationChart({ chart: { points, resolution } }: Pick<Kpis, "chart">) {
  const { bars, most } = barsOf(points);
  const roof = roofOf(most);
  const [first, last] = [bars[0], bars.at(-1)];
  const fullest = bars.reduce<Bar | undefined>((found, bar) => (!found || bar.total > found.total ? bar : found), undefined);
  const y = (count: number): number => (count / roof) * HEIGHT;
  if (!first || !last || !fullest) return null;
  const label = `Annunciations in each ${widthText(durationMs(resolution))}, ${countOf(bars.length, "bar")} from ${fullTimeText(first.at)}; the fullest ${spoken(fullest)}`;
  return (
    <figure className={css["chart"]}>
      <div className={css["scale"]} aria-hidden><span>{countText(roof)}</span><span>{roof >= 2 && countText(roof / 2)}</span><span>0</span></div>
      <svg className={css["bars"]} viewBox={`0 0 ${bars.length} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={label}>
        <line className={css["line"]} x1="0" x2={bars.length} y1={HEIGHT / 2} y2={HEIGHT / 2} />
        {bars.map((bar, i) => bar.total > 0 && (
          <g key={bar.at}>
            <title>{spoken(bar)}</title>
            {bar.parts.map(({ severity, from, count }) => (
              <rect key={severity} className={css[severity]} x={i + 0.08} width={0.84} y={HEIGHT - y(from + count)} height={y(count)} />
            ))}
          </g>
        ))}
      </svg>
      <div className={css["times"]} aria-hidden><span>{fullTimeText(first.at)}</span><span>each bar {widthText(durationMs(resolution))}</span><span>{fullTimeText(last.at)}</span></div>
      <ul className={css["legend"]} aria-hidden>
        {(["critical", "high", "medium", "low"] as const).map((severity) => <li key={severity}><i className={css[severity]} />{levelText(severity)}</li>)}
      </ul>
    </figure>
  );
}
