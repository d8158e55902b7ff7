/** Add a person, or change what they may do. */

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { patch, post } from "@/shared/api/http";
import { useSession } from "@/shared/api/session";
import type { Person, Role } from "@/shared/api/types";
import { PartField } from "@/shared/plant/PartField";
import { texts as plantTexts } from "@/shared/plant/texts";
import { Button } from "@/shared/ui/Button";
import { Dialog } from "@/shared/ui/Dialog";
import { Buttons, PickField, TextField } from "@/shared/ui/Form";
import { Failure } from "@/shared/ui/Page";
import { tell } from "@/shared/ui/tell";
import { words } from "@/shared/ui/texts";
import { isUsername, LEAST_LENGTH, PEOPLE, PEOPLE_URL, ROLES } from "./roles";
import { texts } from "./texts";

interface Props {
  /** Undefined: a new one. */
  person?: Person | undefined;
  /** Names that are taken. */
  taken: readonly string[];
  onClose: () => void;
}

export function PersonDialog({ person, taken, onClose }: Props) {
  const t = texts();
  const own = useSession()?.scope ?? "";
  const [username, setUsername] = useState(person?.username ?? "");
  const [password, setPassword] = useState("");
  const [role, setRole] = useState<Role>(person?.role ?? "viewer");
  const [scope, setScope] = useState(person?.scope);
  const client = useQueryClient();
  const fault = person || username === "" ? "" : !isUsername(username) ? t.usernameHint : taken.includes(username) ? t.usernameTaken : "";
  const isPasswordWhole = password.length >= LEAST_LENGTH || (person !== undefined && password === "");
  const saving = useMutation({
    mutationFn: () => {
      const body = { role, scope: scope || own };
      if (!person) return post(PEOPLE_URL, {}, { ...body, username, password });
      return patch(`${PEOPLE_URL}/{person_id}`, { person_id: person.id }, password ? { ...body, password } : body);
    },
    onSuccess: () => { tell(person ? t.saved(username) : t.added(username)); void client.invalidateQueries({ queryKey: PEOPLE }); onClose(); },
  });
  return (
    <Dialog title={person ? t.change(person.username) : t.add} onClose={onClose}>
      <form onSubmit={(e) => { e.preventDefault(); saving.mutate(); }}>
        {!person && <TextField label={t.username} value={username} onText={(text) => setUsername(text.trim())} autoComplete="off" required maxLength={63} autoFocus autoCapitalize="none" spellCheck={false}
          aria-invalid={fault !== ""} hint={fault ? <b>{fault}</b> : t.usernameHint} />}
        <TextField label={person ? t.newPassword : t.password} type="password" value={password} onText={setPassword} autoComplete="new-password"
          minLength={LEAST_LENGTH} required={!person} hint={person && password === "" ? t.passwordKept : t.passwordHint(LEAST_LENGTH)} />
        <PickField label={t.role} value={role} onPick={setRole} options={ROLES.map((r) => [r, words().roles[r]] as const)} hint={t.may[role]} />
        <PartField value={scope} onPick={setScope} whole={own || plantTexts().wholePlant} />
        {person && <p>{t.again}</p>}
        {saving.error && <Failure error={saving.error} />}
        <Buttons>
          <Button onClick={onClose}>{words().cancel}</Button>
          <Button look="main" type="submit" disabled={saving.isPending || scope === undefined || username === "" || fault !== "" || !isPasswordWhole}>{person ? words().save : t.add}</Button>
        </Buttons>
      </form>
    </Dialog>
  );
}

/** What one cannot do to oneself, and who can. */
export function OwnDialog({ person, onClose }: { person: Person; onClose: () => void }) {
  const t = texts();
  return (
    <Dialog title={t.change(person.username)} onClose={onClose}>
      <p>{t.own}</p>
      <p><Link to="/settings">{t.toSettings}</Link></p>
      <Buttons><Button look="main" onClick={onClose}>{words().close}</Button></Buttons>
    </Dialog>
  );
}
