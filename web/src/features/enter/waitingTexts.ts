/** Texts of readings that wait, which every page may have to tell of. */

import { catalogue, many } from "@/shared/texts/catalogue";

export const waitingTexts = catalogue({
  full: "Too many readings wait in this browser already. Get to a network first; what you have typed stays here.",
  sentLater: (n: number) => `${many(n, "entry", "entries")} that waited in this browser: stored`,
  refusedLater: (n: number) => `${many(n, "entry", "entries")} that waited: refused. Look under “Enter readings”.`,
  waiting: (n: number) => `${many(n, "entry", "entries")} not yet stored`,
  leaveTitle: "Sign out?",
  leave: "Sign out",
  leaveText: (n: number) => `${many(n, "entry of yours is", "entries of yours are")} not yet stored. They stay in this browser, and go on their way when you sign in here again; nobody else sees them.`,
}, {
  full: "In diesem Browser warten schon zu viele Messwerte. Gehen Sie zuerst an eine Stelle mit Netz; Ihre Eingabe bleibt stehen.",
  sentLater: (n: number) => `${many(n, "Eingabe", "Eingaben")}, die in diesem Browser gewartet hatten: gespeichert`,
  refusedLater: (n: number) => `${many(n, "wartende Eingabe", "wartende Eingaben")} abgewiesen. Sehen Sie unter „Messwerte eingeben“ nach.`,
  waiting: (n: number) => `${many(n, "Eingabe", "Eingaben")} noch nicht gespeichert`,
  leaveTitle: "Abmelden?",
  leave: "Abmelden",
  leaveText: (n: number) => `${many(n, "Ihrer Eingaben ist", "Ihrer Eingaben sind")} noch nicht gespeichert. Sie bleiben in diesem Browser und werden gesendet, wenn Sie sich hier wieder anmelden; niemand sonst sieht sie.`,
});
