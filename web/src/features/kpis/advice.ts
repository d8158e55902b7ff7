/** What alerting suggests against an offender, in the reader's language, and the change it stands for. Pure. */

import { lengthText, durationMs, spanText } from "@/shared/format/time";
import { texts } from "./texts";

/** A delay to be made longer, ms. */
export interface Change {
  field: "on_delay" | "off_delay";
  longer: number;
}

interface Form {
  pattern: RegExp;
  say: (...parts: string[]) => string;
  change?: (...parts: string[]) => Change;
}

const SECOND = 1000;
/** `10 s`, `2 min`, as alerting writes them. */
const spelled = (text: string): number => durationMs(text.replace(" min", "m").replace(/\s/g, ""));
const part = (text: string | undefined): string => text ?? "";

/** The sentences of alerting's kpis/advice.py. */
const FORMS: readonly Form[] = [
  {
    pattern: /An on-delay longer by (\d+) s would have kept (\d+) of (\d+) away; the others would be told \d+ s later\./,
    say: (delay, kept, of) => texts().onDelay(`${part(delay)} s`, part(kept), part(of)),
    change: (delay) => ({ field: "on_delay", longer: Number(delay) * SECOND }),
  },
  {
    pattern: /An off-delay longer by (\d+ (?:s|min)) would have merged (\d+) % of its (\d+) returns\./,
    say: (delay, share, of) => texts().offDelay(part(delay), part(share), part(of)),
    change: (delay) => ({ field: "off_delay", longer: spelled(part(delay)) }),
  },
  {
    pattern: /Chatters, and an off-delay longer by (\d+ (?:s|min)) would merge (\d+) of its (\d+) returns alone: review the limit, or set a deadband\./,
    say: (delay, merged, of) => texts().chatters(part(delay), part(merged), part(of)),
  },
  { pattern: /Asks again without having cleared: review the levels of its ladder, or when it realarms\./, say: () => texts().asksAgain },
  {
    pattern: /Active for (\d+) d (\d+) h: review the limit, for this is a state and no alarm\./,
    say: (days, hours) => texts().stands(lengthText((Number(days) * 24 + Number(hours)) * 3600 * SECOND)),
  },
  { pattern: /None of (\d+) was acknowledged: review whether anybody needs it\./, say: (n) => texts().unheeded(part(n)) },
];

/** Each sentence said anew; one that is not known stays as alerting wrote it. */
export const adviceText = (suggestion: string): string =>
  FORMS.reduce((text, { pattern, say }) => text.replace(pattern, (_, ...parts: string[]) => say(...parts)), suggestion);

/** The change it stands for; undefined where somebody has to think. */
export function changeOf(suggestion: string): Change | undefined {
  for (const { pattern, change } of FORMS) {
    const found = change && pattern.exec(suggestion);
    if (found) return change(...found.slice(1));
  }
  return undefined;
}

/** The delay as it would be written, the rule's being what it is: `5s` and one longer by a minute are `65s`. */
export function lengthened(present: string, { longer }: Change): string {
  const ms = durationMs(present);
  return `${((Number.isNaN(ms) ? 0 : ms) + longer) / SECOND}s`;
}

/** `1 min 05 s`. */
export const delayText = (written: string): string => spanText(written);
