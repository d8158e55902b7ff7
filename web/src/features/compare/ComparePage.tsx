/** Sensors of any machines beside one another, and a period beside an earlier one: one time axis, one crosshair. */

import { useEffect, useMemo, useRef } from "react";
import { rememberCompared } from "@/shared/chart/compared";
import { RangeBar } from "@/shared/chart/RangeBar";
import { useSight } from "@/shared/chart/useSight";
import { useTracks } from "@/shared/chart/useTracks";
import { useWidth } from "@/shared/chart/useWidth";
import { windowOf } from "@/shared/chart/window";
import { serverNow } from "@/shared/clock";
import { ExportButton } from "@/shared/export/ExportButton";
import { durationMs, spanText } from "@/shared/format/time";
import { usePlant } from "@/shared/plant/queries";
import { parentOf, type Tree } from "@/shared/plant/tree";
import type { View } from "@/shared/plant/view";
import { Trail } from "@/shared/ui/Breadcrumb";
import { Doing, Failure, Loaded, Note, PageHead, Panel } from "@/shared/ui/Page";
import { Charts } from "./Charts";
import { chosenOf, groupsOf, layoutOf, unitsOf, type Drawn } from "./chosen";
import css from "./ComparePage.module.css";
import { Correlation } from "./Correlation";
import { AddSensor, Layout } from "./Controls";
import { Legend } from "./Legend";
import { texts } from "./texts";
import { withSensors, withTime, type Comparison } from "./view";

interface Props {
  view: Comparison;
  onView: (view: Comparison) => void;
}

export function ComparePage(props: Props) {
  return <Loaded query={usePlant()}>{(tree) => <Compared tree={tree} {...props} />}</Loaded>;
}

const NONE: readonly string[] = [];
/** Narrower than this a chart has no room for many axes. */
const NARROW_PX = 700;

function Compared({ tree, view, onView }: Props & { tree: Tree }) {
  const paths = view.sensor ?? NONE;
  useEffect(() => rememberCompared(paths), [paths]);
  const chosen = useMemo(() => chosenOf(tree, paths), [tree, paths]);
  const machines = new Set(chosen.map(({ path }) => parentOf(path))).size;
  const numbers = chosen.filter((one) => one.isNumber).map((one) => one.path);
  return (
    <div className={css["page"]}>
      <Trail here={texts().title} />
      <PageHead title={texts().title} hint={paths.length > 0 && texts().hint(paths.length, machines)}>
        {numbers.length > 0 && <Doing><ExportButton what={{ sensor: numbers }} numbers stretch={() => windowOf(view, serverNow())} /></Doing>}
      </PageHead>
      <AddSensor tree={tree} view={view} onView={onView} />
      {paths.length === 0 ? <Note>{texts().empty}</Note> : <Drawing chosen={chosen} view={view} onView={onView} />}
      {numbers.length > 1 && <Correlation chosen={chosen} view={view} onView={onView} />}
    </div>
  );
}

/** Tracks of the chosen sensors that measure numbers, and of the same ones earlier. */
function useDrawn(chosen: ReturnType<typeof chosenOf>, { range, from, to, against }: Comparison, width: number) {
  const numbers = useMemo(() => chosen.filter((one) => one.sensor !== null), [chosen]);
  const paths = useMemo(() => numbers.map((one) => one.path), [numbers]);
  const view = useMemo((): View => ({ range, from, to }), [range, from, to]);
  const back = durationMs(against ?? "") || 0;
  const now = useTracks(paths, view, width);
  const before = useTracks(back ? paths : NONE, view, width, back);
  const drawn = useMemo(
    () => numbers.flatMap((one, i): Drawn[] => {
      const track = now.tracks[i];
      return one.sensor && track ? [{ ...one, sensor: one.sensor, track, earlier: back ? before.tracks[i] : undefined }] : [];
    }),
    [numbers, now.tracks, before.tracks, back],
  );
  const failed = [now, before].find((tracks) => tracks.error !== null);
  return { drawn, time: view, back, ready: now.status === "ready", failed };
}

function Drawing({ chosen, view, onView }: Props & { chosen: ReturnType<typeof chosenOf> }) {
  const [box, width] = useWidth();
  const sight = useSight(view);
  const { drawn, time, back, ready, failed } = useDrawn(chosen, view, width);
  const units = unitsOf(drawn).length;
  const stacked = layoutOf(view.stacked, units, width <= NARROW_PX);
  const groups = useMemo(() => groupsOf(drawn, stacked), [drawn, stacked]);
  // Where zooming began: double-click and "Back to live" lead there.
  const range = useRef(view.range);
  if (view.from === undefined) range.current = view.range;
  const onTime = (next: View): void => onView(withTime(view, next));
  const goBack = (): void => onTime(range.current ? { range: range.current } : {});
  return (
    <>
      <Panel fill={stacked === undefined}>
        <RangeBar view={time} onView={onTime} onBack={goBack} />
        <Layout view={view} onView={onView} window={sight.window(time, serverNow())} />
        {view.stacked === undefined && stacked !== undefined && <Note>{texts().tooManyUnits(units)}</Note>}
        {failed && <Failure error={failed.error} retry={failed.retry} />}
        <div className={stacked ? css["stack"] : css["one"]} ref={box}>
          <Charts groups={groups} stacked={stacked} view={time} sight={sight} ready={ready} onPick={onTime} onBack={goBack} />
        </div>
      </Panel>
      <Panel>
        <Legend chosen={chosen} drawn={drawn} sight={sight} view={time} earlier={back ? spanText(view.against ?? "") : ""}
          onRemove={(path) => onView(withSensors(view, (view.sensor ?? []).filter((one) => one !== path)))} />
      </Panel>
    </>
  );
}
