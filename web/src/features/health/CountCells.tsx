/** The numbers of a part of the plant, or of one machine, in the same columns. */

import { countText } from "@/shared/format/number";
import { lengthText } from "@/shared/format/time";
import { Mark } from "@/shared/ui/Mark";
import { Num } from "@/shared/ui/Table";
import { words } from "@/shared/ui/texts";
import { texts } from "./texts";
import css from "./HealthPage.module.css";
import type { Counts } from "./types";

interface Props {
  line: Counts;
  now: number;
  /** Names what is counted below the numbers. */
  units?: boolean;
}

export function CountCells({ line, now, units = false }: Props) {
  const t = texts();
  return (
    <>
      <Num>{countText(line.received)}{units && <small className={css["unit"]}>{t.unitMessages}</small>}</Num>
      <Num>{countText(line.stored)}{units && <small className={css["unit"]}>{t.unitReadings}</small>}</Num>
      <Num><Quiet n={line.in_flight} /></Num>
      <Num><Quiet n={line.dead_lettered + line.refused} /></Num>
      <Num><Quiet n={line.duplicate} /></Num>
      <Num><Missing n={line.missing} /></Num>
      <Num>{line.last ? words().ago(lengthText(now - Date.parse(line.last))) : "–"}</Num>
    </>
  );
}

/** A nought is as it should be, and stays quiet. */
const Quiet = ({ n }: { n: number }) => (n === 0 ? <span className={css["faint"]}>0</span> : <b>{countText(n)}</b>);

function Missing({ n }: { n: number | null }) {
  if (n === null) return <span className={css["faint"]} title={texts().noNumbers}>–</span>;
  if (n === 0) return <Quiet n={0} />;
  return <b className={css["missing"]}><Mark level="low" size={16} label="" />{countText(n)}</b>;
}
