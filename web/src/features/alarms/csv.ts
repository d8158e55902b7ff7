/** Alarms as a table for spreadsheets. Pure. */

import { plainText, stateName } from "@/shared/alarms/words";
import type { Alarm } from "@/shared/api/types";
import { levelText } from "@/shared/ui/Mark";
import { texts } from "./texts";

type Cell = string | number | null | undefined;

/** A text that a spreadsheet would take for a formula is led by an apostrophe: names from the plant are hostile. */
const harmless = (text: string): string => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text);

function cellText(cell: Cell): string {
  if (typeof cell === "number") return String(cell);
  const text = harmless(cell ?? "");
  return /[",\n\r;]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** RFC 4180, in UTF-8 with a mark by which spreadsheets know it; times in ISO 8601, numbers with a point. */
export function csvOf(alarms: readonly Alarm[]): string {
  const { csv } = texts();
  const head = [csv.since, csv.cleared, csv.severity, csv.state, csv.message, csv.rule, csv.machine, csv.sensor, csv.value, csv.limit, csv.unit, csv.level,
    csv.acknowledgedBy, csv.acknowledgedAt, csv.comment, csv.assigned, csv.id];
  const rows = alarms.map((a): Cell[] => [a.since, a.cleared_at, levelText(a.severity), stateName(a.state), plainText(a), a.rule_name, a.asset_name, a.sensor, a.value, a.limit, a.unit, a.level,
    a.acknowledged_by, a.acknowledged_at, a.comment, a.assigned_to, a.id]);
  return `\uFEFF${[head, ...rows].map((row) => row.map(cellText).join(",")).join("\r\n")}\r\n`;
}
