/** The navigation of a phone, at the thumb: what is needed often, the search, and a sheet with all the rest. */

import { Menu, Search } from "lucide-react";
import { openPalette } from "@/features/palette/door";
import { Popup } from "@/shared/ui/Popup";
import { Badge } from "./Badges";
import { GROUPS, type Place } from "./places";
import { PlaceLink } from "./PlaceLink";
import css from "./PhoneBar.module.css";
import { texts } from "./texts";

const OFTEN: readonly Place["name"][] = ["plant", "alarms", "enter"];

export function PhoneBar({ places }: { places: readonly Place[] }) {
  const { navigation, search } = texts();
  return (
    <nav className={css["bar"]} aria-label={navigation}>
      {places.filter((p) => OFTEN.includes(p.name)).map((place) => (
        <PlaceLink key={place.to} place={place} className={css["item"]} isBrief><Badge of={place.name} /></PlaceLink>
      ))}
      <button type="button" className={css["item"]} onClick={openPalette} aria-haspopup="dialog"><Search size={20} aria-hidden />{search}</button>
      <More places={places.filter((p) => !OFTEN.includes(p.name))} />
    </nav>
  );
}

function More({ places }: { places: readonly Place[] }) {
  const { more, groups } = texts();
  return (
    <Popup place="sheet" label={more} buttonClass={css["item"]} button={<><Menu size={20} aria-hidden />{more}</>}>
      {(close) => GROUPS.map((group) => {
        const own = places.filter((p) => p.group === group);
        return own.length > 0 && (
          <section key={group} className={css["group"]} aria-label={groups[group]}>
            <p aria-hidden>{groups[group]}</p>
            <ul>{own.map((place) => <li key={place.to}><PlaceLink place={place} className={css["rest"]} onClick={close} /></li>)}</ul>
          </section>
        );
      })}
    </Popup>
  );
}
