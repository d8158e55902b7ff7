/** Lengths and nights that are often meant, so that nobody types times on a phone. */

import { Button } from "@/shared/ui/Button";
import css from "./OnCallPage.module.css";
import { dutyTexts } from "./dutyTexts";
import { nextHours, tonight, typed, weekend } from "./stretches";

interface Props {
  hours: readonly number[];
  /** Tonight and the weekend, too. */
  nights?: boolean;
  from: string;
  to: string;
  /** As fields for date and time hold them. */
  onPick: (span: { from: string; to: string }) => void;
}

export function StretchButtons({ hours, nights = false, from, to, onPick }: Props) {
  const t = dutyTexts();
  const now = Date.now();
  const offers = [
    ...hours.map((n) => [t.hours(n), nextHours(now, n)] as const),
    ...(nights ? [[t.tonight, tonight(now)] as const, [t.weekend, weekend(now)] as const] : []),
  ];
  return (
    <div className={css["quick"]} role="group" aria-label={t.quick}>
      {offers.map(([text, stretch]) => {
        const span = typed(stretch);
        return <Button key={text} aria-pressed={span.from === from && span.to === to} onClick={() => onPick(span)}>{text}</Button>;
      })}
    </div>
  );
}
