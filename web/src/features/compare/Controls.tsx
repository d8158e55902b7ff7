/** What is compared, and how: sensors found by typing, one chart or several, an earlier period. */

import { useMemo } from "react";
import type { Window } from "@/shared/chart/window";
import { durationMs, momentText, spanText } from "@/shared/format/time";
import type { Tree } from "@/shared/plant/tree";
import { Button } from "@/shared/ui/Button";
import { ComboField } from "@/shared/ui/ComboField";
import { PickField } from "@/shared/ui/Form";
import { Note } from "@/shared/ui/Page";
import { choicesOf } from "./chosen";
import css from "./Controls.module.css";
import { texts } from "./texts";
import { MOST_SENSORS, withSensors, type Comparison, type Stacked } from "./view";

interface Props {
  view: Comparison;
  onView: (view: Comparison) => void;
}

export function AddSensor({ tree, view, onView }: Props & { tree: Tree }) {
  const chosen = useMemo(() => view.sensor ?? [], [view.sensor]);
  const choices = useMemo(() => choicesOf(tree, chosen), [tree, chosen]);
  if (chosen.length >= MOST_SENSORS) return <Note>{texts().full(MOST_SENSORS)}</Note>;
  return (
    <div className={css["add"]}>
      <div className={css["field"]}>
        <ComboField key={chosen.length} label={texts().add} placeholder={texts().addHint} value="" choices={choices} onPick={(path) => onView(withSensors(view, [...chosen, path]))} />
      </div>
      {chosen.length > 1 && <Button look="quiet" onClick={() => onView(withSensors(view, []))}>{texts().removeAll}</Button>}
    </div>
  );
}

/** How much earlier: a day, a week and four weeks have the same shifts and weekdays. */
const PERIODS = ["1h", "8h", "1d", "7d", "28d", "365d"] as const;
const LAYOUTS: readonly (Stacked | undefined)[] = [undefined, "unit", "sensor"];

export function Layout({ view, onView, window: { from, to } }: Props & { window: Window }) {
  const { layout, together, byUnit, bySensor, against, none, earlier, shifted } = texts();
  const words = { unit: byUnit, sensor: bySensor };
  const chosen = view.against ?? "";
  const periods = chosen && !PERIODS.some((period) => period === chosen) ? [chosen, ...PERIODS] : PERIODS;
  const back = durationMs(chosen) || 0;
  return (
    <div className={css["layout"]}>
      <div className={css["ways"]} role="group" aria-label={layout}>
        {LAYOUTS.map((stacked) => (
          <Button key={stacked ?? ""} look="quiet" aria-pressed={view.stacked === stacked} onClick={() => onView({ ...view, stacked })}>{stacked ? words[stacked] : together}</Button>
        ))}
      </div>
      <PickField label={against} value={chosen} options={[["", none], ...periods.map((period) => [period, earlier(spanText(period))] as const)]}
        onPick={(period) => onView({ ...view, against: period || undefined })} />
      {back > 0 && <p className={css["shifted"]}>{shifted(spanText(chosen), momentText(from - back, from - back, to - back), momentText(to - back, from - back, to - back))}</p>}
    </div>
  );
}
