/** What one who looks wants: language, numbers, time zone, theme, sound, notifications, password. */

import { useMemo, useState } from "react";
import { useSession } from "@/shared/api/session";
import { language, LANGUAGES, prefer, TONGUES, usePreferences, type Preferences } from "@/shared/preferences/preferences";
import { Trail } from "@/shared/ui/Breadcrumb";
import { ComboField } from "@/shared/ui/ComboField";
import { PickField, Tick } from "@/shared/ui/Form";
import { PageHead, Panel } from "@/shared/ui/Page";
import { NotifyMe } from "@/shell/NotifyMe";
import { PasswordForm } from "./PasswordForm";
import { numberOptions, sampleOf, zoneChoices } from "./samples";
import css from "./SettingsPage.module.css";
import { texts } from "./texts";
import { ThemeField } from "./ThemeField";

export function SettingsPage() {
  const who = useSession();
  const chosen = usePreferences();
  const { title, hint, theme, alarms, sound, soundHint, password } = texts();
  return (
    <div className={css["page"]}>
      <Trail here={title} />
      <PageHead title={title} hint={hint} />
      <Region chosen={chosen} />
      <Panel title={theme}><ThemeField label={theme} value={chosen.theme} onPick={(wanted) => prefer({ theme: wanted })} /></Panel>
      <Panel title={alarms}>
        <Tick text={<span className={css["two"]}>{sound}<small>{soundHint}</small></span>} checked={chosen.sound} onTick={(on) => prefer({ sound: on })} />
        {who && <NotifyMe key={who.name} person={who.name} className={css["notify"]} />}
      </Panel>
      <Panel title={password}><PasswordForm username={who?.name ?? ""} /></Panel>
    </div>
  );
}

const BROWSER = "browser";

function Region({ chosen }: { chosen: Preferences }) {
  const [now] = useState(Date.now);
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const { region, language: tongue, asBrowser, numbers, zone, zoneHint } = texts();
  const zones = useMemo(() => zoneChoices(now), [now]);
  const shownIn = chosen.zone || here;
  const spoken = navigator.languages[0] ?? "en";
  return (
    <Panel title={region}>
      <PickField label={tongue} value={chosen.language} onPick={(wanted) => prefer({ language: wanted as Preferences["language"] })}
        options={[["", asBrowser(new Intl.DisplayNames(language(), { type: "language" }).of(spoken) ?? spoken)], ...LANGUAGES.map((l) => [l, TONGUES[l]] as const)]} />
      <PickField label={numbers} value={chosen.numbers} onPick={(wanted) => prefer({ numbers: wanted })}
        options={[["", asBrowser(sampleOf(chosen.language || undefined, now, shownIn))], ...numberOptions(language(), now, shownIn)]} />
      <ComboField label={zone} value={chosen.zone || BROWSER} onPick={(wanted) => prefer({ zone: wanted === BROWSER ? "" : wanted })}
        choices={[{ value: BROWSER, text: asBrowser(here.replaceAll("_", " ")) }, ...zones]} />
      <p className={css["hint"]}>{zoneHint}</p>
    </Panel>
  );
}
