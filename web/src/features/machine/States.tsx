/** What states and switches said in the last hours, each as a strip below the other, on one scale of time. */

import type { Sensor } from "@/shared/api/types";
import { useNow } from "@/shared/live/hooks";
import { LAST_HOURS_MS } from "@/shared/states/lastHours";
import { StateBar } from "@/shared/states/StateBar";
import { Times } from "@/shared/states/Times";
import { PlantLink } from "@/shared/ui/PlantLink";
import css from "./States.module.css";

const STEP_MS = 30_000;

export function States({ sensors }: { sensors: readonly Sensor[] }) {
  const now = useNow(STEP_MS);
  return (
    <div className={css["states"]}>
      {sensors.map((sensor) => (
        <div key={sensor.key} className={css["row"]}>
          <PlantLink path={sensor.path} className={css["name"]}>{sensor.name || sensor.key}</PlantLink>
          <StateBar sensor={sensor.path} named />
        </div>
      ))}
      <div className={css["row"]} aria-hidden="true"><span /><div className={css["times"]}><Times window={{ from: now - LAST_HOURS_MS, to: now }} now={now} /></div></div>
    </div>
  );
}
