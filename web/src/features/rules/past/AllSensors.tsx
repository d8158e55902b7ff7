/** The rule on the past of all its sensors: which of them would have asked most. */

import { useMutation } from "@tanstack/react-query";
import { ALERTING } from "@/shared/alerting/queries";
import { post } from "@/shared/api/http";
import type { RuleDraft } from "@/shared/api/types";
import { countText } from "@/shared/format/number";
import { timeZone } from "@/shared/format/time";
import { nameOf, parentOf, type Tree } from "@/shared/plant/tree";
import { Button } from "@/shared/ui/Button";
import { Failure } from "@/shared/ui/Page";
import css from "./Past.module.css";
import { texts } from "./texts";
import type { Stretch } from "./usePast";

interface Props {
  tree: Tree;
  draft: RuleDraft;
  count: number;
  stretch: Stretch;
  onLook: (sensor: string) => void;
}

/** The service judges no more at once. */
const MOST = 50;
const SHOWN = 8;

export function AllSensors({ tree, draft, count, stretch: { from, to }, onLook }: Props) {
  const say = texts();
  const running = useMutation({
    mutationFn: (rule: RuleDraft) => post(`${ALERTING}/rules/backtest`, {}, { rule, from: new Date(from).toISOString(), to: new Date(to).toISOString(), tz: timeZone() }),
  });
  const worst = [...(running.data?.sensors ?? [])].sort((a, b) => b.count - a.count).slice(0, SHOWN);
  const isOld = running.variables !== undefined && JSON.stringify(running.variables) !== JSON.stringify(draft);
  if (count > MOST) return <p className={css["soft"]}>{say.tooMany(count, MOST)}</p>;
  return (
    <div className={css["all"]}>
      <Button disabled={running.isPending} onClick={() => running.mutate(draft)}>{running.isPending ? say.judging : say.all(count)}</Button>
      {running.error && <Failure error={running.error} />}
      {running.data && !isOld && (
        <>
          <p role="status"><b>{say.allOutcome(say.alarms(running.data.count), running.data.sensors.length)}</b></p>
          <ol>{worst.map((one) => <li key={one.sensor}><Button look="quiet" aria-label={say.look(nameOf(tree, parentOf(one.sensor)))} onClick={() => onLook(one.sensor)}>{nameOf(tree, parentOf(one.sensor))}</Button><span>{countText(one.count)}</span></li>)}</ol>
        </>
      )}
    </div>
  );
}
