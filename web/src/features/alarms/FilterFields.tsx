/** The choices of the filter. */

import { useState } from "react";
import { useRules } from "@/shared/alerting/queries";
import { stateName } from "@/shared/alarms/words";
import { SEVERITIES } from "@/shared/plant/condition";
import { PartField } from "@/shared/plant/PartField";
import { PickField, Tick } from "@/shared/ui/Form";
import { levelText } from "@/shared/ui/Mark";
import { MomentField } from "@/shared/ui/MomentField";
import { isPast, STATES, readFilter, type AlarmFilter } from "./filter";
import { texts } from "./texts";

interface Props {
  filter: AlarmFilter;
  onFilter: (filter: AlarmFilter) => void;
}

export function FilterFields({ filter, onFilter }: Props) {
  const set = (more: Record<string, unknown>): void => onFilter(readFilter({ ...filter, ...more }));
  const rules = useRules().data ?? [];
  const { rule = "" } = filter;
  const stray = rule && !rules.some(({ id }) => id === rule) ? [[rule, rule] as const] : [];
  const say = texts();
  return (
    <>
      {isPast(filter.tab) && <TimeFields filter={filter} set={set} />}
      {!filter.tab && <PickField label={say.state} value={filter.state ?? ""} onPick={(state) => set({ state })} options={[["", say.allOpen], ...STATES.map((s) => [s, stateName(s)] as const)]} />}
      <PickField label={say.severity} value={filter.severity ?? ""} onPick={(severity) => set({ severity })} options={[["", say.all], ...SEVERITIES.map((s) => [s, levelText(s)] as const)]} />
      <PickField label={say.rule} value={rule} onPick={(id) => set({ rule: id })} options={[["", say.anyRule], ...rules.map(({ id, name }) => [id, name] as const), ...stray]} />
      <PartField value={filter.under ?? ""} onPick={(under) => set({ under })} machines />
      <Tick text={say.mine} checked={filter.mine === true} onTick={(mine) => set({ mine })} />
    </>
  );
}

const SPANS = ["-24h", "-7d", "-30d", ""] as const;

/** When they came: within some time, or from one moment to another. */
function TimeFields({ filter: { from = "", to = "" }, set }: { filter: AlarmFilter; set: (more: Record<string, unknown>) => void }) {
  const isUsual = !to && SPANS.some((span) => span === from);
  const [own, setOwn] = useState(!isUsual);
  const [now] = useState(Date.now);
  const say = texts();
  const pick = (span: string): void => {
    setOwn(span === "own");
    set(span === "own" ? { from: from || "-24h", to: to || "now" } : { from: span, to: "" });
  };
  return (
    <>
      <PickField label={say.since} value={own ? "own" : from} onPick={pick} options={[...SPANS, "own" as const].map((span) => [span, say.spans[span]] as const)} />
      {own && <Ends key={`${from} ${to}`} from={from} to={to} now={now} set={set} />}
    </>
  );
}

/** Typed in peace: the list follows once both ends are times. */
function Ends({ from, to, now, set }: { from: string; to: string; now: number; set: (more: Record<string, unknown>) => void }) {
  const [typed, setTyped] = useState({ from, to });
  const send = (): void => {
    if (typed.from !== from || typed.to !== to) set(typed);
  };
  return (
    <div onBlur={send} style={{ display: "contents" }}>
      <MomentField label={texts().from} value={typed.from} now={now} onText={(text) => setTyped({ ...typed, from: text })} />
      <MomentField label={texts().to} value={typed.to} now={now} onText={(text) => setTyped({ ...typed, to: text })} />
    </div>
  );
}
