/** The machines of one row of the ledger, each with the numbers that never came. */

import { useQuery } from "@tanstack/react-query";
import { all, get } from "@/shared/api/http";
import { isBelow } from "@/shared/plant/tree";
import { Failure } from "@/shared/ui/Page";
import { Path } from "@/shared/ui/Path";
import { PlantLink } from "@/shared/ui/PlantLink";
import { words } from "@/shared/ui/texts";
import { CountCells } from "./CountCells";
import { gapsText } from "./gaps";
import css from "./HealthPage.module.css";
import { texts } from "./texts";
import type { DeviceLine, MachineLine } from "./types";

const MACHINES = "/api/ingest/v1/ledger/machines";
const MOST_SHOWN = 200;
/** Of the whole plant, to find those for which no device speaks. */
const MOST_READ = 5_000;
const ITSELF = "andon";
const COLUMNS = 8;

/** Devices that share a part of the plant share its machines: one of them is asked for. */
async function machinesOf({ device_ids: [device], scope }: DeviceLine, signal: AbortSignal): Promise<MachineLine[]> {
  if (device) return (await get(MACHINES, { device, limit: MOST_SHOWN }, signal)).items;
  if (scope !== null) return (await get(MACHINES, { under: scope, limit: MOST_SHOWN }, signal)).items;
  const found = await all(MACHINES, { limit: 1_000 }, signal, MOST_READ);
  return found.filter((line) => !line.device && !isBelow(line.machine, ITSELF)).slice(0, MOST_SHOWN);
}

export function MachineRows({ line, now }: { line: DeviceLine; now: number }) {
  const machines = useQuery({
    queryKey: ["ledger", "machines", line.device_ids[0] ?? line.scope],
    queryFn: ({ signal }) => machinesOf(line, signal),
    refetchInterval: line.scope === null ? 10_000 : 2_000,
  });
  if (machines.error) return <Whole><Failure error={machines.error} retry={() => void machines.refetch()} /></Whole>;
  if (!machines.data) return <Whole>{words().loading}</Whole>;
  return (
    <>
      {machines.data.map((machine) => <Row key={machine.machine} line={machine} now={now} />)}
      {line.machines > machines.data.length && <Whole>{texts().firstOf(machines.data.length, line.machines)}</Whole>}
    </>
  );
}

const Whole = ({ children }: { children: React.ReactNode }) => <tr className={css["machine"]}><td colSpan={COLUMNS}>{children}</td></tr>;

function Row({ line, now }: { line: MachineLine; now: number }) {
  const never = gapsText(line.gaps, line.missing);
  const path = <Path text={line.machine} />;
  return (
    <tr className={css["machine"]}>
      <td>
        {line.known ? <PlantLink path={line.machine}>{path}</PlantLink> : path}
        {never && <small className={css["never"]}>{never}</small>}
      </td>
      <CountCells line={line} now={now} />
    </tr>
  );
}
