/** The sensors of a comparison, found in the plant, and how they are drawn. Pure. */

import type { Sensor } from "@/shared/api/types";
import type { Line, ValueAxis } from "@/shared/chart/lines";
import { looksFor, type LineLook } from "@/shared/chart/looks";
import type { Track } from "@/shared/chart/track";
import { unitText } from "@/shared/format/units";
import { findSensor, nameOf, parentOf, type Tree } from "@/shared/plant/tree";
import type { Choice } from "@/shared/ui/choices";
import type { Stacked } from "./view";

export interface Chosen {
  path: string;
  /** Null where the plant has none, or one that measures no numbers. */
  sensor: Sensor | null;
  isNumber: boolean;
  name: string;
  machine: string;
  unit: string;
  look: LineLook;
}

export function chosenOf(tree: Tree, paths: readonly string[]): Chosen[] {
  const looks = looksFor(paths);
  return paths.map((path) => {
    const found = findSensor(tree, path);
    const isNumber = found?.datatype === "float";
    return {
      path, isNumber,
      sensor: found && isNumber ? found : null,
      name: found ? found.name || found.key : path,
      machine: nameOf(tree, parentOf(path)),
      unit: unitText(found?.unit),
      look: looks.get(path) ?? { colour: 0, dash: 0 },
    };
  });
}

/** Every sensor of the plant that measures numbers and is not chosen yet. */
export const choicesOf = (tree: Tree, chosen: readonly string[]): Choice[] => {
  const taken = new Set(chosen);
  return [...tree.machines, ...tree.platform].flatMap((machine) => (machine.sensors ?? [])
    .filter(({ datatype, path }) => datatype === "float" && !taken.has(path))
    .map((sensor) => ({ value: sensor.path, text: `${machine.name || machine.slug} · ${sensor.name || sensor.key}`, place: machine.path })));
};

/** A sensor with what is drawn of it: now, and earlier. */
export interface Drawn extends Chosen {
  sensor: Sensor;
  track: Track;
  earlier: Track | undefined;
}

/** One chart of those above one another. */
export interface Group {
  key: string;
  axes: ValueAxis[];
  lines: Line[];
  drawn: Drawn[];
}

/** Side by side no more axes than leave room for the chart. */
export const MOST_AXES = 4;
export const MOST_AXES_NARROW = 2;

export const unitsOf = (drawn: readonly Pick<Chosen, "unit">[]): string[] => [...new Set(drawn.map(({ unit }) => unit))];

/** How the charts lie: as asked for, but never with more axes beside one than fit. */
export const layoutOf = (asked: Stacked | undefined, units: number, narrow: boolean): Stacked | undefined =>
  asked ?? (units > (narrow ? MOST_AXES_NARROW : MOST_AXES) ? "unit" : undefined);

const keyOf = (unit: string): string => `v ${unit}`;

/** The charts, each with its lines and value axes; one for all has no title that says a unit, one of a sensor its limits. */
export function groupsOf(drawn: readonly Drawn[], stacked: Stacked | undefined): Group[] {
  const group = (key: string, own: Drawn[]): Group => {
    const alone = own.length === 1 && stacked === "sensor" ? own[0] : undefined;
    return {
      key,
      drawn: own,
      axes: unitsOf(own).map((unit) => ({ key: keyOf(unit), unit, ...(!stacked && { named: true }), ...(alone && { limits: alone.sensor.limits ?? {} }) })),
      // What was earlier lies under what is now.
      lines: [
        ...own.flatMap(({ path, earlier, unit, look }) => (earlier ? [{ key: `${path} earlier`, track: earlier, axis: keyOf(unit), colour: look.colour, dash: 2, band: false, thin: true }] : [])),
        ...own.map(({ path, track, unit, look }) => ({ key: path, track, axis: keyOf(unit), colour: look.colour, dash: look.dash, band: stacked === "sensor" })),
      ],
    };
  };
  if (drawn.length === 0) return [];
  if (stacked === "sensor") return drawn.map((one) => group(one.path, [one]));
  if (stacked === "unit") return unitsOf(drawn).map((unit) => group(unit, drawn.filter((one) => one.unit === unit)));
  return [group("all", [...drawn])];
}
