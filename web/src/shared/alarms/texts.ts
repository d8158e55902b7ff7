/** Words of alarms on every page. */

import { catalogue, many } from "@/shared/texts/catalogue";

export const texts = catalogue({
  states: {
    unacknowledged: "Not acknowledged", acknowledged: "Acknowledged", returned: "Returned, not acknowledged", normal: "Closed",
    shelved: "Shelved", suppressed: "Suppressed", "out-of-service": "Out of service", latched: "Latched",
  },
  /** One letter each, inside the mark of the state. */
  letters: {
    unacknowledged: "U", acknowledged: "A", returned: "R", normal: "C", shelved: "S", suppressed: "X", "out-of-service": "O", latched: "L",
  },
  events: {
    raised: "Raised", escalated: "Became more severe", eased: "Became less severe", cleared: "Back to normal", current: "Still there, people are called",
    acknowledged: "Acknowledged", realarmed: "Asked again", reset: "Reset", shelved: "Shelved", unshelved: "Unshelved", suppressed: "Suppressed",
    released: "No longer suppressed", "out-of-service": "Taken out of service", "in-service": "Put back in service", commented: "Comment",
    assigned: "Assigned", closed: "Closed: its rule or sensor is gone",
  },
  until: (state: string, time: string) => `${state} until ${time}`,
  by: (what: string, who: string) => `${what} by ${who}`,
  closedBy: (who: string) => `Closed, acknowledged by ${who}`,
  latchedBy: (who: string) => `Latched, acknowledged by ${who}`,
  latchedUnseen: "Latched, not acknowledged",
  saying: (text: string) => `: “${text}”`,
  lasted: (length: string) => `lasted ${length}`,
  messages: {
    pending: "Waiting", sending: "Being sent", sent: "Delivered", failed: "Not delivered", merged: "Told by another message", muted: "Not told",
    superseded: "Not needed any more",
  },
  over: "Over",
  tries: (n: number) => `, after ${n} tries`,
  nextTry: (time: string) => `, next try at ${time}`,
  acknowledge: "Acknowledge",
  acknowledging: "Acknowledging…",
  acknowledgeThis: (alarm: string) => `Acknowledge ${alarm}`,
  acknowledgeTitle: (n: number) => (n === 1 ? "Acknowledge alarm" : `Acknowledge ${many(n, "alarm", "alarms")}`),
  andMore: (n: number) => `and ${many(n, "more", "more")}`,
  comment: "Comment",
  commentHint: "What is being done, and by whom. May stay empty.",
  moreInList: (n: number) => `${many(n, "more", "more")} in the alarm list`,
}, {
  states: {
    unacknowledged: "Nicht quittiert", acknowledged: "Quittiert", returned: "Gegangen, nicht quittiert", normal: "Abgeschlossen",
    shelved: "Zurückgestellt", suppressed: "Unterdrückt", "out-of-service": "Außer Betrieb", latched: "Gespeichert",
  },
  letters: {
    unacknowledged: "N", acknowledged: "Q", returned: "G", normal: "A", shelved: "Z", suppressed: "U", "out-of-service": "B", latched: "S",
  },
  events: {
    raised: "Gekommen", escalated: "Schwerer geworden", eased: "Leichter geworden", cleared: "Wieder normal", current: "Steht noch an, Bereitschaft gerufen",
    acknowledged: "Quittiert", realarmed: "Erneut gemeldet", reset: "Zurückgesetzt", shelved: "Zurückgestellt", unshelved: "Wieder gezeigt", suppressed: "Unterdrückt",
    released: "Nicht mehr unterdrückt", "out-of-service": "Außer Betrieb genommen", "in-service": "Wieder in Betrieb", commented: "Kommentar",
    assigned: "Zugewiesen", closed: "Abgeschlossen: Regel oder Sensor gibt es nicht mehr",
  },
  until: (state: string, time: string) => `${state} bis ${time}`,
  by: (what: string, who: string) => `${what} von ${who}`,
  closedBy: (who: string) => `Abgeschlossen, quittiert von ${who}`,
  latchedBy: (who: string) => `Gespeichert, quittiert von ${who}`,
  latchedUnseen: "Gespeichert, nicht quittiert",
  saying: (text: string) => `: „${text}“`,
  lasted: (length: string) => `dauerte ${length}`,
  messages: {
    pending: "Wartet", sending: "Wird gesendet", sent: "Zugestellt", failed: "Nicht zugestellt", merged: "In anderer Nachricht enthalten", muted: "Nicht gemeldet",
    superseded: "Nicht mehr nötig",
  },
  over: "Vorbei",
  tries: (n: number) => `, nach ${n} Versuchen`,
  nextTry: (time: string) => `, nächster Versuch um ${time}`,
  acknowledge: "Quittieren",
  acknowledging: "Wird quittiert…",
  acknowledgeThis: (alarm: string) => `Quittieren: ${alarm}`,
  acknowledgeTitle: (n: number) => (n === 1 ? "Alarm quittieren" : `${many(n, "Alarm", "Alarme")} quittieren`),
  andMore: (n: number) => `und ${many(n, "weiterer", "weitere")}`,
  comment: "Kommentar",
  commentHint: "Was getan wird, und von wem. Kann leer bleiben.",
  moreInList: (n: number) => `${many(n, "weiterer", "weitere")} in der Alarmliste`,
});
