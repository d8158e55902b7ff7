/** Sections of a machine type's page while somebody lays them out. Pure. */

import type { Datatype } from "@/shared/api/types";
import type { Change } from "@/shared/model/changes";
import { textChange } from "@/shared/model/changes";
import type { Plain } from "@/shared/model/sensors";
import type { MachineType } from "@/shared/plant/queries";

export type Section = MachineType["page"]["sections"][number];
export type Show = Section["show"];

export const SHOWS: readonly Show[] = ["tiles", "bars", "states", "trend"];

const CAN: Record<Show, readonly Datatype[]> = { bars: ["float"], trend: ["float"], states: ["bool", "string"], tiles: ["float", "bool", "string"] };

/** Whether a sensor can be shown so: a line is drawn of numbers, a strip of states. */
export const canShow = (show: Show, { datatype }: Pick<Plain, "datatype">): boolean => CAN[show].includes(datatype);

/** Sections with only those sensors that there are and that can be shown so. */
export function fitting(sections: readonly Section[], sensors: readonly Plain[]): Section[] {
  const known = new Map(sensors.map((sensor) => [sensor.key, sensor]));
  return sections.map((section) => ({ ...section, sensors: section.sensors.filter((key) => { const sensor = known.get(key); return sensor && canShow(section.show, sensor); }) }));
}

export const isSectionWhole = ({ title, sensors }: Section): boolean => title.trim() !== "" && sensors.length > 0;

/** The list with one thing a place up (-1) or down (1). */
export function moved<T>(list: readonly T[], at: number, by: -1 | 1): T[] {
  const [one, other] = [list[at], list[at + by]];
  if (one === undefined || other === undefined) return [...list];
  return list.map((item, i) => (i === at ? other : i === at + by ? one : item));
}

export interface SectionWords {
  section: string;
  order: string;
  shows: Record<Show, string>;
}

/** Sections have no key but their title; what is otherwise is told as a whole. */
export function sectionChanges(before: readonly Section[], after: readonly Section[], words: SectionWords): Change[] {
  const say = ({ show, sensors }: Section): string => `${words.shows[show]}: ${sensors.join(", ")}`;
  const had = new Map(before.map((section) => [section.title, section]));
  const has = new Map(after.map((section) => [section.title, section]));
  const name = (title: string): string => `${words.section} ${title}`;
  const both = (list: readonly Section[]): string => list.map(({ title }) => title).filter((title) => had.has(title) && has.has(title)).join(", ");
  return [
    ...after.flatMap((section): Change[] => {
      const old = had.get(section.title);
      return old ? textChange(name(section.title), say(old), say(section)) : [{ look: "new", what: name(section.title) }];
    }),
    ...before.filter(({ title }) => !has.has(title)).map(({ title }): Change => ({ look: "gone", what: name(title) })),
    ...textChange(words.order, both(before), both(after)),
  ];
}
