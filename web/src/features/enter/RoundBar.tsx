/** How far one is on a round, and the way to the machines before and after. */

import { Link } from "@tanstack/react-router";
import { ChevronLeft, ChevronRight } from "lucide-react";
import { nameOf, type Node, type Tree } from "@/shared/plant/tree";
import css from "./Enter.module.css";
import { placeIn, stops } from "./round";
import { texts } from "./texts";

export function RoundBar({ tree, round, machine }: { tree: Tree; round: string; machine: Node }) {
  const t = texts();
  const all = stops(tree, round);
  const { number, before, after } = placeIn(all, machine.path);
  return (
    <nav className={css["round"]} aria-label={t.roundOf(nameOf(tree, round))}>
      {before ? <Link to="/enter" search={{ machine: before.path, round }} className={css["way"]} aria-label={`${t.before}: ${before.name}`}><ChevronLeft size={20} aria-hidden /></Link> : <span />}
      <div>
        <p>{t.roundOf(nameOf(tree, round))}<b>{t.stopOf(number, all.length)}</b></p>
        <progress value={number} max={all.length} aria-label={t.stopOf(number, all.length)} />
      </div>
      {after
        ? <Link to="/enter" search={{ machine: after.path, round }} className={css["way"]} aria-label={`${t.skip}: ${after.name}`}>{t.skip}<ChevronRight size={20} aria-hidden /></Link>
        : <Link to="/enter" className={css["way"]}>{t.endRound}</Link>}
    </nav>
  );
}
