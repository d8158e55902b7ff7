/** One site: its areas as columns, its lines as tiles, its machines as marks. */

import { useDeferredValue } from "react";
import { worstFirst, type Condition } from "@/shared/plant/condition";
import { Freshness } from "@/shared/plant/Freshness";
import type { MachineType } from "@/shared/plant/queries";
import { texts as plantTexts } from "@/shared/plant/texts";
import { linesOf, type Node } from "@/shared/plant/tree";
import { Mark } from "@/shared/ui/Mark";
import { PlantLink } from "@/shared/ui/PlantLink";
import { LineTile } from "./LineTile";
import css from "./SiteBlock.module.css";

interface Props {
  site: Node;
  conditions: ReadonlyMap<string, Condition>;
  types: ReadonlyMap<string, MachineType>;
  /** Lines that are shown whole. */
  whole: ReadonlySet<string>;
  /** The first on the page: what one sees of it is drawn at once. */
  first: boolean;
}

/** Areas that a screen has room for, of the first site. All others are drawn a moment later, and keep nobody waiting. */
const AT_ONCE = 4;

/** `12 of 14 running · 2 alarms (1 new)`: what is not there is not said. */
function factsText({ running, machines, alarms, unacknowledged, stale }: Condition): string {
  const say = plantTexts();
  const parts = [say.running(running, machines)];
  if (alarms) parts.push(say.alarms(alarms) + (unacknowledged ? ` (${say.fresh(unacknowledged)})` : ""));
  if (stale) parts.push(say.silent(stale));
  return parts.join(" · ");
}

export function SiteBlock({ site, first, ...plant }: Props) {
  const own = plant.conditions.get(site.path);
  return (
    <section className={css["site"]} aria-label={site.name}>
      <h2 className={css["head"]}>
        <PlantLink path={site.path} className={css["name"]}>
          <Mark level={own?.level ?? "empty"} calling={Boolean(own?.unacknowledged)} size={22} />
          {site.name}
        </PlantLink>
        {own && <span className={css["facts"]}>{factsText(own)}</span>}
        <Freshness node={site} />
      </h2>
      <div className={css["areas"]}>
        {worstFirst(site.children, plant.conditions).map((area, place) => <Area key={area.path} area={area} atOnce={first && place < AT_ONCE} {...plant} />)}
      </div>
    </section>
  );
}

function Area({ area, atOnce, ...plant }: Omit<Props, "site" | "first"> & { area: Node; atOnce: boolean }) {
  const isDrawn = useDeferredValue(true, atOnce);
  const own = plant.conditions.get(area.path);
  const lines = worstFirst(area.kind === "area" ? area.children : linesOf(area), plant.conditions);
  return (
    <div className={css["area"]} data-drawn={isDrawn}>
      {area.kind === "area" && (
        <h3 className={css["areaHead"]}>
          <PlantLink path={area.path} className={css["areaName"]}>
            <Mark level={own?.level ?? "empty"} size={16} />
            {area.name}
          </PlantLink>
          {own && <small>{factsText(own)}</small>}
        </h3>
      )}
      {isDrawn && lines.map((line) => <LineTile key={line.path} line={line} conditions={plant.conditions} types={plant.types} whole={plant.whole.has(line.path)} />)}
    </div>
  );
}
