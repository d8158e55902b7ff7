/** Add a person, or change what they may do. */

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { patch, post } from "@/shared/api/http";
import { useSession } from "@/shared/api/session";
import type { Person, Role } from "@/shared/api/types";
import { PartField } from "@/shared/plant/PartField";
import { Button } from "@/shared/ui/Button";
import { Dialog } from "@/shared/ui/Dialog";
import { Buttons, PickField, TextField } from "@/shared/ui/Form";
import { Failure } from "@/shared/ui/Page";
import { PEOPLE, PEOPLE_URL, ROLE_TEXT, ROLES } from "./roles";

const LEAST_LENGTH = 10;

export function PersonDialog({ person, onClose }: { person?: Person | undefined; onClose: () => void }) {
  const own = useSession()?.scope ?? "";
  const [username, setUsername] = useState(person?.username ?? "");
  const [password, setPassword] = useState("");
  const [role, setRole] = useState<Role>(person?.role ?? "viewer");
  const [scope, setScope] = useState(person?.scope);
  const client = useQueryClient();
  const isWhole = scope !== undefined && (person !== undefined || (username.trim() !== "" && password.length >= LEAST_LENGTH));
  const saving = useMutation({
    mutationFn: () => {
      const body = { role, scope: scope || own };
      if (!person) return post(PEOPLE_URL, {}, { ...body, username: username.trim(), password });
      return patch(`${PEOPLE_URL}/{person_id}`, { person_id: person.id }, password ? { ...body, password } : body);
    },
    onSuccess: () => { void client.invalidateQueries({ queryKey: PEOPLE }); onClose(); },
  });
  return (
    <Dialog title={person ? `Change ${person.username}` : "Add person"} onClose={onClose}>
      <form onSubmit={(e) => { e.preventDefault(); saving.mutate(); }}>
        {!person && <TextField label="Name to sign in with" value={username} onText={setUsername} autoComplete="off" required maxLength={63} autoFocus
          pattern="[A-Za-z0-9][A-Za-z0-9._@+\-]*" title="Letters, digits and . _ @ + -" />}
        <TextField label={person ? "New password" : "Password"} type="password" value={password} onText={setPassword} autoComplete="new-password"
          minLength={LEAST_LENGTH} required={!person} hint={person ? "Leave empty to keep the old one." : `At least ${LEAST_LENGTH} characters.`} />
        <PickField label="Role" value={role} onPick={(v) => setRole(ROLES.find((r) => r === v) ?? "viewer")}
          options={ROLES.map((r) => [r, ROLE_TEXT[r].name] as const)} hint={ROLE_TEXT[role].may} />
        <PartField label="Part of the plant" value={scope} onPick={setScope} whole={own || "Whole plant"} />
        {person && <p>They are signed out and sign in again with what they may do from now on.</p>}
        {saving.error && <Failure error={saving.error} />}
        <Buttons>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="main" type="submit" disabled={saving.isPending || !isWhole}>{person ? "Save" : "Add person"}</Button>
        </Buttons>
      </form>
    </Dialog>
  );
}
