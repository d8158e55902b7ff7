/** Why a browser cannot be told, in words for whoever wants to be. */

import { catalogue } from "@/shared/texts/catalogue";

export const texts = catalogue({
  insecure: "Browsers notify only over https. Open Andon by an https address.",
  unable: "This browser knows no notifications of pages.",
  denied: "This browser was told not to notify for Andon. Allow it in the settings of this page.",
  notAllowed: "You have not allowed it. Allow notifications for Andon when the browser asks.",
  silent: "it does not answer. This computer must reach the internet for that",
  refuses: (why: string) => `The push service of this browser's maker refuses: ${why}`,
}, {
  insecure: "Browser melden nur über https. Öffnen Sie Andon mit einer https-Adresse.",
  unable: "Dieser Browser kennt keine Benachrichtigungen von Seiten.",
  denied: "In diesem Browser sind Benachrichtigungen für Andon gesperrt. Erlauben Sie sie in den Einstellungen dieser Seite.",
  notAllowed: "Sie haben es nicht erlaubt. Erlauben Sie Benachrichtigungen für Andon, wenn der Browser fragt.",
  silent: "er antwortet nicht. Dieser Rechner muss dafür das Internet erreichen",
  refuses: (why: string) => `Der Push-Dienst des Browserherstellers lehnt ab: ${why}`,
});
