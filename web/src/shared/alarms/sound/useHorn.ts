/** The horn of this tab: follows the alarms, sounds where it is this tab's turn, and is silenced in all tabs at once. */

import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from "react";
import type { Alarm, Severity } from "@/shared/api/types";
import { useOpenAlarms } from "../feed";
import { heard, QUIET, silenced, worstOf, type Horn } from "./horn";
import { AGAIN_MS, PATTERNS } from "./patterns";
import { allow, isAllowed, onAllowed, play } from "./speaker";
import { leaveTurn, takeTurn } from "./turn";

interface Sounding {
  /** Whether the browser lets this page sound. */
  allowed: boolean;
  /** What it sounds for; undefined while it is quiet. */
  severity: Severity | undefined;
  /** The newest alarm of that severity. */
  alarm: Alarm | undefined;
  silence: () => void;
}

/** Follow the alarms; what is heard must not be lost between two drawings, so it is kept aside. */
function useHeard(alarms: readonly Alarm[] | undefined): [Horn, () => void] {
  const horn = useRef(QUIET);
  const [shown, show] = useState(QUIET);
  const silence = useCallback(() => show(horn.current = silenced(horn.current)), []);
  useEffect(() => {
    if (alarms) show(horn.current = heard(horn.current, alarms));
  }, [alarms]);
  return [shown, silence];
}

/** Any press on the page is enough for browsers: no need to ask for a special one. */
function useAllowed(): boolean {
  const allowed = useSyncExternalStore(onAllowed, isAllowed);
  useEffect(() => {
    allow();
    const presses = ["pointerdown", "keydown"] as const;
    presses.forEach((press) => window.addEventListener(press, allow));
    return () => presses.forEach((press) => window.removeEventListener(press, allow));
  }, []);
  return allowed;
}

function useSilenceEverywhere(silence: () => void): () => void {
  const channel = useRef<BroadcastChannel>(undefined);
  useEffect(() => {
    channel.current = new BroadcastChannel("andon.sound");
    channel.current.addEventListener("message", silence);
    return () => channel.current?.close();
  }, [silence]);
  return useCallback(() => { silence(); channel.current?.postMessage("silence"); }, [silence]);
}

export function useHorn(): Sounding {
  const alarms = useOpenAlarms().data;
  const [horn, quiet] = useHeard(alarms);
  const silence = useSilenceEverywhere(quiet);
  const allowed = useAllowed();
  const severity = worstOf(horn);
  // A further alarm sounds at once, and not when the turn of the last one comes again.
  const count = horn.ringing.size;
  useEffect(() => {
    if (!severity || !allowed) return;
    const sound = (): void => { if (takeTurn()) play(PATTERNS[severity]); };
    sound();
    const again = setInterval(sound, AGAIN_MS[severity]);
    return () => clearInterval(again);
  }, [severity, allowed, count]);
  useEffect(() => {
    window.addEventListener("pagehide", leaveTurn);
    return () => { window.removeEventListener("pagehide", leaveTurn); leaveTurn(); };
  }, []);
  const alarm = severity && alarms?.filter((a) => horn.ringing.has(a.id) && a.severity === severity).reduce((newest, a) => (a.since > newest.since ? a : newest));
  return { allowed, severity, alarm: alarm || undefined, silence };
}
