/** How long alarms wait for an answer, by severity. */

import type { Kpis, Severity } from "@/shared/api/types";
import { countText } from "@/shared/format/number";
import { SEVERITIES } from "@/shared/plant/condition";
import { levelText, Mark } from "@/shared/ui/Mark";
import { Num, Table } from "@/shared/ui/Table";
import { secondsText } from "./figures";
import css from "./KpisPage.module.css";
import { texts } from "./texts";

export function WaitingTable({ waiting }: { waiting: Kpis["time_to_acknowledge"] }) {
  const { heads, waiting: title, everything } = texts();
  const head = [heads.severity, ...[heads.annunciations, heads.half, heads.nine, heads.never].map((text) => ({ text, look: "num" as const }))];
  return (
    <Table head={head} label={title}>
      {(["all", ...SEVERITIES] as const).map((name) => {
        const row = waiting[name];
        return row && (
          <tr key={name}>
            <td>{name === "all" ? <b>{everything}</b> : <Named severity={name} />}</td>
            <Num>{countText(row.count)}</Num>
            <Num>{secondsText(row.median)}</Num>
            <Num>{secondsText(row.p90)}</Num>
            <Num>{countText(row.unanswered)}</Num>
          </tr>
        );
      })}
    </Table>
  );
}

const Named = ({ severity }: { severity: Severity }) => <span className={css["light"]}><Mark level={severity} size={18} label="" />{levelText(severity)}</span>;
