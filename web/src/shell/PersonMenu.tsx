/** Who is signed in, whether this browser tells them of alarms, and the way out. */

import { useNavigate } from "@tanstack/react-router";
import { LogOut } from "lucide-react";
import { signOut, useSession } from "@/shared/api/session";
import { turnOff } from "@/shared/push/push";
import { NotifyMe } from "./NotifyMe";
import css from "./PersonMenu.module.css";

const PATIENCE_MS = 2_000;

/** A browser that several people use must not go on to tell of what the one before may see; nobody waits long for that. */
const hush = (): Promise<unknown> => Promise.race([turnOff().catch(() => undefined), new Promise((done) => setTimeout(done, PATIENCE_MS))]);

export function PersonMenu() {
  const person = useSession();
  const navigate = useNavigate();
  // From the first page, so that the next person is not led to where this one was.
  const leave = (): void => void hush().then(() => navigate({ to: "/" })).then(signOut);
  if (!person) return null;
  return (
    <div className={css["person"]}>
      <div className={css["who"]}>
        <strong>{person.name || "Signed in"}</strong>
        <small>{person.role}{person.scope && ` · ${person.scope}`}</small>
      </div>
      <NotifyMe key={person.name} person={person.name} />
      <button type="button" className={css["out"]} onClick={leave} aria-label="Sign out" title="Sign out"><LogOut size={18} /></button>
    </div>
  );
}
