/** Who is called when this machine raises an alarm, now and by name. */

import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { usePolicies, useRules, useSchedules } from "@/shared/alerting/queries";
import { get } from "@/shared/api/http";
import { useMay } from "@/shared/api/session";
import { durationMs, spanText, timeText } from "@/shared/format/time";
import type { Node } from "@/shared/plant/tree";
import { levelText, Mark } from "@/shared/ui/Mark";
import { Loaded, Panel } from "@/shared/ui/Page";
import { callsOf, type Call } from "./oncall";
import css from "./Aside.module.css";
import { texts } from "./texts";

export function OnCallPanel({ machine }: { machine: Node }) {
  const rules = useRules();
  const policies = usePolicies().data;
  const schedules = useSchedules().data;
  const isEngineer = useMay("engineer");
  const { onCall, nobody, makeRule, maintain } = texts();
  const silence = useMay("operator") && <Link to="/oncall" search={{ tab: "silences", under: machine.path }}>{maintain}</Link>;
  return (
    <Panel title={onCall} actions={silence}>
      <Loaded query={{ ...rules, data: policies && schedules ? rules.data : undefined }}>
        {(known) => {
          const calls = callsOf(machine, known, { policies: policies ?? [], schedules: schedules ?? [] });
          if (calls.length === 0) return <p className={css["none"]}>{nobody} {isEngineer && <Link to="/rules">{makeRule}</Link>}</p>;
          return <ul>{calls.map((call) => <Called key={`${call.name} ${call.after}`} call={call} />)}</ul>;
        }}
      </Loaded>
    </Panel>
  );
}

function Called({ call }: { call: Call }) {
  const { atOnce, after, ofRules } = texts();
  const when = durationMs(call.after) > 0 ? after(spanText(call.after)) : atOnce;
  return (
    <li className={css["row"]}>
      <Mark level={call.severity} size={18} label="" />
      <span className={css["what"]}>
        <b>{call.schedule ? <OnDuty id={call.schedule.id} /> : call.name}</b>
        <small>{call.schedule && `${call.name} · `}{when} · {ofRules(call.rules, levelText(call.severity))}</small>
      </span>
    </li>
  );
}

const AGAIN_MS = 60_000;

function OnDuty({ id }: { id: string }) {
  const duty = useQuery({
    queryKey: ["on call", id],
    queryFn: ({ signal }) => get("/api/alerting/v1/schedules/{schedule_id}/on-call", { schedule_id: id }, signal),
    refetchInterval: AGAIN_MS,
  }).data;
  const { until, noOne } = texts();
  if (!duty) return <>…</>;
  if (!duty.member) return <>{noOne}</>;
  return <>{duty.until ? until(duty.member, timeText(Date.parse(duty.until)).replace(/:\d\d(?=$| )/, "")) : duty.member}</>;
}
