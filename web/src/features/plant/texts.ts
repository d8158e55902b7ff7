/** Texts of the page of a site, an area or a line. */

import { catalogue, many } from "@/shared/texts/catalogue";

export const texts = catalogue({
  hint: (kind: string, running: string) => `${kind} · ${running}`,
  openAlarms: (n: number) => many(n, "open alarm", "open alarms"),
  nothingBelow: (name: string) => `Nothing below ${name} yet. An engineer adds it in the plant model.`,
  parts: "Parts, the worst first",
  machines: "Machines, the worst first",
  head: { machine: "Machine", states: "States of the last 8 hours", values: "Values" },
  statesOf: (name: string) => `States of ${name}`,
  board: "Board for the wall",
  compare: "Compare",
}, {
  hint: (kind: string, running: string) => `${kind} · ${running}`,
  openAlarms: (n: number) => many(n, "offener Alarm", "offene Alarme"),
  nothingBelow: (name: string) => `Unter ${name} gibt es noch nichts. Es wird im Anlagenmodell hinzugefügt.`,
  parts: "Teile, das Schlimmste zuerst",
  machines: "Maschinen, die schlimmste zuerst",
  head: { machine: "Maschine", states: "Zustände der letzten 8 Stunden", values: "Messwerte" },
  statesOf: (name: string) => `Zustände von ${name}`,
  board: "Tafel für die Wand",
  compare: "Vergleichen",
});
