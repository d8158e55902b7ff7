/** Sign in; afterwards the page that was asked for opens. */

import { useNavigate } from "@tanstack/react-router";
import { Eye, EyeOff } from "lucide-react";
import { useEffect, useState } from "react";
import { Problem, send } from "@/shared/api/http";
import { signIn } from "@/shared/api/session";
import { Button } from "@/shared/ui/Button";
import { TextField } from "@/shared/ui/Form";
import { Failure } from "@/shared/ui/Page";
import { LanguageChoice } from "./LanguageChoice";
import css from "./LoginPage.module.css";
import { texts } from "./texts";

async function askToken(username: string, password: string): Promise<string> {
  const body = new URLSearchParams({ grant_type: "password", username, password });
  const response = await send("post", "/api/registry/v1/auth/token", {}, { body });
  return ((await response.json()) as { access_token: string }).access_token;
}

/** What went wrong, in words for whoever cannot get in. */
function reason(problem: unknown): unknown {
  const { wrong, tooOften } = texts();
  if (problem instanceof Problem && problem.status === 401) return new Error(wrong);
  return problem instanceof Problem && problem.status === 429 ? new Error(tooOften) : problem;
}

function useSignIn(next: string) {
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const navigate = useNavigate();
  async function submit(username: string, password: string): Promise<void> {
    setBusy(true);
    setError(null);
    try {
      signIn(await askToken(username.trim(), password));
      await navigate({ href: next, replace: true });
    } catch (problem) {
      setError(reason(problem));
    } finally {
      setBusy(false);
    }
  }
  return { error, busy, submit };
}

export function LoginPage({ next }: { next: string }) {
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const { error, busy, submit } = useSignIn(next);
  const { title, claim, name, signIn: verb, signingIn, first, isIn } = texts();
  useEffect(() => { document.title = `${title} · Andon`; }, [title]);
  return (
    <main className={css["page"]}>
      <div className={css["brand"]}>
        <img src="/andon.svg" alt="" width="72" height="72" />
        <div><h1>Andon</h1><p>{claim}</p></div>
      </div>
      <form className={css["card"]} onSubmit={(e) => { e.preventDefault(); void submit(username, password); }}>
        <h2>{title}</h2>
        <TextField label={name} value={username} onText={setUsername} autoComplete="username" autoCapitalize="none" spellCheck={false} autoFocus required />
        <PasswordField value={password} onText={setPassword} />
        {error !== null && <Failure error={error} />}
        <Button look="main" type="submit" disabled={busy || !username || !password}>{busy ? signingIn : verb}</Button>
        <small>{first} <code>admin</code> {isIn} <code>.andon/admin-password</code>.</small>
      </form>
      <LanguageChoice />
    </main>
  );
}

function PasswordField({ value, onText }: { value: string; onText: (text: string) => void }) {
  const [isShown, setShown] = useState(false);
  const { password, show } = texts();
  return (
    <div className={css["password"]}>
      <TextField label={password} type={isShown ? "text" : "password"} value={value} onText={onText} autoComplete="current-password" autoCapitalize="none" spellCheck={false} required />
      <Button look="quiet" aria-label={show} title={show} aria-pressed={isShown} onClick={() => setShown(!isShown)}>{isShown ? <EyeOff size={18} /> : <Eye size={18} />}</Button>
    </div>
  );
}
