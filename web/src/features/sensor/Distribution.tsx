/** How the values of the range on screen are spread, and what they come to; asked for only once it is opened. */

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { get } from "@/shared/api/http";
import type { Histogram, Sensor, Stats } from "@/shared/api/types";
import { serverNow } from "@/shared/clock";
import { countText, shareText, valueText } from "@/shared/format/number";
import { lengthText } from "@/shared/format/time";
import { unitText } from "@/shared/format/units";
import type { View } from "@/shared/plant/view";
import { Loaded, Note, Panel } from "@/shared/ui/Page";
import { barsOf, ticksOf } from "./bins";
import css from "./Distribution.module.css";
import { namesOf } from "./overlay";
import { windowOf } from "@/shared/chart/window";

const BINS = 60;

interface Asked {
  stats: Stats;
  histogram: Histogram;
}

function useDistribution(sensor: Sensor, view: View, open: boolean) {
  return useQuery({
    queryKey: ["distribution", sensor.path, view],
    queryFn: async ({ signal }): Promise<Asked> => {
      const { from, to } = windowOf(view, serverNow());
      const asked = { sensor: sensor.path, from: Math.floor(from), to: Math.ceil(to) };
      const [stats, histogram] = await Promise.all([
        get("/api/query/v1/stats", asked, signal),
        get("/api/query/v1/histogram", { ...asked, bins: BINS }, signal),
      ]);
      return { stats, histogram };
    },
    enabled: open,
    placeholderData: (old) => old,
    refetchInterval: view.from === undefined ? 60_000 : false,
  });
}

export function Distribution({ sensor, view }: { sensor: Sensor; view: View }) {
  const [open, setOpen] = useState(false);
  const query = useDistribution(sensor, view, open);
  return (
    <Panel>
      <details className={css["details"]} open={open} onToggle={(e) => setOpen(e.currentTarget.open)}>
        <summary><h2>Distribution</h2></summary>
        {open && (
          <Loaded query={query}>
            {({ stats, histogram }) => stats.count === 0 ? <Note>No value in this range.</Note> : (
              <div className={css["body"]}>
                <Bars histogram={histogram} sensor={sensor} />
                <Figures stats={stats} sensor={sensor} />
              </div>
            )}
          </Loaded>
        )}
      </details>
    </Panel>
  );
}

const MADE_OF: Record<string, string> = { "1m": "means of minutes", "1h": "means of hours" };

function Bars({ histogram, sensor }: { histogram: Histogram; sensor: Sensor }) {
  const bars = barsOf(histogram);
  const low = histogram.edges[0] ?? 0;
  const high = histogram.edges.at(-1) ?? 1;
  if (bars.every((bar) => bar.height === 0)) return <Note>No value in this range.</Note>;
  const at = (value: number): number => (100 * (value - low)) / (high - low);
  const { ticks, decimals } = ticksOf(low, high, 8);
  const unit = unitText(sensor.unit);
  const limits = namesOf(sensor.limits ?? {}).filter(({ limit }) => limit > low && limit < high);
  return (
    <figure className={css["figure"]}>
      <div className={css["names"]} aria-hidden>
        {limits.map(({ limit, name }) => <span key={name} style={{ left: `${at(limit)}%` }}>{name}</span>)}
      </div>
      <svg className={css["bars"]} viewBox="0 0 100 100" preserveAspectRatio="none" role="img" aria-label={`Distribution of ${sensor.name || sensor.key}`}>
        {bars.map((bar) => (
          <g key={bar.from}>
            <rect className={css["bar"]} x={at(bar.from)} width={at(bar.to) - at(bar.from)} y={100 - 100 * bar.height} height={100 * bar.height} />
            <rect className={css["touch"]} x={at(bar.from)} width={at(bar.to) - at(bar.from)} y="0" height="100">
              <title>{`${valueText(bar.from, sensor.decimals + 1)} to ${valueText(bar.to, sensor.decimals + 1)} ${unit}: ${lengthText(bar.seconds * 1000)}, ${shareText(bar.share)}`}</title>
            </rect>
          </g>
        ))}
        {limits.map(({ limit, name, outer }) => (
          <line key={name} className={outer ? css["outer"] : css["limit"]} x1={at(limit)} x2={at(limit)} y1="0" y2="100" />
        ))}
      </svg>
      <div className={css["ticks"]} aria-hidden>
        {ticks.map((tick) => <span key={tick} style={{ left: `${at(tick)}%` }}>{valueText(tick, decimals)}</span>)}
      </div>
      <figcaption>
        {unit && `${unit} · `}height: how long a value held{MADE_OF[histogram.tier] ? ` · ${MADE_OF[histogram.tier]}` : ""}
      </figcaption>
    </figure>
  );
}

function Figures({ stats, sensor }: { stats: Stats; sensor: Sensor }) {
  const unit = unitText(sensor.unit);
  const show = (v: number | null): string => (v === null ? "–" : `${valueText(v, sensor.decimals + 1)} ${unit}`);
  const rows: [name: string, value: string, meaning?: string][] = [
    ["Mean", show(stats.twa), "Time-weighted: a value counts as long as it held"],
    ["Median", show(stats.median), "Of at most 50,000 samples"],
    ["Standard deviation", show(stats.stddev)],
    ["Least", show(stats.min)],
    ["Greatest", show(stats.max)],
    ["Samples", countText(stats.count)],
    ["Good quality", stats.good === null ? "–" : `${valueText(stats.good, stats.good === 100 ? 0 : 2)} %`],
  ];
  return (
    <dl className={css["figures"]}>
      {rows.filter(([name]) => name !== "Median" || stats.median !== null).map(([name, value, meaning]) => (
        <div key={name} title={meaning}><dt>{name}</dt><dd>{value}</dd></div>
      ))}
    </dl>
  );
}
