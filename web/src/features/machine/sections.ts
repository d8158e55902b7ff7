/** What a machine's page shows, from top to bottom: as its type decides, for all machines of the type alike. Pure. */

import type { Sensor } from "@/shared/api/types";

export type Show = "bars" | "trend" | "states" | "tiles";

export interface Section {
  /** '' where the type says nothing: the page has its own word for it. */
  title: string;
  show: Show;
  sensors: readonly Sensor[];
}

/** What is used of a machine type. */
export interface TypePage {
  page: { sections: readonly { title: string; show: Show; sensors: readonly string[] }[] };
}

const isNumber = ({ datatype }: Sensor): boolean => datatype === "float";

/** Lines are drawn of numbers, strips of states and switches. */
const FITS: Record<Show, (sensor: Sensor) => boolean> = { bars: () => true, tiles: () => true, trend: isNumber, states: (s) => !isNumber(s) };

/** As many lines as are told apart in one chart. */
const MOST_LINES = 3;

/** Without a type that decides: every value, the states of the day, and the trend of those with the most limits. */
function usual(sensors: readonly Sensor[]): Section[] {
  const limits = (s: Sensor): number => Object.values(s.limits ?? {}).filter((v) => typeof v === "number").length;
  const trend = sensors.filter(isNumber).sort((a, b) => limits(b) - limits(a)).slice(0, MOST_LINES);
  const states = sensors.filter(FITS.states);
  return [{ show: "bars" as const, sensors }, { show: "states" as const, sensors: states }, { show: "trend" as const, sensors: trend }]
    .filter((section) => section.sensors.length > 0).map((section) => ({ title: "", ...section }));
}

/** The sections of a page; what the type shows nowhere stands at the end, for no value may be out of reach. */
export function sectionsOf(sensors: readonly Sensor[], type: TypePage | undefined): Section[] {
  const chosen = (type?.page.sections ?? []).map(({ title, show, sensors: keys }) => ({
    title, show, sensors: keys.flatMap((key) => sensors.find((s) => s.key === key) ?? []).filter(FITS[show]),
  })).filter((section) => section.sensors.length > 0);
  if (chosen.length === 0) return usual(sensors);
  const shown = new Set(chosen.flatMap((section) => section.sensors));
  const others = sensors.filter((s) => !shown.has(s));
  return others.length > 0 ? [...chosen, { title: "", show: "bars", sensors: others }] : chosen;
}
