/** What the list of open alarms offers besides deeds: sound, and its keys. */

import { Keyboard, Volume2, VolumeX } from "lucide-react";
import { prefer, usePreferences } from "@/shared/preferences/preferences";
import { allow } from "@/shared/alarms/sound/speaker";
import { Button } from "@/shared/ui/Button";
import css from "./AlarmsPage.module.css";
import { texts } from "./texts";

export function ListTools({ onKeys }: { onKeys: () => void }) {
  const { sound } = usePreferences();
  const say = texts();
  const turn = (): void => {
    if (!sound) allow(); // This very press is what the browser waits for.
    prefer({ sound: !sound });
  };
  return (
    <>
      <Button look="quiet" aria-pressed={sound} onClick={turn} title={sound ? say.soundOn : say.soundOff}>{sound ? <Volume2 size={18} aria-hidden /> : <VolumeX size={18} aria-hidden />}{say.sound}</Button>
      <Button look="quiet" className={css["wide"] ?? ""} onClick={onKeys} title="?"><Keyboard size={18} aria-hidden />{say.keys}</Button>
    </>
  );
}
