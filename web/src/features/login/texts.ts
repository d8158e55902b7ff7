/** Texts of the page on which one signs in. */

import { catalogue } from "@/shared/texts/catalogue";

export const texts = catalogue({
  title: "Sign in",
  claim: "See the factory, from the whole company down to one sensor.",
  name: "Name",
  password: "Password",
  show: "Show what is typed",
  signIn: "Sign in",
  signingIn: "Signing in…",
  wrong: "Name or password is wrong. Check the Caps Lock key; an admin can set a new password.",
  tooOften: "Too many attempts. Wait a minute, then try again.",
  language: "Language",
  first: "First start? The password of",
  isIn: "is in",
}, {
  title: "Anmelden",
  claim: "Die Fabrik sehen: vom ganzen Unternehmen bis zum einzelnen Sensor.",
  name: "Name",
  password: "Passwort",
  show: "Eingabe zeigen",
  signIn: "Anmelden",
  signingIn: "Meldet an…",
  wrong: "Name oder Passwort ist falsch. Prüfen Sie die Feststelltaste; ein Administrator kann ein neues Passwort setzen.",
  tooOften: "Zu viele Versuche. Warten Sie eine Minute, dann noch einmal.",
  language: "Sprache",
  first: "Erster Start? Das Passwort von",
  isIn: "steht in",
});
