/** Texts of the labels. */

import { catalogue, many } from "@/shared/texts/catalogue";

export const texts = catalogue({
  title: "Labels",
  hint: "For each machine, a code that leads a phone to its form. 21 on a sheet of A4 (63.5 × 38.1 mm).",
  base: "Address of Andon",
  baseHint: "By which phones on the shop floor reach it.",
  unreachable: "Phones do not reach this address: it means this computer itself. Type the one by which others reach Andon.",
  elsewhere: "You are here by another address. Make sure that this one is Andon's before you print.",
  noAddress: "This is no address. Write for example https://andon.example.com.",
  print: (n: number) => `Print ${many(n, "label", "labels")}`,
  none: "There is no machine in this part of the plant.",
  sheet: "Labels to print",
  codeOf: (name: string) => `Code of ${name}`,
}, {
  title: "Etiketten",
  hint: "Je Maschine ein Code, der ein Telefon zu ihrem Formular führt. 21 auf einem Bogen A4 (63,5 × 38,1 mm).",
  base: "Adresse von Andon",
  baseHint: "Unter der Telefone in der Halle es erreichen.",
  unreachable: "Telefone erreichen diese Adresse nicht, denn sie meint diesen Rechner selbst. Geben Sie die ein, unter der andere Andon erreichen.",
  elsewhere: "Sie sind hier unter einer anderen Adresse. Prüfen Sie vor dem Drucken, dass diese zu Andon führt.",
  noAddress: "Das ist keine Adresse. Schreiben Sie zum Beispiel https://andon.example.com.",
  print: (n: number) => `${many(n, "Etikett", "Etiketten")} drucken`,
  none: "In diesem Teil der Anlage steht keine Maschine.",
  sheet: "Etiketten zum Drucken",
  codeOf: (name: string) => `Code von ${name}`,
});
