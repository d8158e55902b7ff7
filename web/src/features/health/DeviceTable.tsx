/** What came from each part of the plant, and what became of it; a row unfolds to its machines. */

import { ChevronDown, ChevronRight } from "lucide-react";
import { useState } from "react";
import { useNow } from "@/shared/live/hooks";
import { texts as plantTexts } from "@/shared/plant/texts";
import { Button } from "@/shared/ui/Button";
import { Path } from "@/shared/ui/Path";
import { PlantLink } from "@/shared/ui/PlantLink";
import { Table } from "@/shared/ui/Table";
import { CountCells } from "./CountCells";
import css from "./HealthPage.module.css";
import { MachineRows } from "./MachineRows";
import { texts } from "./texts";
import type { DeviceLine } from "./types";

const num = (text: string) => ({ text, look: "num" as const });

export function DeviceTable({ items }: { items: readonly DeviceLine[] }) {
  const now = useNow(1_000);
  const { byPart, byPartHint, head: { part, received, stored, underWay, deadLetters, duplicates, missing, heard } } = texts();
  return (
    <>
      <p className={css["hint"]}>{byPartHint}</p>
      <Table head={[part, ...[received, stored, underWay, deadLetters, duplicates, missing, heard].map(num)]} label={byPart}>
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
            <Button look="quiet" aria-expanded={isOpen} aria-label={texts().machinesOf(line.device, isOpen)} onClick={() => setOpen(!isOpen)}>
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
  const t = texts();
  if (scope === null) return <div><b>{t.outside}</b><small>{t.nobodySpeaks(machines)}</small></div>;
  return (
    <div>
      <b>{scope ? <PlantLink path={scope}><Path text={scope} /></PlantLink> : plantTexts().wholePlant}</b>
      <small>{device} · <span className={css["whole"]}>{plantTexts().machines(machines)}</span></small>
    </div>
  );
}
