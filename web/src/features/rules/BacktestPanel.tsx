/** Try a rule on the past: when it would have raised an alarm, and how it would have done better. */

import { useMutation } from "@tanstack/react-query";
import { History } from "lucide-react";
import { useState } from "react";
import { ALERTING } from "@/shared/alerting/queries";
import { post } from "@/shared/api/http";
import type { Backtest, RuleDraft, SensorBacktest } from "@/shared/api/types";
import { countText } from "@/shared/format/number";
import { fullTimeText, lengthText, timeZone } from "@/shared/format/time";
import { usePlant } from "@/shared/plant/queries";
import { nameOf, parentOf } from "@/shared/plant/tree";
import { Button } from "@/shared/ui/Button";
import { Mark } from "@/shared/ui/Mark";
import { Failure } from "@/shared/ui/Page";
import css from "./BacktestPanel.module.css";
import type { Fields } from "./fields";
import { bestAdvice, changeText, effectText, outcomeText, stretchesOf, takeAdvice } from "./past";

interface Props {
  /** Undefined while something is missing. */
  draft: RuleDraft | undefined;
  onAdvice: (more: Partial<Fields>) => void;
}

const RANGES = [["-7d", "7 days"], ["-30d", "30 days"]] as const;

export function BacktestPanel({ draft, onAdvice }: Props) {
  const [tried, setTried] = useState<string>();
  const running = useMutation({
    mutationFn: (from: string) => post(`${ALERTING}/rules/backtest`, {}, { rule: draft, from, to: "now", tz: timeZone() }),
    onMutate: () => setTried(JSON.stringify(draft)),
  });
  const isOld = running.data !== undefined && tried !== JSON.stringify(draft);
  return (
    <section className={css["panel"]} aria-label="Try on the past">
      <div className={css["head"]}>
        <h3><History size={18} aria-hidden /> Try on the past</h3>
        {RANGES.map(([from, text]) => (
          <Button key={from} disabled={!draft || running.isPending} onClick={() => running.mutate(from)} aria-pressed={running.variables === from && running.data !== undefined}>The last {text}</Button>
        ))}
      </div>
      {running.isPending && <p role="status" className={css["soft"]}>Judging what is stored…</p>}
      {running.error && <Failure error={running.error} />}
      {running.data && !running.isPending && <Outcome backtest={running.data} isOld={isOld} onAdvice={onAdvice} />}
      {!running.data && !running.isPending && <p className={css["soft"]}>Shows when this rule would have raised an alarm. Nothing is saved, nobody is told.</p>}
    </section>
  );
}

const SHOWN = 5;

function Outcome({ backtest, isOld, onAdvice }: { backtest: Backtest; isOld: boolean; onAdvice: Props["onAdvice"] }) {
  const sensors = [...backtest.sensors].sort((a, b) => b.count - a.count);
  return (
    <>
      <p role="status"><b>It would have raised {countText(backtest.count)} alarm{backtest.count === 1 ? "" : "s"}</b>, judged by {countText(backtest.samples)} samples of {countText(sensors.length)} sensor{sensors.length === 1 ? "" : "s"}.
        {isOld && <strong> The rule has changed since: try it again.</strong>}</p>
      {sensors.slice(0, SHOWN).map((sensor) => <OneSensor key={sensor.sensor} sensor={sensor} backtest={backtest} onAdvice={onAdvice} />)}
      {sensors.length > SHOWN && <p className={css["soft"]}>And {countText(sensors.length - SHOWN)} sensors with fewer alarms.</p>}
    </>
  );
}

function OneSensor({ sensor, backtest, onAdvice }: { sensor: SensorBacktest; backtest: Backtest; onAdvice: Props["onAdvice"] }) {
  const tree = usePlant().data;
  const [from, to] = [Date.parse(backtest.from), Date.parse(backtest.to)];
  const advice = bestAdvice(sensor.advice);
  return (
    <section className={css["sensor"]} aria-label={sensor.sensor}>
      <h4>{nameOf(tree, parentOf(sensor.sensor))} › {nameOf(tree, sensor.sensor)}</h4>
      <div className={css["strip"]} role="img" aria-label={`From ${fullTimeText(from)} to ${fullTimeText(to)}: ${outcomeText(sensor)}`}>
        {stretchesOf(sensor.alarms, from, to).map((one) => <i key={one.left} className={css[one.severity]} style={{ left: `${one.left}%`, width: `${one.width}%` }} title={one.count > 1 ? `${one.count} alarms` : undefined} />)}
      </div>
      <div className={css["ends"]} aria-hidden><span>{fullTimeText(from)}</span><span>{fullTimeText(to)}</span></div>
      <p className={css["soft"]}>{outcomeText(sensor)}</p>
      {advice.length > 0 && (
        <ul className={css["advice"]} aria-label="Advice">
          {advice.map((one) => (
            <li key={changeText(one)}>
              <span>{one.recommended && <b>Recommended: </b>}<b>{changeText(one)}</b><small>{effectText(one)}</small></span>
              <Button onClick={() => onAdvice(takeAdvice(one))}>Use this {changeText(one).replace(/ [^ ]*$/, "")}</Button>
            </li>
          ))}
        </ul>
      )}
      {sensor.alarms.length > 0 && <List sensor={sensor} />}
    </section>
  );
}

const LISTED = 50;

const List = ({ sensor: { alarms, count } }: { sensor: SensorBacktest }) => (
  <details>
    <summary>The {alarms.length < count || alarms.length > LISTED ? `newest ${Math.min(LISTED, alarms.length)} alarms` : "alarms"}</summary>
    <ul className={css["alarms"]}>
      {[...alarms].sort((a, b) => Date.parse(b.since) - Date.parse(a.since)).slice(0, LISTED).map((one) => (
        <li key={one.since}><Mark level={one.severity} size={16} /><span>{fullTimeText(Date.parse(one.since))}, {one.until ? lengthText(one.seconds * 1000) : "goes on"}<small>{one.message}</small></span></li>
      ))}
    </ul>
  </details>
);
