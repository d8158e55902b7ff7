/** One's own password; other sessions end with the old one. */

import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { post } from "@/shared/api/http";
import { Button } from "@/shared/ui/Button";
import { Buttons, TextField } from "@/shared/ui/Form";
import { Failure } from "@/shared/ui/Page";
import { tell } from "@/shared/ui/tell";
import { texts } from "./texts";

const EMPTY = { present: "", fresh: "", again: "" };

export function PasswordForm({ username }: { username: string }) {
  const [typed, setTyped] = useState(EMPTY);
  const { present, fresh, freshHint, again, unequal, change, changed } = texts();
  const set = (field: keyof typeof EMPTY) => (text: string) => setTyped((now) => ({ ...now, [field]: text }));
  const changing = useMutation({
    mutationFn: () => post("/api/registry/v1/me/password", {}, { current: typed.present, new: typed.fresh }),
    onSuccess: () => {
      setTyped(EMPTY);
      tell(changed);
    },
  });
  const differs = typed.again !== "" && typed.again !== typed.fresh;
  return (
    <form onSubmit={(e) => { e.preventDefault(); changing.mutate(); }}>
      {/* For the browser's keeper of passwords. */}
      <input type="text" autoComplete="username" value={username} readOnly hidden />
      <TextField label={present} type="password" autoComplete="current-password" value={typed.present} onText={set("present")} />
      <TextField label={fresh} hint={freshHint} type="password" autoComplete="new-password" value={typed.fresh} onText={set("fresh")} />
      <TextField label={again} type="password" autoComplete="new-password" value={typed.again} onText={set("again")} hint={differs && unequal} aria-invalid={differs} />
      {changing.error && <Failure error={changing.error} />}
      <Buttons><Button type="submit" disabled={changing.isPending || !typed.present || !typed.fresh || typed.again !== typed.fresh}>{change}</Button></Buttons>
    </form>
  );
}
