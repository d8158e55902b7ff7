/** What is said where a service says nothing itself. */

import { catalogue } from "@/shared/texts/catalogue";

export const texts = catalogue({
  answered: (status: number) => `The service answered ${status}`,
  noAnswer: "No answer",
  noAnswerMore: "Andon does not answer. Check the network; this page tries again by itself.",
}, {
  answered: (status: number) => `Der Dienst antwortete mit ${status}`,
  noAnswer: "Keine Antwort",
  noAnswerMore: "Andon antwortet nicht. Prüfen Sie das Netz; diese Seite versucht es von selbst wieder.",
});
