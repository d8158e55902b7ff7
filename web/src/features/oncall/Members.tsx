/** Names: added from a list, taken out, and moved where their order means something. */

import { Link } from "@tanstack/react-router";
import { ArrowUp, X } from "lucide-react";
import { Button } from "@/shared/ui/Button";
import type { Choice } from "@/shared/ui/choices";
import { ComboField } from "@/shared/ui/ComboField";
import css from "./Members.module.css";
import { texts } from "./texts";

interface Props {
  label: string;
  names: readonly Choice[];
  members: readonly string[];
  onMembers: (members: string[]) => void;
  /** Their order means something. */
  ordered?: boolean;
}

export function Members({ label, names, members, onMembers, ordered = false }: Props) {
  const left = names.filter(({ value }) => !members.includes(value));
  const up = (at: number): void => {
    const moved = [...members];
    moved.splice(at - 1, 0, ...moved.splice(at, 1));
    onMembers(moved);
  };
  return (
    <>
      {left.length > 0 && <ComboField label={label} value="" choices={left} placeholder={texts().add} onPick={(name) => { if (name) onMembers([...members, name]); }} />}
      {names.length === 0 && <p className={css["none"]}><Link to="/oncall" search={{ tab: "channels" }}>{texts().channelsFirst}</Link></p>}
      {members.length > 0 && (
        <ol className={css["members"]} aria-label={label}>
          {members.map((name, i) => (
            <li key={name}>
              {ordered && <small>{i + 1}.</small>}{name}
              {ordered && i > 0 && <Button look="quiet" aria-label={texts().earlierOne(name)} title={texts().earlier} onClick={() => up(i)}><ArrowUp size={16} /></Button>}
              <Button look="quiet" aria-label={texts().takeOneOut(name)} title={texts().takeOut} onClick={() => onMembers(members.filter((m) => m !== name))}><X size={16} /></Button>
            </li>
          ))}
        </ol>
      )}
    </>
  );
}
