/** What the page of rules shows, as it stands in the address: which rules, or the one that is being written. Pure. */

import type { Severity } from "@/shared/api/types";
import { SEVERITIES } from "@/shared/plant/condition";
import { readWritten, type Written } from "./address";

/** In force, switched off, or watching nothing. */
export const STATES = ["on", "off", "idle"] as const;
export type State = (typeof STATES)[number];

export interface RulesFilter {
  /** Words, each of which the rule has somewhere. */
  q?: string | undefined;
  /** A part of the plant; rules that watch something in it. */
  part?: string | undefined;
  level?: Severity | undefined;
  state?: State | undefined;
  /** A rule's id: no other. */
  rule?: string | undefined;
}

export interface RulesView extends RulesFilter {
  /** Id of the rule that is being changed; NEW for a new one. */
  edit?: string | undefined;
  /** Id of the rule that a new one is a copy of. */
  copy?: string | undefined;
  /** What the rule that is being written says otherwise; in the address each has its own name. */
  written?: Written | undefined;
}

export const NEW = "new";

const LONGEST = 200;
const textOf = (value: unknown): string => (typeof value === "string" || typeof value === "number" ? String(value).slice(0, LONGEST) : "");

export function readFilter(search: object): RulesFilter {
  const of = search as Record<string, unknown>;
  const level = SEVERITIES.find((one) => one === of["level"]);
  const state = STATES.find((one) => one === of["state"]);
  const texts = Object.fromEntries((["q", "part", "rule"] as const).flatMap((name) => (textOf(of[name]) ? [[name, textOf(of[name])]] : [])));
  return { ...texts, ...(level && { level }), ...(state && { state }) };
}

/** What of an address the page understands, as it stands there. */
export function readRules(search: Record<string, unknown>): RulesFilter & { edit?: string; copy?: string } & Written {
  const [edit, copy] = [textOf(search["edit"]), textOf(search["copy"])];
  return { ...readFilter(search), ...(edit && { edit }), ...(edit && copy && { copy }), ...(edit && readWritten(search)) } as ReturnType<typeof readRules>;
}

/** The address as a view; what is being written stands together. */
export function viewOf(address: object): RulesView {
  const { edit, copy } = address as RulesView;
  return { ...readFilter(address), ...(edit && { edit, written: readWritten(address as Record<string, unknown>) }), ...(copy && { copy }) };
}

/** A view as it stands in the address. */
export const addressOf = ({ written, ...view }: RulesView): object => ({ ...view, ...written });

export const narrowings = ({ q, part, level, state, rule }: RulesFilter): number => [q, part, level, state, rule].filter(Boolean).length;
