/** One machine: what is wrong with it, what its type wants to be seen, who is called for it, and what one reads about it. */

import { ExportButton } from "@/shared/export/ExportButton";
import { ImportButton } from "@/features/imports/ImportButton";
import { serverNow } from "@/shared/clock";
import { useOpenAlarms } from "@/shared/alarms/feed";
import { useWant } from "@/shared/live/hooks";
import { byUrgency } from "@/shared/plant/condition";
import { useMachineText } from "@/shared/plant/machineText";
import { useConditions, useSeed, useTypes, type MachineType } from "@/shared/plant/queries";
import { isBelow, type Node, type Tree } from "@/shared/plant/tree";
import { AlarmStrip } from "@/shared/alarms/AlarmStrip";
import { PlantTrail } from "@/shared/ui/Breadcrumb";
import { levelText, Mark } from "@/shared/ui/Mark";
import { Doing, Note, PageHead, Panel } from "@/shared/ui/Page";
import { Path } from "@/shared/ui/Path";
import { LastAlarms } from "./LastAlarms";
import css from "./MachinePage.module.css";
import { OnCallPanel } from "./OnCallPanel";
import { Papers } from "./Papers";
import { SectionPanel } from "./SectionPanel";
import { sectionsOf } from "./sections";
import { texts } from "./texts";
import { WaysOn } from "./WaysOn";

const DAY = 86_400_000;

export function MachinePage({ tree, machine }: { tree: Tree; machine: Node }) {
  useSeed(machine.path);
  useWant(machine.path, 4);
  const alarms = (useOpenAlarms().data ?? []).filter((a) => isBelow(a.sensor, machine.path)).sort(byUrgency);
  const type = useTypes().get(machine.type ?? "");
  return (
    <>
      <PlantTrail tree={tree} path={machine.path} />
      <Head tree={tree} machine={machine} type={type} />
      {alarms.length > 0 && <Panel title={texts().openAlarms}><AlarmStrip alarms={alarms} tree={tree} under={machine.path} /></Panel>}
      <div className={css["columns"]} data-below={alarms.length > 0}>
        <div>
          {machine.sensors.length === 0 && <Panel><Note>{texts().noSensors}</Note></Panel>}
          {sectionsOf(machine.sensors, type).map((section, i, all) => (
            <SectionPanel key={`${section.show} ${section.title} ${i}`} section={section} isRest={i > 0 && i === all.length - 1 && !section.title && section.show === "bars"} alarms={alarms} />
          ))}
        </div>
        <div>
          <OnCallPanel machine={machine} />
          <LastAlarms machine={machine.path} open={alarms.length} />
          <Papers machine={machine} type={type} />
        </div>
      </div>
    </>
  );
}

function Head({ tree, machine, type }: { tree: Tree; machine: Node; type: MachineType | undefined }) {
  const own = useConditions(tree).get(machine.path);
  const worst = own?.worstAlarm;
  const text = useMachineText(machine, own, worst && texts().alarmOf(levelText(worst.severity)));
  return (
    <PageHead title={machine.name} hint={<>{type?.name || machine.type || texts().machine} · <Path text={machine.path} /></>}
      mark={<Mark level={own?.level ?? "empty"} calling={Boolean(own?.unacknowledged)} size={32} />}>
      <p className={`${css["state"]} current`}>{text}</p>
      <Doing>
        <WaysOn machine={machine} type={type} />
        {machine.sensors.length > 0 && (
          <>
            <ExportButton what={{ under: machine.path }} numbers={machine.sensors.some((s) => s.datatype === "float")}
              stretch={() => ({ from: serverNow() - DAY, to: serverNow() })} />
            <ImportButton machine={machine.path} />
          </>
        )}
      </Doing>
    </PageHead>
  );
}
