/** Texts of the plant's tree. */

import { catalogue, many } from "@/shared/texts/catalogue";

export const texts = catalogue({
  title: "Plant tree",
  filter: "Filter the tree",
  close: "Close the tree",
  nothing: "Nothing matches.",
  more: (n: number) => `${many(n, "more place", "more places")}: type on to narrow them down.`,
  expand: (name: string) => `Open or close ${name}`,
  waiting: (n: number) => `${many(n, "alarm", "alarms")} not acknowledged`,
}, {
  title: "Anlagenbaum",
  filter: "Baum filtern",
  close: "Baum schließen",
  nothing: "Nichts passt.",
  more: (n: number) => `${many(n, "weiterer Ort", "weitere Orte")}: Tippen Sie weiter, um einzugrenzen.`,
  expand: (name: string) => `${name} auf- oder zuklappen`,
  waiting: (n: number) => `${many(n, "Alarm", "Alarme")} nicht quittiert`,
});
