/** One machine: every sensor with its value now, its limits, its last minutes; and what is wrong with it. */

import { ExportButton } from "@/shared/export/ExportButton";
import { ImportButton } from "@/shared/imports/ImportButton";
import { serverNow } from "@/shared/clock";
import { useOpenAlarms } from "@/shared/alarms/feed";
import { useWant } from "@/shared/live/hooks";
import { byUrgency } from "@/shared/plant/condition";
import { useMachineText } from "@/shared/plant/machineText";
import { useConditions, useSeed } from "@/shared/plant/queries";
import { isBelow, type Node, type Tree } from "@/shared/plant/tree";
import { AlarmStrip } from "@/shared/alarms/AlarmStrip";
import { PlantTrail } from "@/shared/ui/Breadcrumb";
import { levelText, Mark } from "@/shared/ui/Mark";
import { Doing, Note, PageHead, Panel } from "@/shared/ui/Page";
import css from "./MachinePage.module.css";
import { SensorRow } from "./SensorRow";
import { useSparks } from "./sparks";

const DAY = 86_400_000;

export function MachinePage({ tree, machine }: { tree: Tree; machine: Node }) {
  useSeed(machine.path);
  useWant(machine.path, 4);
  const sensors = machine.sensors ?? [];
  const sparks = useSparks(sensors);
  const own = useConditions(tree).get(machine.path);
  const worst = own?.worstAlarm;
  const text = useMachineText(machine, own, worst && `${levelText(worst.severity)} alarm`);
  const alarms = (useOpenAlarms().data ?? []).filter((a) => isBelow(a.sensor, machine.path)).sort(byUrgency);
  const level = own?.level ?? "empty";
  const labels = Object.entries(machine.labels ?? {}).map(([k, v]) => `${k} ${v}`);
  const hint = [machine.type || "machine", ...labels, machine.path].join(" · ");
  return (
    <>
      <PlantTrail tree={tree} path={machine.path} />
      <PageHead title={machine.name} hint={hint} mark={<Mark level={level} calling={Boolean(own?.unacknowledged)} size={32} />}>
        <p className={`${css["state"]} current`}>{text}</p>
        {sensors.length > 0 && (
          <Doing>
            <ExportButton what={{ under: machine.path }} numbers={sensors.some((s) => s.datatype === "float")}
              stretch={() => ({ from: serverNow() - DAY, to: serverNow() })} />
            <ImportButton machine={machine.path} />
          </Doing>
        )}
      </PageHead>
      {alarms.length > 0 && <Panel title="Open alarms"><AlarmStrip alarms={alarms} tree={tree} under={machine.path} /></Panel>}
      <Panel>
        {sensors.length === 0 && <Note>This machine has no sensors yet. Give it a type, or sensors of its own, in the plant file.</Note>}
        {sensors.length > 0 && (
          <div className={css["head"]} aria-hidden="true">
            <span>Sensor</span><span>Between its limits</span><span>Now</span><span>Last 10 minutes</span><span>Age</span>
          </div>
        )}
        <ul>
          {sensors.map((sensor) => (
            <li key={sensor.key}>
              <SensorRow sensor={sensor} history={sparks.get(sensor.path)} alarm={alarms.find((a) => a.sensor === sensor.path)} />
            </li>
          ))}
        </ul>
      </Panel>
    </>
  );
}
