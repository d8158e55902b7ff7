/** Preferences follow the person: theirs win once they sign in, and what they change is kept with them. */

import { get, put } from "@/shared/api/http";
import { onSession, session } from "@/shared/api/session";
import { tellError } from "@/shared/ui/tell";
import { onPreferences, prefer, preferences, readPreferences, type Preferences } from "./preferences";
import { texts } from "./texts";

const MINE = "/api/registry/v1/me/preferences";

const same = (a: Preferences, b: Preferences): boolean => JSON.stringify(readPreferences(a)) === JSON.stringify(readPreferences(b));

/** What the registry has of the one signed in; undefined until it has told. */
let known: Preferences | undefined;
let who = "";
let isBusy = false;
/** The language somebody chose before they signed in: they have just said what they want. */
let chosen: Preferences["language"] = "";

/** Choose the language of the page on which one signs in. */
export function speak(language: Preferences["language"]): void {
  chosen = language;
  prefer({ language });
}

async function take(): Promise<void> {
  const before = preferences();
  const found = readPreferences(await get(MINE));
  known = found;
  // What was changed meanwhile is newer.
  if (preferences() !== before) return keep();
  prefer(chosen ? { ...found, language: chosen } : found);
  chosen = "";
}

/** At once, for who chooses may sign out at once; while one request is on its way, only the last choice waits. */
async function keep(): Promise<void> {
  if (isBusy) return;
  isBusy = true;
  try {
    while (session() && known && !same(known, preferences())) {
      const [wanted, whose] = [preferences(), who];
      await put(MINE, {}, wanted);
      if (whose === who) known = wanted;
    }
  } catch (error) {
    tellError(texts().notKept, error);
  } finally {
    isBusy = false;
  }
}

function meet(): void {
  const name = session()?.name ?? "";
  if (name === who) return; // The same person with a newer token.
  who = name;
  known = undefined;
  // Without an answer, what this browser keeps holds until the next sign-in or reload.
  if (name) take().catch(() => undefined);
}

/** Called once, at the start. */
export function followPerson(): void {
  onSession(meet);
  onPreferences(() => void keep());
  meet();
}
