/** The pages one can go to: in which group they stand, and from which role on. */

import { BellRing, BookOpenText, ChartColumn, ChartSpline, Factory, HeartPulse, Inbox, ListChecks, Network, PenLine, PhoneCall, RadioTower, Tags, Users, type LucideIcon } from "lucide-react";
import type { Role } from "@/shared/api/types";

export const GROUPS = ["operate", "improve", "administer", "platform"] as const;
export type Group = (typeof GROUPS)[number];

export interface Place {
  to: string;
  name: "plant" | "alarms" | "enter" | "labels" | "compare" | "kpis" | "rules" | "oncall" | "model" | "types" | "devices" | "people" | "deadletters" | "health";
  group: Group;
  icon: LucideIcon;
  /** Who may less does not see it. */
  role: Role;
}

const place = (name: Place["name"], group: Group, icon: LucideIcon, role: Role = "viewer", to = `/${name}`): Place => ({ to, name, group, icon, role });

export const PLACES: readonly Place[] = [
  place("plant", "operate", Factory, "viewer", "/"),
  place("alarms", "operate", BellRing),
  place("enter", "operate", PenLine, "operator"),
  place("compare", "operate", ChartSpline),
  place("kpis", "improve", ChartColumn),
  place("rules", "improve", ListChecks),
  place("oncall", "improve", PhoneCall),
  place("model", "administer", Network, "engineer"),
  place("types", "administer", BookOpenText, "engineer"),
  place("labels", "administer", Tags, "operator"),
  place("devices", "administer", RadioTower, "admin"),
  place("people", "administer", Users, "admin"),
  place("deadletters", "platform", Inbox, "engineer"),
  place("health", "platform", HeartPulse),
];

/** Whether an address lies within a place; all of the plant is one. */
export const isWithin = (to: string, path: string): boolean =>
  to === "/" ? path === "/" || path === "/plant" || path.startsWith("/plant/") : path === to || path.startsWith(`${to}/`);

/** The place an address lies in. */
export const placeAt = (path: string): Place | undefined => PLACES.find(({ to }) => isWithin(to, path));

/** What one with a role may open, of those pages that this Andon has. */
export const placesFor = (may: (role: Role) => boolean, has: (to: string) => boolean): readonly Place[] =>
  PLACES.filter(({ to, role }) => may(role) && has(to));
