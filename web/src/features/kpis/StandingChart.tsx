/** How many alarms stood for more than a day, day by day, against what ISA-18.2 allows. */

import type { Kpis } from "@/shared/api/types";
import { countText } from "@/shared/format/number";
import { fullTimeText } from "@/shared/format/time";
import css from "./AnnunciationChart.module.css";
import { roofOf } from "./figures";
import { texts } from "./texts";

const HEIGHT = 100;
/** ISA-18.2-2016: fewer than these, on any day. */
const TOO_MANY = 5;

export function StandingChart({ days }: { days: Kpis["stale_per_day"] }) {
  const [first, last] = [days[0], days.at(-1)];
  if (!first || !last) return null;
  const most = Math.max(...days.map(([, count]) => count));
  const roof = roofOf(Math.max(TOO_MANY * 2, most));
  const y = (count: number): number => HEIGHT - (count / roof) * HEIGHT;
  const { standingHint, standingLabel } = texts();
  const dayText = (ms: number): string => fullTimeText(ms).replace(/[,\s]+\S*$/, "");
  return (
    <>
      <p className={css["soft"]}>{standingHint}</p>
      <figure className={css["chart"]}>
        <div className={css["scale"]} aria-hidden><span>{countText(roof)}</span><span>{countText(roof / 2)}</span><span>0</span></div>
        <svg className={`${css["bars"]} ${css["flat"]}`} viewBox={`0 0 ${days.length} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={standingLabel(days.length, most)}>
          {days.map(([at, count], i) => count > 0 && (
            <rect key={at} className={count < TOO_MANY ? css["calm"] : css["much"]} x={i + 0.1} width={0.8} y={y(count)} height={HEIGHT - y(count)}><title>{dayText(at)}: {countText(count)}</title></rect>
          ))}
          <line className={css["target"]} x1="0" x2={days.length} y1={y(TOO_MANY)} y2={y(TOO_MANY)} />
        </svg>
        <div className={css["times"]} aria-hidden><span>{dayText(first[0])}</span><span>{dayText(last[0])}</span></div>
      </figure>
    </>
  );
}
