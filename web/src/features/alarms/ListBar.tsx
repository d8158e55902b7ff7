/** Above a list: how many there are, or how many are selected and what can be done with them. Always of one height. */

import { X } from "lucide-react";
import { countText } from "@/shared/format/number";
import { Button } from "@/shared/ui/Button";
import css from "./ListBar.module.css";
import type { Selecting } from "./list/useSelecting";
import { texts } from "./texts";

interface Props {
  /** What the list says of itself while nothing is selected. */
  text: string;
  /** So many are shown; 0 takes the tick away. */
  shown: number;
  selecting: Selecting;
  progress: { n: number; of: number } | undefined;
  /** Buttons for those selected. */
  acts: React.ReactNode;
  /** Buttons while none are. */
  children?: React.ReactNode;
}

export function ListBar({ text, shown, selecting, progress, acts, children }: Props) {
  const say = texts();
  const count = selecting.picked.length;
  const told = progress ? say.doing(progress.n, progress.of) : count > 0 ? say.picked(count) : text;
  return (
    <div className={css["bar"]}>
      {shown > 0 && (
        <label className={css["all"]} title={say.pickAll(shown)}>
          <input type="checkbox" aria-label={say.pickAll(shown)} checked={count > 0 && count === shown} onChange={(e) => (e.target.checked ? selecting.all() : selecting.none())}
            ref={(box) => { if (box) box.indeterminate = count > 0 && count < shown; }} />
        </label>
      )}
      <strong role="status" className={count > 0 && !progress ? css["picked"] : undefined}>{told === say.picked(count) ? <Picked text={told} /> : told}</strong>
      {count > 0 ? <>{acts}<Button look="quiet" onClick={selecting.none} aria-label={say.keyTexts.none} title={`${countText(count)} ×`}><X size={18} /></Button></> : children}
    </div>
  );
}

/** The number by itself, for where there is no room for its words. */
function Picked({ text }: { text: string }) {
  const [number, ...rest] = text.split(" ");
  return <>{number}<span> {rest.join(" ")}</span></>;
}
