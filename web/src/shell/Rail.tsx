/** The navigation beside the page: all places in their groups; narrow on a tablet, and not there on a phone. */

import { Link } from "@tanstack/react-router";
import { Badge } from "./Badges";
import { GROUPS, type Place } from "./places";
import { PlaceLink } from "./PlaceLink";
import css from "./Rail.module.css";
import { texts } from "./texts";

export function Rail({ places }: { places: readonly Place[] }) {
  const { groups, navigation } = texts();
  return (
    <nav className={css["rail"]} aria-label={navigation}>
      <Link to="/" className={css["brand"]}><img src="/andon.svg" alt="" width="26" height="26" /><span>Andon</span></Link>
      {GROUPS.map((group) => {
        const own = places.filter((p) => p.group === group);
        if (own.length === 0) return null;
        return (
          <section key={group} aria-label={groups[group]}>
            <p className={css["group"]} aria-hidden>{groups[group]}</p>
            <ul>
              {own.map((place) => (
                <li key={place.to}><PlaceLink place={place} className={css["item"]}><Badge of={place.name} /></PlaceLink></li>
              ))}
            </ul>
          </section>
        );
      })}
    </nav>
  );
}
