/** Texts of addresses that lead nowhere. */

import { catalogue } from "@/shared/texts/catalogue";

export const texts = catalogue({
  noPage: "No such page",
  noPageHint: "The address may be mistyped, or the page has moved.",
  goTo: "Go to the overview of all sites",
  orChoose: ", or choose a page from the navigation.",
  notFound: "Not found",
  nothingHere: "Nothing here",
  noPlace: "The plant has no such place, or it lies outside your part of the plant. Start again from “All sites”.",
}, {
  noPage: "Diese Seite gibt es nicht",
  noPageHint: "Vielleicht ist die Adresse vertippt, oder die Seite ist umgezogen.",
  goTo: "Zur Übersicht aller Standorte",
  orChoose: ", oder wählen Sie eine Seite aus der Navigation.",
  notFound: "Nicht gefunden",
  nothingHere: "Hier ist nichts",
  noPlace: "Diesen Ort gibt es in der Anlage nicht, oder er liegt außerhalb Ihres Teils der Anlage. Beginnen Sie noch einmal bei „Alle Standorte“.",
});
