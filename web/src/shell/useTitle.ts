/** What the browser's tab is called: the page, and how many alarms wait for somebody. */

import { useRouterState } from "@tanstack/react-router";
import { useEffect } from "react";
import { plantPath } from "@/shared/plant/address";
import { usePlant } from "@/shared/plant/queries";
import { nameOf, type Tree } from "@/shared/plant/tree";
import { placeAt } from "./places";
import { texts } from "./texts";
import { useWaiting } from "./useWaiting";

/** The name of the page at an address; '' where it has none of its own. */
export function pageName(path: string, plant: Tree | undefined): string {
  const { places } = texts();
  const inPlant = plantPath(path);
  if (inPlant) return nameOf(plant, inPlant);
  const place = placeAt(path)?.name;
  if (place) return places[place];
  const first = path.split("/")[1];
  return first === "views" || first === "settings" ? places[first] : "";
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
