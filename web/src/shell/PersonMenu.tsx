/** Who is signed in, and the way out. */

import { useNavigate } from "@tanstack/react-router";
import { LogOut } from "lucide-react";
import { signOut, useSession } from "@/shared/api/session";
import css from "./PersonMenu.module.css";

export function PersonMenu() {
  const person = useSession();
  const navigate = useNavigate();
  // From the first page, so that the next person is not led to where this one was.
  const leave = (): void => void navigate({ to: "/" }).then(signOut);
  if (!person) return null;
  return (
    <div className={css["person"]}>
      <div className={css["who"]}>
        <strong>{person.name || "Signed in"}</strong>
        <small>{person.role}{person.scope && ` · ${person.scope}`}</small>
      </div>
      <button type="button" className={css["out"]} onClick={leave} aria-label="Sign out" title="Sign out"><LogOut size={18} /></button>
    </div>
  );
}
