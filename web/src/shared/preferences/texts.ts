/** Texts of preferences. */

import { catalogue } from "@/shared/texts/catalogue";

export const texts = catalogue({
  notKept: "Your settings hold in this browser, but are not saved with your account",
}, {
  notKept: "Ihre Einstellungen gelten in diesem Browser, sind aber nicht in Ihrem Konto gespeichert",
});
