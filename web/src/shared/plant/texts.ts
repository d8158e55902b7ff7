/** Words of the plant that several pages use. */

import { countText } from "@/shared/format/number";
import { catalogue, many } from "@/shared/texts/catalogue";

export const texts = catalogue({
  kinds: { site: "Site", area: "Area", line: "Line", machine: "Machine" },
  part: "Part of the plant",
  wholePlant: "Whole plant",
  choose: "Choose…",
  machines: (n: number) => many(n, "machine", "machines"),
  running: (n: number, of: number) => `${countText(n)} of ${countText(of)} running`,
  alarms: (n: number) => many(n, "alarm", "alarms"),
  fresh: (n: number) => `${countText(n)} new`,
  silent: (n: number) => `${countText(n)} without fresh data`,
  silentOf: (n: number, of: number) => `${countText(n)} of ${countText(of)} without fresh data`,
  noMachines: "No machines yet",
  isRunning: "Running",
  inFault: "Machine in fault",
  heard: (age: string) => `Data ${age} old`,
  heardBetween: (newest: string, oldest: string) => `Data ${newest} to ${oldest} old`,
  heardTitle: "Age of the newest data; where they differ, of the machine heard last and of the one heard longest ago",
  neverHeard: "No data yet",
  qualities: { good: "good", uncertain: "uncertain", bad: "bad", stale: "stale" },
}, {
  kinds: { site: "Standort", area: "Bereich", line: "Linie", machine: "Maschine" },
  part: "Teil der Anlage",
  wholePlant: "Ganze Anlage",
  choose: "Auswählen…",
  machines: (n: number) => many(n, "Maschine", "Maschinen"),
  running: (n: number, of: number) => `${countText(n)} von ${countText(of)} laufen`,
  alarms: (n: number) => many(n, "Alarm", "Alarme"),
  fresh: (n: number) => `${countText(n)} neu`,
  silent: (n: number) => `${countText(n)} ohne frische Daten`,
  silentOf: (n: number, of: number) => `${countText(n)} von ${countText(of)} ohne frische Daten`,
  noMachines: "Noch keine Maschinen",
  isRunning: "Läuft",
  inFault: "Maschine gestört",
  heard: (age: string) => `Daten ${age} alt`,
  heardBetween: (newest: string, oldest: string) => `Daten ${newest} bis ${oldest} alt`,
  heardTitle: "Alter der neuesten Daten; wo es sich unterscheidet, der zuletzt und der am längsten nicht gehörten Maschine",
  neverHeard: "Noch keine Daten",
  qualities: { good: "gut", uncertain: "unsicher", bad: "schlecht", stale: "veraltet" },
});
