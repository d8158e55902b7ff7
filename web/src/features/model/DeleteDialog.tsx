/** Deletes a place, after saying what hangs on it. */

import { useQuery } from "@tanstack/react-query";
import { all } from "@/shared/api/http";
import { useMay } from "@/shared/api/session";
import { useRules } from "@/shared/alerting/queries";
import type { Node } from "@/shared/plant/tree";
import { parentOf } from "@/shared/plant/tree";
import { Button } from "@/shared/ui/Button";
import { Confirm } from "@/shared/ui/Confirm";
import { Dialog } from "@/shared/ui/Dialog";
import { Buttons } from "@/shared/ui/Form";
import { tell } from "@/shared/ui/tell";
import { words } from "@/shared/ui/texts";
import css from "./ModelPage.module.css";
import { hangingOn, type Hanging } from "./place";
import { texts } from "./texts";
import { removePlace, useRefresh } from "./useModel";

interface Props {
  node: Node;
  onDeleted: (parent: string) => void;
  onClose: () => void;
}

/** Rules and devices that know the place; of devices admins alone hear. */
function useHanging(node: Node): Hanging {
  const rules = useRules().data ?? [];
  const isAdmin = useMay("admin");
  const devices = useQuery({ queryKey: ["devices"], queryFn: ({ signal }) => all("/api/registry/v1/devices", { limit: 500 }, signal), enabled: isAdmin }).data ?? [];
  return hangingOn(node, rules, devices);
}

export function DeleteDialog({ node, onDeleted, onClose }: Props) {
  const t = texts();
  const refresh = useRefresh();
  const { below, sensors, rules, devices } = useHanging(node);
  if (below > 0) {
    return (
      <Dialog title={t.removeTitle(node.name)} onClose={onClose}>
        <p>{t.hasBelow(node.name, below)}</p>
        <Buttons><Button look="main" onClick={onClose}>{words().close}</Button></Buttons>
      </Dialog>
    );
  }
  const act = async (): Promise<void> => {
    await removePlace(node.id);
    tell(t.removed(node.name));
    onDeleted(parentOf(node.path));
    await refresh();
  };
  const lines = [
    t.goes(node.name), ...(sensors > 0 ? [t.goesWith(t.sensors(sensors))] : []), ...(node.kind === "machine" ? [t.deadLetters] : []),
    ...(rules.length > 0 ? [t.watchedBy(rules)] : []), ...(devices.length > 0 ? [t.spokenFor(devices)] : []), t.noUndo,
  ];
  return (
    <Confirm title={t.removeTitle(node.name)} verb={t.remove} act={act} onClose={onClose}>
      <span className={css["told"]}>{lines.map((line) => <span key={line}>{line}</span>)}</span>
    </Confirm>
  );
}
