/** One site: its areas as columns, its lines as tiles, its machines as marks. */

import { countOf } from "@/shared/format/number";
import { worstFirst, type Condition } from "@/shared/plant/condition";
import type { Node } from "@/shared/plant/tree";
import { Mark } from "@/shared/ui/Mark";
import { PlantLink } from "@/shared/ui/PlantLink";
import { LineTile } from "./LineTile";
import css from "./SiteBlock.module.css";

interface Props {
  site: Node;
  conditions: ReadonlyMap<string, Condition>;
}

function Facts({ condition }: { condition: Condition | undefined }) {
  if (!condition) return null;
  const { running, machines, alarms, unacknowledged, stale } = condition;
  const parts = [`${running} of ${countOf(machines, "machine")} running`];
  if (alarms) parts.push(countOf(alarms, "alarm") + (unacknowledged ? ` (${unacknowledged} new)` : ""));
  if (stale) parts.push(`${stale} without fresh data`);
  return <span className={css["facts"]}>{parts.join(" · ")}</span>;
}

export function SiteBlock({ site, conditions }: Props) {
  const own = conditions.get(site.path);
  return (
    <section className={css["site"]} aria-label={site.name}>
      <h2 className={css["head"]}>
        <PlantLink path={site.path} className={css["name"]}>
          <Mark level={own?.level ?? "empty"} calling={Boolean(own?.unacknowledged)} size={22} />
          {site.name}
        </PlantLink>
        <Facts condition={own} />
      </h2>
      <div className={css["areas"]}>
        {worstFirst(site.children, conditions).map((area) => (
          <div key={area.path} className={css["area"]}>
            {area.kind === "area" && (
              <h3>
                <PlantLink path={area.path} className={css["areaName"]}>
                  <Mark level={conditions.get(area.path)?.level ?? "empty"} size={16} />
                  {area.name}
                </PlantLink>
              </h3>
            )}
            {area.kind === "area"
              ? worstFirst(area.children, conditions).map((line) => <LineTile key={line.path} line={line} conditions={conditions} />)
              : <LineTile line={area} conditions={conditions} />}
          </div>
        ))}
      </div>
    </section>
  );
}
