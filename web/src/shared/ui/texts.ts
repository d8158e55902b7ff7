/** Words that every page uses. */

import { catalogue, many } from "@/shared/texts/catalogue";

export const words = catalogue({
  loading: "Loading…",
  failed: "This did not work",
  again: "Try again",
  close: "Close",
  cancel: "Cancel",
  save: "Save",
  remove: "Remove",
  edit: "Edit",
  undo: "Undo",
  all: "All",
  nothingMatches: "Nothing matches.",
  more: (n: number) => `${many(n, "more", "more")}: type to narrow them down.`,
  breadcrumb: "Breadcrumb",
  allSites: "All sites",
  noTime: "This is no time.",
  calendarFor: (label: string) => `Calendar for ${label}`,
}, {
  loading: "Lädt…",
  failed: "Das hat nicht geklappt",
  again: "Noch einmal",
  close: "Schließen",
  cancel: "Abbrechen",
  save: "Speichern",
  remove: "Entfernen",
  edit: "Bearbeiten",
  undo: "Rückgängig",
  all: "Alle",
  nothingMatches: "Nichts passt.",
  more: (n: number) => `${many(n, "weiterer", "weitere")}: tippen Sie weiter, um einzugrenzen.`,
  breadcrumb: "Pfad",
  allSites: "Alle Standorte",
  noTime: "Das ist keine Zeit.",
  calendarFor: (label: string) => `Kalender für ${label}`,
});
