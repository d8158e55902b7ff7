/** Words of strips of states. */

import { catalogue } from "@/shared/texts/catalogue";

export const texts = catalogue({
  lastHours: (shares: string) => `Last 8 hours: ${shares}`,
  nothing: "Nothing known of the last 8 hours",
}, {
  lastHours: (shares: string) => `Letzte 8 Stunden: ${shares}`,
  nothing: "Nichts bekannt aus den letzten 8 Stunden",
});
