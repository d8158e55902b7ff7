/** How the values of the range on screen are spread, and what they come to; asked for only once it is opened. */

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { get } from "@/shared/api/http";
import type { Histogram, Sensor, Stats } from "@/shared/api/types";
import { namesOf } from "@/shared/chart/overlay";
import { ticksOf } from "@/shared/chart/rounded";
import { texts as chartTexts } from "@/shared/chart/texts";
import { windowOf } from "@/shared/chart/window";
import { serverNow } from "@/shared/clock";
import { digitsOf } from "@/shared/format/digits";
import { countText, shareText, valueText } from "@/shared/format/number";
import { lengthText } from "@/shared/format/time";
import { unitText } from "@/shared/format/units";
import type { View } from "@/shared/plant/view";
import { Loaded, Note, Panel } from "@/shared/ui/Page";
import { barsOf } from "./bins";
import css from "./Distribution.module.css";
import { texts } from "./texts";

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
        <summary><h2>{texts().distribution}</h2></summary>
        {open && (
          <Loaded query={query}>
            {({ stats, histogram }) => stats.count === 0 ? <Note>{chartTexts().noValue}</Note> : (
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

const madeOf = (tier: string): string => (tier === "1m" ? ` · ${texts().minuteMeans}` : tier === "1h" ? ` · ${texts().hourMeans}` : "");

function Bars({ histogram, sensor }: { histogram: Histogram; sensor: Sensor }) {
  const bars = barsOf(histogram);
  const low = histogram.edges[0] ?? 0;
  const high = histogram.edges.at(-1) ?? 1;
  if (bars.every((bar) => bar.height === 0)) return <Note>{chartTexts().noValue}</Note>;
  const at = (value: number): number => (100 * (value - low)) / (high - low);
  const { ticks, decimals } = ticksOf(low, high, 8);
  const unit = unitText(sensor.unit);
  const digits = digitsOf(sensor, high - low) + 1;
  const limits = namesOf(sensor.limits ?? {}).filter(({ limit }) => limit > low && limit < high);
  return (
    <figure className={css["figure"]}>
      <div className={css["names"]} aria-hidden>
        {limits.map(({ limit, name }) => <span key={name} style={{ left: `${at(limit)}%` }}>{name}</span>)}
      </div>
      <svg className={css["bars"]} viewBox="0 0 100 100" preserveAspectRatio="none" role="img" aria-label={texts().distributionOf(sensor.name || sensor.key)}>
        {bars.map((bar) => (
          <g key={bar.from}>
            <rect className={css["bar"]} x={at(bar.from)} width={at(bar.to) - at(bar.from)} y={100 - 100 * bar.height} height={100 * bar.height} />
            <rect className={css["touch"]} x={at(bar.from)} width={at(bar.to) - at(bar.from)} y="0" height="100">
              <title>{texts().heldFor(valueText(bar.from, digits), valueText(bar.to, digits), unit, lengthText(bar.seconds * 1000), shareText(bar.share))}</title>
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
        {unit && `${unit} · `}{texts().height}{madeOf(histogram.tier)}
      </figcaption>
    </figure>
  );
}

function Figures({ stats, sensor }: { stats: Stats; sensor: Sensor }) {
  const unit = unitText(sensor.unit);
  const words = texts().figures;
  const digits = digitsOf(sensor, (stats.max ?? 0) - (stats.min ?? 0)) + 1;
  const show = (v: number | null): string => (v === null ? "–" : `${valueText(v, digits)} ${unit}`);
  const rows: [name: string, value: string, meaning?: string][] = [
    [words.mean, show(stats.twa), words.meanMeaning],
    ...(stats.median === null ? [] : [[words.median, show(stats.median), words.medianMeaning] as [string, string, string]]),
    [words.stddev, show(stats.stddev)],
    [words.least, show(stats.min)],
    [words.greatest, show(stats.max)],
    [words.samples, countText(stats.count)],
    [words.good, stats.good === null ? "–" : `${valueText(stats.good, stats.good === 100 ? 0 : 2)} %`],
  ];
  return (
    <dl className={css["figures"]}>
      {rows.map(([name, value, meaning]) => (
        <div key={name} title={meaning}><dt>{name}</dt><dd>{value}</dd></div>
      ))}
    </dl>
  );
}
