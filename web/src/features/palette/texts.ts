/** Texts of the search over the whole plant. */

import { catalogue, many } from "@/shared/texts/catalogue";

export const texts = catalogue({
  title: "Search the plant",
  placeholder: "Machine, sensor, page or action…",
  results: "Results",
  kinds: { site: "Site", area: "Area", line: "Line", machine: "Machine", sensor: "Sensor", page: "Page", action: "Action", view: "View" },
  recent: "recent",
  nothing: "Nothing matches. Try fewer or other words: part of a name, a place, a path.",
  more: (n: number) => `${many(n, "more match", "more matches")}: type on to narrow them down.`,
  keys: "↑ ↓ choose · Enter opens · Esc closes",
  actions: {
    light: "Light theme", dark: "Dark theme", contrast: "High-contrast theme",
    language: "Auf Deutsch wechseln", signOut: "Sign out", tv: "Board for the wall", here: "Board for this place",
  },
  also: {
    light: "theme appearance bright day", dark: "theme appearance night", contrast: "theme appearance sun", language: "language german sprache deutsch",
    signOut: "log out leave", tv: "andon tv mode shop floor screen", here: "andon tv mode",
  },
}, {
  title: "In der Anlage suchen",
  placeholder: "Maschine, Sensor, Seite oder Aktion…",
  results: "Treffer",
  kinds: { site: "Standort", area: "Bereich", line: "Linie", machine: "Maschine", sensor: "Sensor", page: "Seite", action: "Aktion", view: "Ansicht" },
  recent: "zuletzt",
  nothing: "Nichts passt. Versuchen Sie weniger oder andere Wörter: einen Teil des Namens, einen Ort, einen Pfad.",
  more: (n: number) => `${many(n, "weiterer Treffer", "weitere Treffer")}: Tippen Sie weiter, um einzugrenzen.`,
  keys: "↑ ↓ wählen · Enter öffnet · Esc schließt",
  actions: {
    light: "Helles Design", dark: "Dunkles Design", contrast: "Design mit hohem Kontrast",
    language: "Switch to English", signOut: "Abmelden", tv: "Tafel für die Wand", here: "Tafel für diesen Ort",
  },
  also: {
    light: "thema farben tag", dark: "thema farben nacht", contrast: "thema farben sonne", language: "sprache englisch language english",
    signOut: "ausloggen verlassen", tv: "andon tv halle bildschirm", here: "andon tv",
  },
});
