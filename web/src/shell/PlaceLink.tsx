/** A link to a place: icon, name, and whether it is here. */

import { Link, useRouterState } from "@tanstack/react-router";
import css from "./PlaceLink.module.css";
import { isWithin, type Place } from "./places";
import { texts } from "./texts";

interface Props {
  place: Place;
  /** Always by its short name; without, a style sheet chooses between `.text` and `.brief`. */
  isBrief?: boolean;
  className?: string | undefined;
  onClick?: () => void;
  children?: React.ReactNode;
}

export function PlaceLink({ place: { to, name, icon: Icon }, isBrief = false, className = "", onClick, children }: Props) {
  const { places, brief } = texts();
  const text = places[name];
  const short = name in brief ? brief[name as keyof typeof brief] : text;
  const isHere = useRouterState({ select: (s) => isWithin(to, s.location.pathname) });
  return (
    // Known to the router, as `usePlaces` has asked it; the compiler cannot follow.
    <Link to={to as "/"} className={`${css["link"]} ${className} ${isHere ? css["here"] : ""}`} onClick={onClick}
      activeOptions={{ exact: to === "/" }} activeProps={{ "aria-current": "page" }}>
      <Icon size={20} aria-hidden />{!isBrief && <span className={css["text"]}>{text}</span>}<span className={isBrief ? css["text"] : css["brief"]}>{short}</span>{children}
    </Link>
  );
}
