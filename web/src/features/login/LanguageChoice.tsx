/** The language, chosen before anybody is known. */

import { language, LANGUAGES, TONGUES } from "@/shared/preferences/preferences";
import { speak } from "@/shared/preferences/follow";
import css from "./LanguageChoice.module.css";
import { texts } from "./texts";

export const LanguageChoice = () => (
  <div role="group" aria-label={texts().language} className={css["tongues"]}>
    {LANGUAGES.map((one) => (
      <button key={one} type="button" lang={one} aria-pressed={language() === one} onClick={() => speak(one)}>{TONGUES[one]}</button>
    ))}
  </div>
);
