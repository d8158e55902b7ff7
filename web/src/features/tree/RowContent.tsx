/** What stands in a row: how to open it, its name, the worst alarm below it, and a sensor's value. */

import { ChevronRight } from "lucide-react";
import { createContext, useContext } from "react";
import { Button, TreeItemContent } from "react-aria-components";
import type { Sensor } from "@/shared/api/types";
import { valueText } from "@/shared/format/number";
import { unitText } from "@/shared/format/units";
import { qualityNow } from "@/shared/live/cells";
import { useCell, useNow } from "@/shared/live/hooks";
import { Mark } from "@/shared/ui/Mark";
import css from "./RowContent.module.css";
import type { Row, Trouble } from "./rows";
import { texts } from "./texts";

const Known = createContext<ReadonlyMap<string, Trouble>>(new Map());

/** Alarms of all places: rows on screen read their own. */
export const Troubles = Known.Provider;

export const RowContent = ({ row }: { row: Row }) => (
  <TreeItemContent>
    {({ level, isExpanded }) => (
      <div className={css["row"]} style={{ "--level": level } as React.CSSProperties}>
        {row.hasChildren
          ? <Button slot="chevron" className={css["chevron"] ?? ""} aria-label={texts().expand(row.name)}><ChevronRight size={16} data-open={isExpanded || undefined} /></Button>
          : <span className={css["chevron"]} />}
        <span className={css["name"]} title={row.name}>{row.name}</span>
        {row.sensor && <Value sensor={row.sensor} />}
        <Worst path={row.path} />
      </div>
    )}
  </TreeItemContent>
);

function Worst({ path }: { path: string }) {
  const trouble = useContext(Known).get(path);
  if (!trouble) return null;
  const { worst, waiting } = trouble;
  return <span className={css["worst"]}>{waiting > 1 && <small title={texts().waiting(waiting)}>{waiting}</small>}<Mark level={worst} calling={waiting > 0} size={16} /></span>;
}

function Value({ sensor }: { sensor: Sensor }) {
  const cell = useCell(sensor.path);
  const now = useNow(1000);
  if (!cell) return null;
  return <span className={`${css["value"]} current`} data-quality={qualityNow(cell, now)}>{valueText(cell.value, sensor.decimals)}<small>{unitText(sensor.unit)}</small></span>;
}
