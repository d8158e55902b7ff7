/** Sign in; afterwards the page that was asked for opens. */

import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { send } from "@/shared/api/http";
import { signIn } from "@/shared/api/session";
import { Button } from "@/shared/ui/Button";
import { TextField } from "@/shared/ui/Form";
import { Failure } from "@/shared/ui/Page";
import css from "./LoginPage.module.css";

async function askToken(username: string, password: string): Promise<string> {
  const body = new URLSearchParams({ grant_type: "password", username, password });
  const response = await send("post", "/api/registry/v1/auth/token", {}, { body });
  return ((await response.json()) as { access_token: string }).access_token;
}

export function LoginPage({ next }: { next: string }) {
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const navigate = useNavigate();

  async function submit(event: React.FormEvent): Promise<void> {
    event.preventDefault();
    setBusy(true);
    try {
      signIn(await askToken(username.trim(), password));
      await navigate({ href: next, replace: true });
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  }

  return (
    <main className={css["page"]}>
      <form className={css["card"]} onSubmit={(e) => void submit(e)}>
        <img src="/andon.svg" alt="" width="56" height="56" />
        <h1>Andon</h1>
        <p>See the factory, from the whole company down to one sensor.</p>
        <TextField label="Name" value={username} onText={setUsername} autoComplete="username" autoFocus required />
        <TextField label="Password" type="password" value={password} onText={setPassword} autoComplete="current-password" required />
        {error !== null && <Failure error={error} />}
        <Button look="main" type="submit" disabled={busy || !username || !password}>{busy ? "Signing in…" : "Sign in"}</Button>
        <small>First start? The password of <code>admin</code> is in <code>.andon/admin-password</code>.</small>
      </form>
    </main>
  );
}
