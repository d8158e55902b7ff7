/** What the chart draws, as a table: for who reads it out, or copies it. */

import { useState } from "react";
import { extentOf, rowsOf } from "@/shared/chart/reading";
import { fullTimeText } from "@/shared/format/time";
import { useNow } from "@/shared/live/hooks";
import { Num, Table } from "@/shared/ui/Table";
import { writer, type About } from "./about";
import css from "./AsTable.module.css";
import { texts } from "./texts";

const MOST_ROWS = 60;
const EVERY_MS = 5_000;

export function AsTable(about: About) {
  const [open, setOpen] = useState(false);
  return (
    <details className={css["details"]} open={open} onToggle={(e) => setOpen(e.currentTarget.open)}>
      <summary>{texts().asTable}</summary>
      {open && <Rows {...about} />}
    </details>
  );
}

function Rows({ sensor, track, sight, view }: About) {
  const { from, to } = sight.window(view, useNow(EVERY_MS));
  const [low, high] = extentOf(track, from, to) ?? [0, 0];
  const show = writer(sensor, low, high);
  const { time, value, least, greatest, tableOf } = texts();
  const extents = track.width > 0;
  const num = (text: string) => ({ text, look: "num" as const });
  return (
    <div className={css["rows"]}>
      <Table label={tableOf(sensor.name || sensor.key)} head={[time, num(value), ...(extents ? [num(least), num(greatest)] : [])]}>
        {rowsOf(track, from, to, MOST_ROWS).map((row) => (
          <tr key={row.ts}>
            <td>{fullTimeText(row.ts)}</td>
            <Num>{show(row.value)}</Num>
            {extents && <Num>{show(row.low)}</Num>}
            {extents && <Num>{show(row.high)}</Num>}
          </tr>
        ))}
      </Table>
    </div>
  );
}
