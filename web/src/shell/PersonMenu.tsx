/** Who is signed in, their settings, whether this browser tells them of alarms, and the way out. */

import { Link, useNavigate } from "@tanstack/react-router";
import { CircleUser, LogOut, Settings, Star } from "lucide-react";
import { leaveOrAsk } from "@/features/enter/leaving";
import { post } from "@/shared/api/http";
import { signOut, useSession } from "@/shared/api/session";
import { Popup } from "@/shared/ui/Popup";
import { words } from "@/shared/ui/texts";
import { NotifyMe } from "./NotifyMe";
import css from "./PersonMenu.module.css";
import { turnOff } from "./push/push";
import { texts } from "./texts";

const PATIENCE_MS = 2_000;

/** Nobody waits long for what may fail without a network. */
const briefly = (act: Promise<unknown>): Promise<unknown> => Promise.race([act.catch(() => undefined), new Promise((done) => setTimeout(done, PATIENCE_MS))]);

/** A browser that several people use must not go on to tell of what the one before may see. */
const hush = (): Promise<unknown> => briefly(turnOff());

/** Neither the token, whoever has come by it, nor the session with Grafana outlives the person's stay. */
const revoke = (): Promise<unknown> => briefly(post("/api/registry/v1/auth/logout"));

/** The way out; from the first page, so that the next person is not led to where this one was. */
export function useLeave(): () => void {
  const navigate = useNavigate();
  return () => leaveOrAsk(() => void hush().then(() => navigate({ to: "/" })).then(revoke).then(signOut));
}

export function PersonMenu({ buttonClass }: { buttonClass: string | undefined }) {
  const who = useSession();
  const leave = useLeave();
  if (!who) return null;
  const { person, nobody, wholePlant, settings, places, signOut: out } = texts();
  return (
    <Popup label={who.name ? person(who.name) : nobody} button={<CircleUser size={22} />} buttonClass={buttonClass}>
      {(close) => (
        <>
          <div className={css["who"]}><strong>{who.name || nobody}</strong><small>{words().roles[who.role]} · {who.scope || wholePlant}</small></div>
          <Link to="/settings" className={css["line"]} onClick={close}><Settings size={18} aria-hidden />{settings}</Link>
          <Link to="/views" className={css["line"]} onClick={close}><Star size={18} aria-hidden />{places.views}</Link>
          <NotifyMe key={who.name} person={who.name} className={css["line"]} onOpen={close} />
          <button type="button" className={css["line"]} onClick={() => { close(); leave(); }}><LogOut size={18} aria-hidden />{out}</button>
        </>
      )}
    </Popup>
  );
}
