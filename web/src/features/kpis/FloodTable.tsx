/** Floods: when more alarms came than anybody could read, each with the way to its alarms. */

import { Link } from "@tanstack/react-router";
import type { Kpis } from "@/shared/api/types";
import { countText } from "@/shared/format/number";
import { fullTimeText } from "@/shared/format/time";
import { Note } from "@/shared/ui/Page";
import { Num, Table } from "@/shared/ui/Table";
import { secondsText } from "./figures";
import { texts } from "./texts";

export function FloodTable({ floods, under }: { floods: Kpis["floods"]; under: string }) {
  const { heads, floodsTitle, noFloods, goesOn, showFlood } = texts();
  if (floods.length === 0) return <Note>{noFloods}</Note>;
  return (
    <Table head={[heads.began, { text: heads.lasted, look: "num" }, { text: heads.alarms, look: "num" }, { text: heads.show, look: "none" }]} label={floodsTitle} cards>
      {[...floods].reverse().map(({ start, end, seconds, count, over }) => (
        <tr key={start}>
          <td>{fullTimeText(Date.parse(start))}</td>
          <Num>{over ? secondsText(seconds) : `${secondsText(seconds)}, ${goesOn}`}</Num>
          <Num>{countText(count)}</Num>
          <td><Link to="/alarms" search={{ tab: "all", from: start, to: end, ...(under && { under }) }}>{showFlood}</Link></td>
        </tr>
      ))}
    </Table>
  );
}
