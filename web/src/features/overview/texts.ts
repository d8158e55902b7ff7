/** Texts of the overview. */

import { catalogue } from "@/shared/texts/catalogue";

export const texts = catalogue({
  title: "All sites",
  tv: "Board for the wall",
  summary: "Summary",
  machinesRunning: "machines running",
  stopped: "stopped",
  silent: "without fresh data",
  machinesOf: (name: string) => `Machines of ${name}`,
  isHow: (name: string, how: string) => `${name}: ${how}`,
  emptyBefore: "The plant is empty. Add sites under “Plant model”, or describe it in a file and run",
  emptyBetween: ", or stop Andon and start it with",
  emptyAfter: ", which brings a demo factory.",
}, {
  title: "Alle Standorte",
  tv: "Tafel für die Wand",
  summary: "Zusammenfassung",
  machinesRunning: "Maschinen laufen",
  stopped: "stehen",
  silent: "ohne frische Daten",
  machinesOf: (name: string) => `Maschinen von ${name}`,
  isHow: (name: string, how: string) => `${name}: ${how}`,
  emptyBefore: "Die Anlage ist leer. Fügen Sie unter „Anlagenmodell“ Standorte hinzu, oder beschreiben Sie sie in einer Datei und führen Sie",
  emptyBetween: "aus, oder beenden Sie Andon und starten Sie es mit",
  emptyAfter: ", dann ist eine Demofabrik dabei.",
});
