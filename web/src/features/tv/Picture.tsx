/** One picture of the board: a part of the plant, its numbers, its alarms, and its parts, to be read from five metres. */

import { alarmText, lastsText } from "@/shared/alarms/words";
import type { Alarm } from "@/shared/api/types";
import { countText } from "@/shared/format/number";
import { useNow } from "@/shared/live/hooks";
import { asksForAck, type Condition } from "@/shared/plant/condition";
import { nameOf, trail, type Tree } from "@/shared/plant/tree";
import { Mark } from "@/shared/ui/Mark";
import { Clock } from "./Clock";
import { rootsOf, tilesOf, worstAlarms } from "./pictures";
import { Tile } from "./Tile";
import css from "./TvPage.module.css";
import { texts } from "./texts";

interface Props {
  tree: Tree;
  path: string;
  conditions: ReadonlyMap<string, Condition>;
  alarms: readonly Alarm[];
}

const MOST_ALARMS = 2;
/** As many parts as are read from across a hall: below alarms two rows, else three. */
const MOST_TILES = { below: 8, alone: 12 };

export function Picture({ tree, path, conditions, alarms }: Props) {
  const own = conditions.get(path);
  const standing = worstAlarms(alarms, path);
  const most = standing.length > 0 ? MOST_TILES.below : MOST_TILES.alone;
  const tiles = tilesOf(rootsOf(tree, path), conditions, most);
  const above = trail(tree, path).slice(0, -1).map((n) => n.name).join(" › ");
  return (
    <section className={css["picture"]} aria-label={path ? nameOf(tree, path) : texts().wholePlant}>
      <header className={css["head"]} data-level={own?.level ?? "empty"}>
        <Mark level={own?.level ?? "empty"} calling={Boolean(own?.unacknowledged)} size="calc(6 * var(--unit))" />
        <h1>{above && <small>{above}</small>}{path ? nameOf(tree, path) : texts().wholePlant}</h1>
        <Clock />
      </header>
      {own && <Numbers condition={own} />}
      <Alarms alarms={standing} tree={tree} path={path} />
      <ul className={`${css["tiles"]} current`} data-columns={tiles.length > 6 ? 4 : tiles.length > 4 ? 3 : 2}>
        {tiles.slice(0, most).map((node) => <Tile key={node.path} node={node} tree={tree} under={path} condition={conditions.get(node.path)} />)}
        {tiles.length > most && <li className={css["more"]}>{texts().moreParts(tiles.length - most)}</li>}
      </ul>
    </section>
  );
}

function Numbers({ condition: { running, machines, stopped, stale, alarms, unacknowledged } }: { condition: Condition }) {
  const say = texts();
  return (
    <ul className={`${css["numbers"]} current`}>
      <li><b>{countText(running)}<i>/{countText(machines)}</i></b> {say.running}</li>
      <li data-none={stopped === 0}><b>{countText(stopped)}</b> {say.stopped}</li>
      {stale > 0 && <li><b>{countText(stale)}</b> {say.silent}</li>}
      <li data-none={alarms === 0}><b>{countText(alarms)}</b> {say.alarms(alarms)}{unacknowledged > 0 && <> · <b>{countText(unacknowledged)}</b> {say.unacknowledged}</>}</li>
    </ul>
  );
}

function Alarms({ alarms, tree, path }: { alarms: readonly Alarm[]; tree: Tree; path: string }) {
  const now = useNow(1000);
  if (alarms.length === 0) return null;
  return (
    <ul className={css["alarms"]}>
      {alarms.slice(0, MOST_ALARMS).map((alarm) => (
        <li key={alarm.id}>
          <Mark level={alarm.severity} calling={asksForAck(alarm)} size="calc(3.2 * var(--unit))" />
          <span><b>{placeOf(tree, alarm, path)}</b> {alarmText(alarm)}</span>
          <time dateTime={alarm.since}>{lastsText(alarm, now)}</time>
        </li>
      ))}
    </ul>
  );
}

/** `Line 1 · Press 1`: as much of the way as the picture does not say. */
const placeOf = (tree: Tree, { asset }: Alarm, path: string): string =>
  trail(tree, asset).filter((n) => n.path.length > path.length).slice(-2).map((n) => n.name).join(" · ") || nameOf(tree, asset);
