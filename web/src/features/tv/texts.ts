/** Texts of the board for the wall. */

import { countText } from "@/shared/format/number";
import { catalogue, many } from "@/shared/texts/catalogue";

export const texts = catalogue({
  board: "Board",
  wholePlant: "All sites",
  running: "running",
  stopped: "stopped",
  silent: "no data",
  alarms: (n: number) => (n === 1 ? "alarm" : "alarms"),
  unacknowledged: "new",
  moreParts: (n: number) => `and ${many(n, "more", "more")}, all calmer`,
  lastChange: (what: string, ago: string) => `Last change ${ago} ago: ${what}`,
  noChange: "No change yet",
  live: "Live",
  connecting: "Connecting…",
  lost: (since: string) => `No connection for ${since}. Values are old.`,
  place: (at: number, of: number) => `${countText(at)} / ${countText(of)}`,
  keys: "Arrow keys: step. F: full screen. Esc: leave.",
  nowhere: (path: string) => `The plant has no “${path}”. Correct “under” in the address.`,
}, {
  board: "Tafel",
  wholePlant: "Alle Standorte",
  running: "laufen",
  stopped: "stehen",
  silent: "ohne Daten",
  alarms: (n: number) => (n === 1 ? "Alarm" : "Alarme"),
  unacknowledged: "neu",
  moreParts: (n: number) => `und ${many(n, "weiterer, ruhiger", "weitere, alle ruhiger")}`,
  lastChange: (what: string, ago: string) => `Letzte Änderung vor ${ago}: ${what}`,
  noChange: "Noch keine Änderung",
  live: "Live",
  connecting: "Verbindet…",
  lost: (since: string) => `Keine Verbindung seit ${since}. Die Werte sind alt.`,
  place: (at: number, of: number) => `${countText(at)} / ${countText(of)}`,
  keys: "Pfeiltasten: blättern. F: Vollbild. Esc: verlassen.",
  nowhere: (path: string) => `Die Anlage hat kein „${path}“. Berichtigen Sie „under“ in der Adresse.`,
});
