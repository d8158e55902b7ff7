/** All places of the plant as a tree to choose one from; ten thousand cost no more than those on screen. */

import { ChevronRight } from "lucide-react";
import { useMemo, useState } from "react";
import { Button, Collection, ListLayout, Tree, TreeItem, TreeItemContent, Virtualizer } from "react-aria-components";
import { trail, type Node, type Tree as Plant } from "@/shared/plant/tree";
import { texts as plantTexts } from "@/shared/plant/texts";
import css from "./ModelPage.module.css";
import { found } from "./found";
import { texts } from "./texts";

const ROW_PX = 40;
const NONE: readonly Node[] = [];

export function PlaceTree({ plant, at, onPick }: { plant: Plant; at: string; onPick: (path: string) => void }) {
  const { tree, filter, nothing } = texts();
  const [query, setQuery] = useState("");
  const [opened, setOpened] = useState<ReadonlySet<string>>(() => new Set(plant.sites.map(({ path }) => path)));
  const shown = useMemo(() => found(plant, query), [plant, query]);
  const open = useMemo(() => new Set([...opened, ...(shown?.open ?? []), ...trail(plant, at).slice(0, -1).map(({ path }) => path)]), [opened, shown, plant, at]);
  const visible = (nodes: readonly Node[]): readonly Node[] => (shown ? nodes.filter(({ path }) => shown.visible.has(path)) : nodes);
  const line = (node: Node) => (
    <TreeItem id={node.path} textValue={node.name} hasChildItems={node.children.length > 0} className={css["row"] ?? ""}>
      <TreeItemContent>{({ level, isExpanded }) => <Line node={node} level={level} isExpanded={isExpanded} />}</TreeItemContent>
      <Collection items={open.has(node.path) ? visible(node.children) : NONE} dependencies={[open, shown]}>{line}</Collection>
    </TreeItem>
  );
  return (
    <>
      <input className={css["filter"]} type="search" aria-label={filter} placeholder={filter} value={query} onChange={(e) => setQuery(e.target.value)} spellCheck={false} maxLength={100} />
      <Virtualizer layout={ListLayout} layoutOptions={{ rowHeight: ROW_PX }}>
        <Tree aria-label={tree} className={css["tree"] ?? ""} items={visible(plant.sites)} dependencies={[open, shown]} expandedKeys={open} onExpandedChange={(keys) => setOpened(new Set([...keys].map(String)))}
          selectionMode="single" selectionBehavior="replace" selectedKeys={at ? [at] : []} onSelectionChange={(keys) => [...keys].forEach((key) => onPick(String(key)))}
          renderEmptyState={() => <p className={css["empty"]}>{nothing}</p>}>
          {line}
        </Tree>
      </Virtualizer>
    </>
  );
}

function Line({ node, level, isExpanded }: { node: Node; level: number; isExpanded: boolean }) {
  return (
    <div className={css["line"]} style={{ "--level": level } as React.CSSProperties}>
      {node.children.length > 0
        ? <Button slot="chevron" className={css["chevron"] ?? ""} aria-label={texts().expand(node.name)}><ChevronRight size={16} data-open={isExpanded || undefined} /></Button>
        : <span className={css["chevron"]} />}
      <span className={css["name"]} title={node.name}>{node.name}</span>
      <small>{node.kind === "machine" ? node.type : plantTexts().kinds[node.kind]}</small>
    </div>
  );
}
