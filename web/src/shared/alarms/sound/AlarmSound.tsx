/** The horn: heard on every page of somebody who wants it, with the button that silences it. */

import { Link } from "@tanstack/react-router";
import { BellOff, Volume2 } from "lucide-react";
import { usePreferences } from "@/shared/preferences/preferences";
import { catalogue } from "@/shared/texts/catalogue";
import { Button } from "@/shared/ui/Button";
import { Mark } from "@/shared/ui/Mark";
import { alarmText } from "../words";
import css from "./AlarmSound.module.css";
import { allow } from "./speaker";
import { useHorn } from "./useHorn";

const texts = catalogue({
  forbidden: "Alarms would be silent: the browser lets a page sound only after somebody has pressed something on it.",
  allow: "Allow sound",
  sounding: "New alarm",
  silence: "Silence",
  silenceHint: "Quiet until the next new alarm",
}, {
  forbidden: "Alarme blieben stumm: Der Browser lässt eine Seite erst tönen, wenn jemand auf ihr etwas gedrückt hat.",
  allow: "Ton erlauben",
  sounding: "Neuer Alarm",
  silence: "Stummschalten",
  silenceHint: "Stumm bis zum nächsten neuen Alarm",
});

/** Goes once into the shell. */
export const AlarmSound = () => (usePreferences().sound ? <Horn /> : null);

function Horn() {
  const { allowed, alarm, silence } = useHorn();
  const say = texts();
  if (alarm) {
    return (
      <div className={css["bar"]} role="region" aria-label={say.sounding}>
        <Mark level={alarm.severity} calling />
        <Link to="/alarms" search={{ alarm: alarm.id }} className={css["text"]}>{alarmText(alarm)}</Link>
        {!allowed && <Button onClick={allow}><Volume2 size={18} aria-hidden />{say.allow}</Button>}
        <Button look="main" onClick={silence} title={say.silenceHint}><BellOff size={18} aria-hidden />{say.silence}</Button>
      </div>
    );
  }
  if (allowed) return null;
  return (
    <div className={css["bar"]} role="status">
      <span className={css["text"]}>{say.forbidden}</span>
      <Button onClick={allow}><Volume2 size={18} aria-hidden />{say.allow}</Button>
    </div>
  );
}
