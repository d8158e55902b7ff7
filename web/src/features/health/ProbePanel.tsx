/** How long a reading takes: a canary every five seconds, timed to the broker, the store and the live feed. */

import { useQuery } from "@tanstack/react-query";
import { get } from "@/shared/api/http";
import { seriesOfMany } from "@/shared/api/series";
import { useNow } from "@/shared/live/hooks";
import { Mark } from "@/shared/ui/Mark";
import { Loaded, Panel } from "@/shared/ui/Page";
import { PlantLink } from "@/shared/ui/PlantLink";
import { Sparkline, type Spark } from "@/shared/ui/Sparkline";
import css from "./HealthPage.module.css";
import { nowText } from "./now";
import { secondsText } from "./seconds";
import type { Hop, HopTimes } from "./types";

export const PROBER = "andon/platform/pipeline/prober";
const SPARK_MS = 600_000;
const GAP_MS = 30_000;
const HOPS: readonly [Hop, string, string][] = [
  ["broker", "Broker", "it has the message on disk"],
  ["live", "Live feed", "a page shows the value"],
  ["stored", "InfluxDB", "it can be read as history"],
];

/** The last ten minutes of each hop, by the path of its sensor. */
function useTrends(): ReadonlyMap<string, Spark> {
  const names = HOPS.map(([hop]) => `${PROBER}/${hop}`);
  const trends = useQuery({
    queryKey: ["probe", "trends"],
    queryFn: ({ signal }) => seriesOfMany(names, { from: "-10m", points: 150 }, signal),
    refetchInterval: 15_000,
  });
  return new Map((trends.data ?? []).map(({ sensor, points }) => [sensor, points.filter((p): p is [number, number] => typeof p[1] === "number")]));
}

export function ProbePanel() {
  const probe = useQuery({ queryKey: ["probe"], queryFn: ({ signal }) => get("/api/ingest/v1/probe", {}, signal), refetchInterval: 2_000 });
  const trends = useTrends();
  const now = useNow(5_000);
  // What was measured before the connection was lost must not read as measured now.
  const shown = probe.error ? { ...probe, data: undefined } : probe;
  return (
    <Panel title="How long a reading takes">
      <Loaded query={shown}>
        {(found) => (
          <>
            {found.trouble && <p className={css["trouble"]} role="status"><Mark level="fault" size={20} label="" />{found.trouble[0]?.toUpperCase()}{found.trouble.slice(1)}.</p>}
            <div className={css["hopHead"]} aria-hidden="true"><span>Until</span><span>Now</span><span>Median</span><span>99 %</span><span>Last 10 minutes</span></div>
            <ul className={css["hops"]}>
              {HOPS.map(([hop, name, meaning]) => (
                <li key={hop}>
                  <PlantLink path={`${PROBER}/${hop}`} className={css["hop"]}><b>{name}</b><small>{meaning}</small></PlantLink>
                  <Times now={nowText(hop, found)} times={found.hops[hop]} />
                  <Sparkline points={trends.get(`${PROBER}/${hop}`) ?? []} from={now - SPARK_MS} to={now} gapMs={GAP_MS} />
                </li>
              ))}
            </ul>
          </>
        )}
      </Loaded>
    </Panel>
  );
}

const Times = ({ now, times }: { now: string; times: HopTimes | undefined }) => (
  <>
    <span className={css["now"]}><span className="visually-hidden">now </span>{now}</span>
    <span className={css["time"]}><span className="visually-hidden">median </span>{secondsText(times?.p50)}</span>
    <span className={css["time"]}><span className="visually-hidden">99 % within </span>{secondsText(times?.p99)}</span>
  </>
);
