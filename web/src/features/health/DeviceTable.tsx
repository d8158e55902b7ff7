/** What came from each device, and what became of it. */

import { countOf, countText } from "@/shared/format/number";
import { lengthText } from "@/shared/format/time";
import { useNow } from "@/shared/live/hooks";
import { PlantLink } from "@/shared/ui/PlantLink";
import { Num, Table, Two } from "@/shared/ui/Table";
import css from "./HealthPage.module.css";
import type { DeviceLine } from "./types";

const num = (text: string) => ({ text, look: "num" as const });
const HEAD = ["Device", num("Received"), num("Stored"), num("Under way"), num("Dead letters"), num("Duplicates"), num("Missing"), num("Last heard")];

export function DeviceTable({ items }: { items: readonly DeviceLine[] }) {
  const now = useNow(1_000);
  return (
    <Table head={HEAD} label="Ledger by device">
      {items.map((line) => (
        <tr key={line.device_ids.join() || line.device || "nobody"}>
          <Two below={<Place line={line} />}>{line.device || "No device of its own"}</Two>
          <Num>{countText(line.received)}<small className={css["unit"]}>messages</small></Num>
          <Num>{countText(line.stored)}<small className={css["unit"]}>readings</small></Num>
          <Num><Quiet n={line.in_flight} /></Num>
          <Num><Quiet n={line.dead_lettered + line.refused} /></Num>
          <Num><Quiet n={line.duplicate} /></Num>
          <Num>{line.missing === null ? <span className={css["faint"]} title="Its messages have no numbers">–</span> : <Quiet n={line.missing} />}</Num>
          <Num>{line.last ? `${lengthText(now - Date.parse(line.last))} ago` : "–"}</Num>
        </tr>
      ))}
    </Table>
  );
}

function Place({ line }: { line: DeviceLine }) {
  const machines = countOf(line.machines, "machine");
  if (line.scope === null) return <>{machines} for which no device speaks</>;
  return <>{line.scope ? <PlantLink path={line.scope}>{line.scope}</PlantLink> : "the whole plant"} · {machines}</>;
}

/** A nought is as it should be, and stays quiet. */
const Quiet = ({ n }: { n: number }) => (n === 0 ? <span className={css["faint"]}>0</span> : <b>{countText(n)}</b>);
