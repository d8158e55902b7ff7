/** The theme, chosen by its looks. */

import { THEMES, type Preferences } from "@/shared/preferences/preferences";
import { Mark } from "@/shared/ui/Mark";
import { texts } from "./texts";
import css from "./ThemeField.module.css";

interface Props {
  label: string;
  value: Preferences["theme"];
  onPick: (theme: Preferences["theme"]) => void;
}

export function ThemeField({ label, value, onPick }: Props) {
  const { themes } = texts();
  return (
    <div role="radiogroup" aria-label={label} className={css["themes"]}>
      {(["", ...THEMES] as const).map((theme) => (
        <label key={theme} className={css["theme"]}>
          <input type="radio" name="theme" checked={value === theme} onChange={() => onPick(theme)} />
          {theme === "" ? <span className={css["both"]} aria-hidden><Picture theme="light" /><Picture theme="dark" /></span> : <Picture theme={theme} />}
          <span>{themes[theme]}</span>
        </label>
      ))}
    </div>
  );
}

/** A small page in the theme's own colours. */
const Picture = ({ theme }: { theme: string }) => (
  <span className={css["picture"]} data-theme={theme} aria-hidden><span><Mark level="normal" label="" size={14} /><i /></span><span><Mark level="high" label="" size={14} /><i /></span></span>
);
