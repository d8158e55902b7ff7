/** What the browser's tab is called: the page, and how many alarms wait for somebody. */

import { useRouterState } from "@tanstack/react-router";
import { useEffect } from "react";
import { usePlant } from "@/shared/plant/queries";
import { nameOf, type Tree } from "@/shared/plant/tree";
import { placeAt } from "./places";
import { texts } from "./texts";
import { useWaiting } from "./useWaiting";

/** The name of the page at an address; '' where it has none of its own. */
export function pageName(path: string, plant: Tree | undefined): string {
  const [, first = "", ...rest] = path.split("/");
  const { places } = texts();
  if (first === "plant" && rest.length > 0) return nameOf(plant, decodeURI(rest.join("/")));
  const place = placeAt(path)?.name;
  if (place) return places[place];
  return first === "views" || first === "settings" || first === "labels" ? places[first] : "";
}

/** `(3) Alarms · Andon`. */
export const titleText = (name: string, waiting: number): string => `${waiting > 0 ? `(${waiting}) ` : ""}${name ? `${name} · ` : ""}Andon`;

/** Keeps the title of the tab true; returns the page's name. */
export function useTitle(): string {
  const path = useRouterState({ select: (s) => s.location.pathname });
  const plant = usePlant().data;
  const { count } = useWaiting();
  const name = pageName(path, plant);
  useEffect(() => { document.title = titleText(name, count); }, [name, count]);
  return name;
}
