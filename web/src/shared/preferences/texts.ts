/** Texts of preferences. */

import { catalogue } from "@/shared/texts/catalogue";

export const texts = catalogue({
  notKept: "Your settings hold in this browser, but were not kept with you",
}, {
  notKept: "Ihre Einstellungen gelten in diesem Browser, wurden aber nicht bei Ihnen gespeichert",
});
