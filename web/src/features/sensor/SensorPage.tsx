/** One sensor: where it stands now, and its trend from seconds to years. */

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { all } from "@/shared/api/http";
import type { Alarm, Sensor } from "@/shared/api/types";
import { useOpenAlarms } from "@/shared/alarms/feed";
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
import { TraceDialog } from "./TraceDialog";
import type { Traced } from "./trace";

export interface SensorPageProps {
  tree: Tree;
  sensor: Sensor;
  view: View;
  onView: (view: View) => void;
}

/** Alarms of this sensor, past and present; the chart marks where each began. */
function useSensorAlarms(sensor: Sensor): Alarm[] {
  const open = (useOpenAlarms().data ?? []).filter((a) => a.sensor === sensor.path);
  const past = useQuery({
    queryKey: ["alarms", "of", sensor.path, open.map((a) => a.id).join()],
    queryFn: ({ signal }) => all("/api/alerting/v1/alarms", { state: "all", under: parentOf(sensor.path), limit: 200 }, signal, 400),
    select: (alarms) => alarms.filter((a) => a.sensor === sensor.path),
    staleTime: 60_000,
  }).data;
  return past ?? open;
}

export default function SensorPage({ tree, sensor, view, onView }: SensorPageProps) {
  useSeed(parentOf(sensor.path));
  const alarms = useSensorAlarms(sensor);
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
      {open.length > 0 && <Panel title="Open alarms"><AlarmStrip alarms={open} tree={tree} under={sensor.path} /></Panel>}
      {traced && <TraceDialog sensor={sensor} traced={traced} onClose={() => setTraced(null)} />}
    </div>
  );
}
