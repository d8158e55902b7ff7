/** Annunciations over time as stacked bars, the most severe on top, against what one operator can see to. */

import type { Kpis } from "@/shared/api/types";
import { countText, valueText } from "@/shared/format/number";
import { durationMs, fullTimeText, widthText } from "@/shared/format/time";
import { SEVERITIES } from "@/shared/plant/condition";
import { listText } from "@/shared/texts/catalogue";
import { levelText } from "@/shared/ui/Mark";
import css from "./AnnunciationChart.module.css";
import { barsOf, roofOf, targetOf, type Bar } from "./figures";
import { texts } from "./texts";

const HEIGHT = 100;

const spoken = (bar: Bar): string =>
  `${fullTimeText(bar.at)}: ${countText(bar.total)}${bar.parts.length ? ` (${listText(bar.parts.map((p) => `${p.count} ${levelText(p.severity)}`))})` : ""}`;

/** Bars begin at whole minutes. */
const minuteText = (ms: number): string => fullTimeText(ms).replace(/:00(?!:)/, "");

export function AnnunciationChart({ chart: { points, resolution } }: Pick<Kpis, "chart">) {
  const { bars, most } = barsOf(points);
  const width = durationMs(resolution);
  const target = targetOf(width);
  const roof = roofOf(Math.max(most, target));
  const [first, last] = [bars[0], bars.at(-1)];
  const fullest = bars.reduce<Bar | undefined>((found, bar) => (!found || bar.total > found.total ? bar : found), undefined);
  const y = (count: number): number => (count / roof) * HEIGHT;
  if (!first || !last || !fullest) return null;
  const say = texts();
  return (
    <figure className={css["chart"]}>
      <div className={css["scale"]} aria-hidden><span>{countText(roof)}</span><span>{roof >= 2 && countText(roof / 2)}</span><span>0</span></div>
      <svg className={css["bars"]} viewBox={`0 0 ${bars.length} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={say.chart(widthText(width), bars.length, fullTimeText(first.at), spoken(fullest))}>
        <line className={css["line"]} x1="0" x2={bars.length} y1={HEIGHT / 2} y2={HEIGHT / 2} />
        {bars.map((bar, i) => bar.total > 0 && (
          <g key={bar.at}>
            <title>{spoken(bar)}</title>
            {bar.parts.map(({ severity, from, count }) => (
              <rect key={severity} className={css[severity]} x={i + 0.08} width={0.84} y={HEIGHT - y(from + count)} height={y(count)} />
            ))}
          </g>
        ))}
        <line className={css["target"]} x1="0" x2={bars.length} y1={HEIGHT - y(target)} y2={HEIGHT - y(target)} />
      </svg>
      <div className={css["times"]} aria-hidden><span>{minuteText(first.at)}</span><span>{say.eachBar(widthText(width))}</span><span>{minuteText(last.at)}</span></div>
      <ul className={css["legend"]} aria-hidden>
        {SEVERITIES.map((severity) => <li key={severity}><i className={css[severity]} />{levelText(severity)}</li>)}
        <li><i className={css["dashes"]} />{say.targetLine(valueText(target, target < 10 && !Number.isInteger(target) ? 1 : 0))}</li>
      </ul>
    </figure>
  );
}
