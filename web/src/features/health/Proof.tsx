/** The ledger's proof as it is read: what came in = what was used + what was not, and the same of readings. */

import { countText } from "@/shared/format/number";
import { Mark } from "@/shared/ui/Mark";
import css from "./Proof.module.css";
import { proofOf, told, type Equation, type Term } from "./proof";
import { texts } from "./texts";
import type { Ledger } from "./types";

export function Proof({ ledger }: { ledger: Ledger }) {
  const { messages, readings } = texts();
  const proof = proofOf(ledger);
  return (
    <div className={css["proof"]}>
      <Line name={messages} equation={proof.messages} />
      <Line name={readings} equation={proof.readings} />
    </div>
  );
}

const Line = ({ name, equation }: { name: string; equation: Equation }) => (
  <p className={css["line"]}>
    <b className={css["name"]}>{name}</b>
    <Number term={equation.whole} />
    {told(equation).map((term, i) => <span key={term.name} className={css["part"]}><i>{i === 0 ? "=" : "+"}</i><Number term={term} /></span>)}
  </p>
);

const Number = ({ term: { name, n, isFault } }: { term: Term }) => (
  <span className={css["term"]} data-fault={(isFault && n !== 0) || undefined}>
    <span>{isFault && n !== 0 && <Mark level="fault" size={16} label="" />}{countText(n)}</span>
    <small>{texts().parts[name]}</small>
  </span>
);
