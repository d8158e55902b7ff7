/** What stands in a file: how much of it can be used, from when to when, and what cannot. */

import { fullTimeText } from "@/shared/format/time";
import { countText } from "@/shared/format/number";
import { Path } from "@/shared/ui/Path";
import { Num, Table } from "@/shared/ui/Table";
import css from "./Imports.module.css";
import { inFields } from "./fields";
import { texts } from "./texts";
import { foundText, nameIn, remarks, spanOf, type Import, type Problem, type Report } from "./imports";

export function Found({ one, report, machine }: { one: Import; report: Report; machine: string }) {
  const t = texts();
  const span = spanOf(report);
  return (
    <>
      <p role="status"><b>{foundText(one)}</b>{span && <> {t.span(fullTimeText(span.from), fullTimeText(span.to))}</>}</p>
      {remarks(report).map((text) => <p key={text} className={css["remark"]}>{text}</p>)}
      {report.sensors.length > 0 && (
        <div className={css["sensors"]} tabIndex={0}>
          <Table head={[t.sensor, { text: t.samples, look: "num" }]} label={t.sensorsInFile}>
            {report.sensors.map((s) => <tr key={s.sensor}><td><Path text={nameIn(machine, s.sensor)} /></td><Num>{countText(s.samples)}</Num></tr>)}
          </Table>
        </div>
      )}
      {report.problems.length > 0 && <Problems problems={report.problems} />}
    </>
  );
}

function Problems({ problems }: { problems: readonly Problem[] }) {
  return (
    <ul className={css["problems"]} aria-label={texts().problems}>
      {problems.map((p) => <li key={`${p.row} ${p.column} ${p.reason}`}><b>{texts().row(p.row, p.column)}</b>{inFields(p.detail)}</li>)}
    </ul>
  );
}
