/** One sensor: where it stands now, and its trend from seconds to years. */

import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { get } from "@/shared/api/http";
import type { Alarm, Sensor } from "@/shared/api/types";
import { ALARMS, useOpenAlarms } from "@/shared/alarms/feed";
import { windowOf } from "@/shared/chart/window";
import { serverNow } from "@/shared/clock";
import { byUrgency } from "@/shared/plant/condition";
import { useSeed } from "@/shared/plant/queries";
import { parentOf, type Tree } from "@/shared/plant/tree";
import type { View } from "@/shared/plant/view";
import { AlarmStrip } from "@/shared/alarms/AlarmStrip";
import { PlantTrail } from "@/shared/ui/Breadcrumb";
import { Mark } from "@/shared/ui/Mark";
import { Panel } from "@/shared/ui/Page";
import { Distribution } from "./Distribution";
import { NumberTrend } from "./NumberTrend";
import { SensorHead } from "./SensorHead";
import css from "./SensorPage.module.css";
import { StateTrend } from "./StateTrend";
import { texts } from "./texts";
import { TraceDialog } from "./TraceDialog";
import type { Traced } from "./trace";

export interface SensorPageProps {
  tree: Tree;
  sensor: Sensor;
  view: View;
  onView: (view: View) => void;
}

const WEEK_MS = 7 * 86_400_000;
const MOST_ALARMS = 500;

/** Alarms of this sensor that reach into what is on screen, as far as they were raised within a week before; and those that are open. */
function useSensorAlarms(sensor: Sensor, view: View): Alarm[] {
  const all = useOpenAlarms().data;
  const open = useMemo(() => (all ?? []).filter((a) => a.sensor === sensor.path), [all, sensor.path]);
  const past = useQuery({
    queryKey: ["alarms", "of", sensor.path, view, open.map((a) => [a.id, a.state]).join()],
    queryFn: ({ signal }) => {
      const { from, to, live } = windowOf(view, serverNow());
      return get(ALARMS, { state: "all", under: sensor.path, from: Math.floor(from - WEEK_MS), ...(!live && { to: Math.ceil(to) }), limit: MOST_ALARMS }, signal);
    },
    placeholderData: (old) => old,
    staleTime: 60_000,
  }).data;
  return useMemo(() => {
    const found = new Map((past?.items ?? []).map((alarm) => [alarm.id, alarm]));
    for (const alarm of open) found.set(alarm.id, alarm);
    return [...found.values()];
  }, [past, open]);
}

export default function SensorPage({ tree, sensor, view, onView }: SensorPageProps) {
  useSeed(parentOf(sensor.path));
  const alarms = useSensorAlarms(sensor, view);
  const [traced, setTraced] = useState<Traced | null>(null);
  const open = (useOpenAlarms().data ?? []).filter((a) => a.sensor === sensor.path).sort(byUrgency);
  return (
    <div className={css["page"]}>
      <PlantTrail tree={tree} path={sensor.path} />
      <SensorHead sensor={sensor} machine={tree.byPath.get(parentOf(sensor.path))?.name ?? ""}
        view={view} onTrace={setTraced} mark={open[0] && <Mark level={open[0].severity} size={30} />} />
      {sensor.datatype === "float"
        ? <NumberTrend sensor={sensor} view={view} onView={onView} alarms={alarms} onTrace={setTraced} />
        : <StateTrend key={sensor.path} sensor={sensor} view={view} onView={onView} onTrace={setTraced} />}
      {sensor.datatype === "float" && <Distribution key={sensor.path} sensor={sensor} view={view} />}
      {open.length > 0 && <Panel title={texts().openAlarms}><AlarmStrip alarms={open} tree={tree} under={sensor.path} /></Panel>}
      {traced && <TraceDialog sensor={sensor} traced={traced} onClose={() => setTraced(null)} />}
    </div>
  );
}
