/** The list of dead letters: those that say the same are one line, which unfolds. */

import { ChevronDown, ChevronRight } from "lucide-react";
import { useState } from "react";
import type { DeadLetter } from "@/shared/api/types";
import { countText } from "@/shared/format/number";
import { timeText } from "@/shared/format/time";
import { Button } from "@/shared/ui/Button";
import { Path } from "@/shared/ui/Path";
import { Num, Table, Two } from "@/shared/ui/Table";
import { sizeText } from "@/shared/format/bytes";
import css from "./DeadLettersPage.module.css";
import { groupsOf, type Group } from "./groups";
import { reasonText } from "./reasons";
import { texts } from "./texts";

interface Props {
  letters: readonly DeadLetter[];
  onOpen: (letter: DeadLetter) => void;
}

export function LetterTable({ letters, onOpen }: Props) {
  const { head, title } = texts();
  return (
    <Table head={[head.newest, { text: head.why, look: "wide" }, head.from, { text: head.count, look: "num" }, { text: head.original, look: "num" }]} label={title} cards>
      {groupsOf(letters).map((group) => <Rows key={group.key} group={group} onOpen={onOpen} />)}
    </Table>
  );
}

function Rows({ group: { newest, letters }, onOpen }: { group: Group; onOpen: Props["onOpen"] }) {
  const [isOpen, setOpen] = useState(false);
  const count = countText(letters.length);
  return (
    <>
      <tr>
        <When letter={newest} />
        <Two below={newest.detail}>{reasonText(newest.reason)}</Two>
        <td className={css["source"]}><Path text={newest.source} />{newest.device && <div className={css["none"]}>{newest.device}</div>}</td>
        <Num>
          {letters.length > 1
            ? <Button look="quiet" aria-expanded={isOpen} aria-label={texts().same(count, isOpen)} onClick={() => setOpen(!isOpen)}>{count}×{isOpen ? <ChevronDown size={16} aria-hidden /> : <ChevronRight size={16} aria-hidden />}</Button>
            : <span className={css["once"]}>1×</span>}
        </Num>
        <Original letter={newest} onOpen={onOpen} />
      </tr>
      {isOpen && letters.slice(1).map((letter) => (
        <tr key={letter.id} className={css["same"]}>
          <When letter={letter} /><td colSpan={3}>{texts().theSame}</td><Original letter={letter} onOpen={onOpen} />
        </tr>
      ))}
    </>
  );
}

const When = ({ letter }: { letter: DeadLetter }) => <td><time dateTime={letter.at}>{timeText(Date.parse(letter.at))}</time></td>;

function Original({ letter, onOpen }: { letter: DeadLetter; onOpen: Props["onOpen"] }) {
  const shown = letter.size ? sizeText(letter.size) : texts().details;
  // What is seen stands first in what is heard: people who speak to their computer say what they see.
  return <Num><button type="button" className={css["open"]} onClick={() => onOpen(letter)} aria-label={texts().showLetter(shown, letter.at)}>{shown}</button></Num>;
}
