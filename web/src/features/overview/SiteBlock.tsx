/** One site: its areas as columns, its lines as tiles, its machines as marks. */

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
}

/** `12 of 14 running · 2 alarms (1 new)`: what is not there is not said. */
function factsText({ running, machines, alarms, unacknowledged, stale }: Condition): string {
  const say = plantTexts();
  const parts = [say.running(running, machines)];
  if (alarms) parts.push(say.alarms(alarms) + (unacknowledged ? ` (${say.fresh(unacknowledged)})` : ""));
  if (stale) parts.push(say.silent(stale));
  return parts.join(" · ");
}

export function SiteBlock({ site, ...plant }: Props) {
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
        {worstFirst(site.children, plant.conditions).map((area) => <Area key={area.path} area={area} {...plant} />)}
      </div>
    </section>
  );
}

function Area({ area, ...plant }: Omit<Props, "site"> & { area: Node }) {
  const own = plant.conditions.get(area.path);
  const lines = worstFirst(area.kind === "area" ? area.children : linesOf(area), plant.conditions);
  return (
    <div className={css["area"]}>
      {area.kind === "area" && (
        <h3 className={css["areaHead"]}>
          <PlantLink path={area.path} className={css["areaName"]}>
            <Mark level={own?.level ?? "empty"} size={16} />
            {area.name}
          </PlantLink>
          {own && <small>{factsText(own)}</small>}
        </h3>
      )}
      {lines.map((line) => <LineTile key={line.path} line={line} conditions={plant.conditions} types={plant.types} whole={plant.whole.has(line.path)} />)}
    </div>
  );
}
