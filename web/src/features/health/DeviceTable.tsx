/** What came from each part of the plant, and what became of it; a row unfolds to its machines. */

import { ChevronDown, ChevronRight } from "lucide-react";
import { useState } from "react";
import { countOf } from "@/shared/format/number";
import { useNow } from "@/shared/live/hooks";
import { Button } from "@/shared/ui/Button";
import { Path } from "@/shared/ui/Path";
import { PlantLink } from "@/shared/ui/PlantLink";
import { Table } from "@/shared/ui/Table";
import { CountCells } from "./CountCells";
import css from "./HealthPage.module.css";
import { MachineRows } from "./MachineRows";
import type { DeviceLine } from "./types";

const num = (text: string) => ({ text, look: "num" as const });
const HEAD = ["Part of the plant (device)", num("Received"), num("Stored"), num("Under way"), num("Dead letters"), num("Duplicates"), num("Missing"), num("Last heard")];

export function DeviceTable({ items }: { items: readonly DeviceLine[] }) {
  const now = useNow(1_000);
  return (
    <>
      <p className={css["hint"]}>MQTT does not tell who published: a row belongs to the device with the narrowest part of the plant around the machine.</p>
      <Table head={HEAD} label="Ledger by part of the plant">
        {items.map((line) => <Rows key={line.device_ids.join() || line.device || "nobody"} line={line} now={now} />)}
      </Table>
    </>
  );
}

function Rows({ line, now }: { line: DeviceLine; now: number }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <tr>
        <td>
          <div className={css["part"]}>
            <Button look="quiet" aria-expanded={isOpen} aria-label={`Machines of ${line.device || "no device"}, ${isOpen ? "fold" : "unfold"}`} onClick={() => setOpen(!isOpen)}>
              {isOpen ? <ChevronDown size={18} aria-hidden /> : <ChevronRight size={18} aria-hidden />}
            </Button>
            <Place line={line} />
          </div>
        </td>
        <CountCells line={line} now={now} units />
      </tr>
      {isOpen && <MachineRows line={line} now={now} />}
    </>
  );
}

function Place({ line: { scope, device, machines } }: { line: DeviceLine }) {
  if (scope === null) return <div><b>Outside every device's part</b><small>{`${countOf(machines, "machine")} for which no device speaks`}</small></div>;
  return (
    <div>
      <b>{scope ? <PlantLink path={scope}><Path text={scope} /></PlantLink> : "The whole plant"}</b>
      <small>{device} · <span className={css["whole"]}>{countOf(machines, "machine")}</span></small>
    </div>
  );
}
