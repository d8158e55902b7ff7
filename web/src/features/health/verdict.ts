/** Whether all of Andon is fine, in one sentence. Pure. */

import type { Part } from "./parts";
import { texts } from "./texts";
import type { Ledger, Probe } from "./types";

export interface Verdict {
  isFine: boolean;
  text: string;
}

/** A service's own name, with a capital. */
export const nameOf = (service: string): string => service.charAt(0).toUpperCase() + service.slice(1);

/** What is not known (not asked for, or not answered yet) is not spoken of; undefined until anything is. */
export function verdictOf(parts: readonly Part[] | undefined, ledger: Pick<Ledger, "balanced"> | undefined, probe: Pick<Probe, "trouble"> | undefined): Verdict | undefined {
  if (!parts) return undefined;
  const t = texts();
  const sick = parts.filter(({ wrong }) => wrong.length > 0).map(({ name }) => t.isSick(nameOf(name)));
  const wrong = [...sick, ...(ledger && !ledger.balanced ? [t.notCounted] : []), ...(probe?.trouble ? [t.notInTime] : [])];
  if (wrong.length > 0) return { isFine: false, text: t.wrong(wrong) };
  return { isFine: true, text: t.fine([t.allAnswer, ...(ledger ? [t.allCounted] : []), ...(probe ? [t.inTime] : [])]) };
}
