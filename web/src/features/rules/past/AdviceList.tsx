/** How the rule would have done better, each way a button. */

import type { RuleAdvice } from "@/shared/api/types";
import { Button } from "@/shared/ui/Button";
import type { Fields } from "../fields";
import css from "./Past.module.css";
import { bestAdvice, changeText, effectText, NAMES, takeAdvice } from "./past";
import { texts } from "./texts";

interface Props {
  advice: readonly RuleAdvice[];
  onAdvice: (more: Partial<Fields>) => void;
}

export function AdviceList({ advice, onAdvice }: Props) {
  const say = texts();
  const best = bestAdvice(advice);
  if (best.length === 0) return null;
  const fieldOf = ({ change }: RuleAdvice): string => say.fields[NAMES.find((name) => change[name] !== undefined) ?? "deadband"];
  return (
    <ul className={css["advice"]} aria-label={say.advice}>
      {best.map((one) => (
        <li key={changeText(one)}>
          <span>{one.recommended && <b>{say.recommended} </b>}<b>{changeText(one)}</b><small>{effectText(one)}</small></span>
          <Button onClick={() => onAdvice(takeAdvice(one))}>{say.take(fieldOf(one))}</Button>
        </li>
      ))}
    </ul>
  );
}
