/** Whether the company runs, and where it does not: every site, area and line, the worst first. */

import { Link } from "@tanstack/react-router";
import { Tv } from "lucide-react";
import { GrafanaPanel } from "@/features/grafana/LaterPanel";
import { useSeed, useConditions, usePlant, useTypes } from "@/shared/plant/queries";
import { worstFirst } from "@/shared/plant/condition";
import { useWant } from "@/shared/live/hooks";
import { Trail } from "@/shared/ui/Breadcrumb";
import { Loaded, Note, PageHead } from "@/shared/ui/Page";
import type { Tree } from "@/shared/plant/tree";
import { unfolded } from "./fold";
import css from "./OverviewPage.module.css";
import { SiteBlock } from "./SiteBlock";
import { Summary } from "./Summary";
import { texts } from "./texts";

/** Of a plant with more machines a picture every two seconds is enough: ten thousand values are a megabyte. */
const MANY = 200;

export function OverviewPage() {
  const plant = usePlant();
  useSeed("");
  // A glance needs no more than two pictures a second, however many sensors there are.
  useWant(plant.data && "", (plant.data?.machines.length ?? 0) > MANY ? 0.5 : 2);
  return (
    <>
      <Trail />
      <Loaded query={plant}>{(tree) => <Sites tree={tree} />}</Loaded>
      {plant.data && <GrafanaPanel tree={plant.data} path="" view={{}} />}
    </>
  );
}

function Sites({ tree }: { tree: Tree }) {
  const conditions = useConditions(tree);
  const types = useTypes();
  const { title, tv, emptyBefore, emptyBetween, emptyAfter } = texts();
  if (tree.sites.length === 0) {
    return <Note>{emptyBefore} <code>andon plant apply plant.yaml</code>{emptyBetween} <code>./justw up</code>{emptyAfter}</Note>;
  }
  const whole = unfolded(tree, conditions);
  return (
    <>
      <PageHead title={title}><Link to="/tv" className={css["tv"]}><Tv size={18} aria-hidden /> {tv}</Link></PageHead>
      <Summary condition={conditions.get("")} />
      {worstFirst(tree.sites, conditions).map((site, place) => <SiteBlock key={site.path} site={site} first={place === 0} conditions={conditions} types={types} whole={whole} />)}
    </>
  );
}
