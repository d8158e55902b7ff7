/** How long a reading takes: a canary every five seconds, timed to the broker, the store and the live feed. */

import { useQuery } from "@tanstack/react-query";
import { seriesOfMany } from "@/shared/api/series";
import { useNow } from "@/shared/live/hooks";
import { Mark } from "@/shared/ui/Mark";
import { Loaded, Panel } from "@/shared/ui/Page";
import { PlantLink } from "@/shared/ui/PlantLink";
import { Sparkline, type Spark } from "@/shared/ui/Sparkline";
import css from "./HealthPage.module.css";
import { nowText } from "./now";
import { secondsText } from "./seconds";
import { texts } from "./texts";
import type { Hop, HopTimes } from "./types";
import { useProbe } from "./useHealth";

export const PROBER = "andon/platform/pipeline/prober";
const SPARK_MS = 600_000;
const GAP_MS = 30_000;
const HOPS: readonly Hop[] = ["broker", "live", "stored"];

/** The last ten minutes of each hop, by the path of its sensor. */
function useTrends(): ReadonlyMap<string, Spark> {
  const names = HOPS.map((hop) => `${PROBER}/${hop}`);
  const trends = useQuery({
    queryKey: ["probe", "trends"],
    queryFn: ({ signal }) => seriesOfMany(names, { from: "-10m", points: 150 }, signal),
    refetchInterval: 15_000,
  });
  return new Map((trends.data ?? []).map(({ sensor, points }) => [sensor, points.filter((p): p is [number, number] => typeof p[1] === "number")]));
}

export function ProbePanel() {
  const t = texts();
  const probe = useProbe(true);
  const trends = useTrends();
  const now = useNow(5_000);
  return (
    <Panel title={t.probe}>
      <Loaded query={probe}>
        {(found) => (
          <>
            {found.trouble && <p className={css["trouble"]} role="status"><Mark level="fault" size={20} label="" />{found.trouble[0]?.toUpperCase()}{found.trouble.slice(1)}.</p>}
            <div className={css["hopHead"]} aria-hidden="true"><span>{t.until}</span><span>{t.now}</span><span>{t.median}</span><span>{t.p99}</span><span>{t.tenMinutes}</span></div>
            <ul className={css["hops"]}>
              {HOPS.map((hop) => (
                <li key={hop}>
                  <PlantLink path={`${PROBER}/${hop}`} className={css["hop"]}><b>{t.hops[hop]}</b><small>{t.hopMeans[hop]}</small></PlantLink>
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
    <span className={css["now"]}><span className="visually-hidden">{texts().nowSpoken} </span>{now}</span>
    <span className={css["time"]}><span className="visually-hidden">{texts().medianSpoken} </span>{secondsText(times?.p50)}</span>
    <span className={css["time"]}><span className="visually-hidden">{texts().p99Spoken} </span>{secondsText(times?.p99)}</span>
  </>
);
