/** Names: added from a list, taken out, and moved where their order means something. */

import { ArrowUp, X } from "lucide-react";
import { Button } from "@/shared/ui/Button";
import { PickField } from "@/shared/ui/Form";
import css from "./Members.module.css";
import { texts } from "./texts";

interface Props {
  label: string;
  names: readonly string[];
  members: readonly string[];
  onMembers: (members: string[]) => void;
  /** Their order means something. */
  ordered?: boolean;
}

export function Members({ label, names, members, onMembers, ordered = false }: Props) {
  const left = names.filter((name) => !members.includes(name));
  const up = (at: number): void => {
    const moved = [...members];
    moved.splice(at - 1, 0, ...moved.splice(at, 1));
    onMembers(moved);
  };
  return (
    <>
      {members.length > 0 && (
        <ol className={css["members"]} aria-label={label}>
          {members.map((name, i) => (
            <li key={name}>
              {name}
              {ordered && i > 0 && <Button look="quiet" aria-label={texts().earlierOne(name)} title={texts().earlier} onClick={() => up(i)}><ArrowUp size={16} /></Button>}
              <Button look="quiet" aria-label={texts().takeOneOut(name)} title={texts().takeOut} onClick={() => onMembers(members.filter((m) => m !== name))}><X size={16} /></Button>
            </li>
          ))}
        </ol>
      )}
      <PickField label={label} value="" onPick={(name) => { if (name) onMembers([...members, name]); }}
        options={[["", left.length ? texts().add : names.length ? texts().allThere : texts().channelsFirst], ...left.map((name) => [name, name] as const)]} />
    </>
  );
}
