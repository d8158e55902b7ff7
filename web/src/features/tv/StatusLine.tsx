/** The last line of the board: whether what it shows is true, what changed last, and where in its round it is. */

import { Activity, Unplug } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import type { Alarm } from "@/shared/api/types";
import { lengthText } from "@/shared/format/time";
import { useFeed, useNow } from "@/shared/live/hooks";
import type { Condition } from "@/shared/plant/condition";
import { isBelow, machinesOf, nameOf, type Tree } from "@/shared/plant/tree";
import { levelText } from "@/shared/ui/Mark";
import { changeOf, type Change } from "./change";
import { rootsOf } from "./pictures";
import { texts } from "./texts";
import css from "./TvPage.module.css";

interface Props {
  tree: Tree;
  conditions: ReadonlyMap<string, Condition>;
  alarms: readonly Alarm[];
  under: string;
  at: number;
  of: number;
}

/** At first values and alarms come one after another: that is no change of the plant. */
const SETTLES_MS = 15_000;

/** What changed while the board was on; before that, the newest alarm. */
function useLastChange({ tree, conditions, alarms, under }: Props): Change | undefined {
  const now = useNow(1000);
  const before = useRef(conditions);
  const began = useRef(now);
  const [last, setLast] = useState<Change>();
  useEffect(() => {
    const change = changeOf(before.current, conditions, rootsOf(tree, under).flatMap(machinesOf), now);
    before.current = conditions;
    if (change && now - began.current > SETTLES_MS) setLast(change);
  }, [tree, conditions, under, now]);
  const [newest] = alarms.filter((a) => isBelow(a.sensor, under)).sort((a, b) => (a.since < b.since ? 1 : -1));
  return last ?? (newest && { path: newest.asset, to: newest.severity, at: Date.parse(newest.since) });
}

export function StatusLine(props: Props) {
  const now = useNow(1000);
  const last = useLastChange(props);
  const say = texts();
  const what = last && `${nameOf(props.tree, last.path)}, ${levelText(last.to)}`;
  return (
    <footer className={css["status"]} title={say.keys}>
      <Connection />
      <span className={css["change"]}>{last && what ? say.lastChange(what, lengthText(now - last.at)) : say.noChange}</span>
      <span className={css["place"]}>{say.place(props.at + 1, props.of)}</span>
    </footer>
  );
}

function Connection() {
  const { state, since, heard } = useFeed();
  const now = useNow(1000);
  const say = texts();
  if (state === "lost") return <strong className={css["lost"]} role="alert"><Unplug aria-hidden />{say.lost(lengthText(now - (heard || since)))}</strong>;
  return <span className={css["live"]}><Activity aria-hidden />{state === "live" ? say.live : say.connecting}</span>;
}
