/** A figure beside its target on one scale: the bar is the value, the ticks what is good and what can still be managed. */

import type { Kpi } from "@/shared/api/types";
import { gaugeOf } from "./targets";
import css from "./TargetBar.module.css";

const WIDTH = 100;

export function TargetBar({ kpi }: { kpi: Kpi }) {
  const gauge = gaugeOf(kpi);
  if (!gauge) return null;
  const [value, good, bearable] = [gauge.value, gauge.good, gauge.bearable].map((part) => part * WIDTH) as [number, number, number];
  const rating = kpi.rating ?? "none";
  return (
    <svg className={css["bar"]} viewBox={`0 0 ${WIDTH} 20`} preserveAspectRatio="none" aria-hidden>
      <rect className={css["scale"]} x="0" y="4" width={WIDTH} height="12" />
      <rect className={css["reached"]} x={Math.min(good, bearable)} y="4" width={Math.abs(bearable - good)} height="12" />
      <rect className={css[rating]} x="0" y="6.5" width={value} height="7" />
      <line className={css["tick"]} x1={good} x2={good} y1="1" y2="19" />
    </svg>
  );
}
