/** How a machine is doing, in words. */

import { valueText } from "@/shared/format/number";
import { qualityNow } from "@/shared/live/cells";
import { useCell, useNow } from "@/shared/live/hooks";
import { levelText } from "@/shared/ui/Mark";
import type { Condition } from "./condition";
import type { Node } from "./tree";

/** `RUN · High alarm`, `IDLE · No fresh data`: neither an alarm nor missing values hide what the machine itself says. */
export const joined = (parts: readonly (string | undefined)[], otherwise: string): string =>
  parts.filter(Boolean).join(" · ") || otherwise;

/** `alarm`: the machine's worst alarm in the words that fit the place. */
export function useMachineText(machine: Node, condition: Condition | undefined, alarm: string | undefined): string {
  const state = useCell(`${machine.path}/state`);
  const now = useNow(1000);
  const says = state && qualityNow(state, now) !== "stale" ? valueText(state.value) : "";
  return joined([says, alarm, condition?.stale ? levelText("stale") : ""], levelText(condition?.level ?? "empty"));
}
