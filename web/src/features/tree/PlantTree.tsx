/** The whole plant as a tree beside its pages; only rows on screen exist, and only opened machines send values. */

import { useNavigate, useRouterState } from "@tanstack/react-router";
import { X } from "lucide-react";
import { useEffect, useMemo, useRef, useState } from "react";
import { Collection, ListLayout, Tree, TreeItem, Virtualizer } from "react-aria-components";
import { entriesOf } from "@/features/palette/entries";
import { Finder } from "@/features/palette/finder";
import { useOpenAlarms } from "@/shared/alarms/feed";
import { plantPath } from "@/shared/plant/address";
import { usePlant } from "@/shared/plant/queries";
import type { Tree as Plant } from "@/shared/plant/tree";
import { Button } from "@/shared/ui/Button";
import { Loaded } from "@/shared/ui/Page";
import { useExpansion } from "./expansion";
import { LiveMachines } from "./LiveMachines";
import { isOverPage } from "./open";
import css from "./PlantTree.module.css";
import { filteredRows, lineOf, rowOf, troubles, type Row } from "./rows";
import { Troubles, RowContent } from "./RowContent";
import { texts } from "./texts";

const ROW_PX = 36;
const MOST_FOUND = 200;
const NONE: readonly Row[] = [];

export default function PlantTree({ onClose }: { onClose: () => void }) {
  const { title, filter, close } = texts();
  const [query, setQuery] = useState("");
  const plant = usePlant();
  return (
    <aside className={css["panel"]} aria-label={title} onKeyDown={(e) => e.key === "Escape" && isOverPage() && onClose()}>
      <div className={css["head"]}>
        <input type="search" className={css["filter"]} value={query} onChange={(e) => setQuery(e.target.value)} placeholder={filter} aria-label={filter} autoFocus={isOverPage()} spellCheck={false} />
        <Button look="quiet" onClick={onClose} aria-label={close}><X size={18} /></Button>
      </div>
      <Loaded query={plant}>{(found) => <Rows plant={found} query={query.trim()} onChosen={() => isOverPage() && onClose()} />}</Loaded>
    </aside>
  );
}

const places = (plant: Plant) => new Finder(entriesOf(plant));

/** What the tree shows: all sites, or what the filter found, opened as far as it takes to see it. */
function useRows(plant: Plant, query: string, here: string) {
  const [open, setOpen] = useExpansion(plant.sites.map((s) => s.path), here);
  const finder = useMemo(() => (query ? places(plant) : undefined), [plant, query !== ""]); // oxlint-disable-line react-hooks/exhaustive-deps -- made with the first letter
  const found = useMemo(() => finder?.find(query, MOST_FOUND), [finder, query]);
  const filtered = useMemo(() => found && filteredRows(plant, found.found.map((e) => e.id.slice("/plant/".length))), [plant, found]);
  const rows = useMemo(() => filtered?.rows ?? plant.sites.map(rowOf), [plant, filtered]);
  const shown = useMemo(() => (filtered ? new Set([...filtered.open, ...open]) : open), [filtered, open]);
  return { rows, open: shown, setOpen, left: found ? found.count - found.found.length : 0 };
}

function Rows({ plant, query, onChosen }: { plant: Plant; query: string; onChosen: () => void }) {
  const navigate = useNavigate();
  const here = useRouterState({ select: (s) => plantPath(s.location.pathname) });
  const { rows, open, setOpen, left } = useRows(plant, query, here);
  const alarms = useOpenAlarms().data;
  const trouble = useMemo(() => troubles(alarms ?? []), [alarms]);
  const box = useScrolledTo(lineOf(rows, open, here));
  const { title, nothing, more } = texts();
  const go = (path: string): void => {
    void navigate({ to: "/plant/$", params: { _splat: path } });
    onChosen();
  };
  const line = (row: Row) => (
    <TreeItem id={row.path} textValue={row.name} hasChildItems={row.hasChildren} className={css["row"] ?? ""}>
      <RowContent row={row} />
      <Collection items={open.has(row.path) ? row.children() : NONE} dependencies={[open]}>{line}</Collection>
    </TreeItem>
  );
  return (
    <Troubles value={trouble}>
      <LiveMachines plant={plant} open={open} />
      <Virtualizer layout={ListLayout} layoutOptions={{ rowHeight: ROW_PX }}>
        <Tree ref={box} aria-label={title} className={css["tree"] ?? ""} items={rows} dependencies={[open]} expandedKeys={open} onExpandedChange={(keys) => setOpen([...keys].map(String))}
          selectionMode="single" selectionBehavior="replace" selectedKeys={[here]} disallowEmptySelection onSelectionChange={(keys) => [...keys].forEach((key) => key !== here && go(String(key)))}
          renderEmptyState={() => <p className={css["note"]}>{nothing}</p>}>
          {line}
        </Tree>
      </Virtualizer>
      {left > 0 && <p className={css["note"]}>{more(left)}</p>}
    </Troubles>
  );
}

/** The row of the page that is shown comes into sight, unless it is. */
function useScrolledTo(line: number) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const { current } = box;
    if (!current || line < 0) return;
    const [top, height] = [line * ROW_PX, current.clientHeight];
    if (top < current.scrollTop || top + ROW_PX > current.scrollTop + height) current.scrollTop = Math.max(0, top - height / 3);
  }, [line]);
  return box;
}
