/** Which picture is on: the next one every few seconds, what is new at once, and by the arrow keys. */

import { useCallback, useEffect, useRef, useState } from "react";
import type { Alarm } from "@/shared/api/types";
import { after, newAlarm, pictureOf } from "./pictures";

export function useRotation(pictures: readonly string[], alarms: readonly Alarm[] | undefined, every: number): [now: string, step: (by: number) => void] {
  const [now, setNow] = useState(pictures[0] ?? "");
  // Counts what somebody, or something new, has put on: it stays for its whole time.
  const [turn, setTurn] = useState(0);
  const latest = useRef(pictures);
  latest.current = pictures;
  const step = useCallback((by: number) => {
    setNow((old) => after(latest.current, old, by));
    setTurn((n) => n + 1);
  }, []);
  useEffect(() => {
    const timer = setInterval(() => setNow((old) => after(latest.current, old, 1)), every);
    return () => clearInterval(timer);
  }, [every, turn]);

  const known = useRef<Set<string>>(undefined);
  useEffect(() => {
    if (!alarms) return;
    const fresh = known.current && newAlarm(alarms, known.current);
    known.current = new Set(alarms.map(({ id }) => id));
    if (!fresh) return;
    setNow(pictureOf(latest.current, fresh.asset));
    setTurn((n) => n + 1);
  }, [alarms]);
  return [pictures.includes(now) ? now : (pictures[0] ?? ""), step];
}
