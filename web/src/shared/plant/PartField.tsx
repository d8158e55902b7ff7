/** A choice of one part of the plant, as an indented tree. */

import { useMemo, useState } from "react";
import { PickField } from "@/shared/ui/Form";
import { usePlant } from "./queries";
import { texts } from "./texts";
import { growTree, nameOf, type Node, type Tree } from "./tree";

type Option = readonly [path: string, text: string];

/** Every node below `nodes`, indented by depth; machines only when asked for. */
export function partsOf(nodes: readonly Node[], withMachines: boolean, depth = 0): Option[] {
  return nodes
    .filter((n) => withMachines || n.kind !== "machine")
    .flatMap((n) => [[n.path, `${"\u00a0\u00a0\u00a0".repeat(depth)}${n.name || n.slug}`] as const, ...partsOf(n.children, withMachines, depth + 1)]);
}

const NOTHING: Tree = growTree([]);

/** No path: stands for a choice nobody has made yet. */
const UNCHOSEN = "?";

interface Props {
  label?: string;
  /** Undefined while nobody has chosen; for rights, where a choice made beforehand would be given away unseen. */
  value: string | undefined;
  onPick: (path: string) => void;
  machines?: boolean;
  /** Text of the empty choice; without it the first part is all there is. */
  whole?: string;
}

export function PartField({ label = texts().part, value, onPick, machines = false, whole = texts().wholePlant }: Props) {
  const tree = usePlant().data ?? NOTHING;
  // A thousand options cost a page more than all else on it: until somebody reaches for them there is the chosen one.
  const [open, setOpen] = useState(false);
  const parts = useMemo(() => (open ? partsOf(tree.sites, machines) : []), [open, tree, machines]);
  // The chosen one by itself; a part that is gone, or that only the address knows, must not silently read as another one.
  const chosen: Option[] = value && !parts.some(([path]) => path === value) ? [[value, nameOf(tree, value)]] : [];
  const unchosen: Option[] = value === undefined ? [[UNCHOSEN, texts().choose]] : [];
  return <PickField label={label} value={value ?? UNCHOSEN} options={[...unchosen, ["", whole], ...parts, ...chosen]} onPick={onPick} onOpen={() => setOpen(true)} />;
}
