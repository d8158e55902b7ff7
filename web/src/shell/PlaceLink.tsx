/** A link to a place: icon, name, and whether it is here. */

import { Link, useRouterState } from "@tanstack/react-router";
import css from "./PlaceLink.module.css";
import { isWithin, type Place } from "./places";
import { texts } from "./texts";

interface Props {
  place: Place;
  /** Instead of its name, where there is little room. */
  text?: string;
  className?: string | undefined;
  onClick?: () => void;
  children?: React.ReactNode;
}

export function PlaceLink({ place: { to, name, icon: Icon }, text = texts().places[name], className = "", onClick, children }: Props) {
  const isHere = useRouterState({ select: (s) => isWithin(to, s.location.pathname) });
  return (
    // Known to the router, as `usePlaces` has asked it; the compiler cannot follow.
    <Link to={to as "/"} className={`${css["link"]} ${className} ${isHere ? css["here"] : ""}`} onClick={onClick}
      activeOptions={{ exact: to === "/" }} activeProps={{ "aria-current": "page" }}>
      <Icon size={20} aria-hidden /><span className={css["text"]}>{text}</span>{children}
    </Link>
  );
}
