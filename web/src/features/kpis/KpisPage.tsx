/** How good the alarms of a part of the plant are: figures of ISA-18.2 and EEMUA 191 with their targets. */

import { useQuery } from "@tanstack/react-query";
import { ALERTING } from "@/shared/alerting/queries";
import { get } from "@/shared/api/http";
import type { Kpis } from "@/shared/api/types";
import { countOf, countText } from "@/shared/format/number";
import { timeZone } from "@/shared/format/time";
import { PartField } from "@/shared/plant/PartField";
import { Trail } from "@/shared/ui/Breadcrumb";
import { PickField } from "@/shared/ui/Form";
import { Loaded, PageHead, Panel } from "@/shared/ui/Page";
import { AnnunciationChart } from "./AnnunciationChart";
import { FigureTable } from "./FigureTable";
import { RANGES, readKpis, type KpiView } from "./figures";
import css from "./KpisPage.module.css";
import { OffenderTable } from "./OffenderTable";
import { WaitingTable } from "./WaitingTable";

export function KpisPage({ view, onView }: { view: KpiView; onView: (view: KpiView) => void }) {
  const { range = "-7d", under = "" } = view;
  const set = (more: Record<string, unknown>): void => onView(readKpis({ ...view, ...more }));
  const kpis = useQuery({
    queryKey: ["kpis", range, under],
    queryFn: ({ signal }) => get(`${ALERTING}/kpis`, { from: range, under, tz: timeZone() }, signal),
    staleTime: 60_000,
  });
  return (
    <>
      <Trail here="Figures" />
      <PageHead title="Alarm figures" hint="ISA-18.2 and EEMUA 191 speak of what one operator sees to: choose that part of the plant." />
      <div className={css["filters"]} role="group" aria-label="Filter">
        <PartField label="Part of the plant" value={under} onPick={(path) => set({ under: path })} machines />
        <PickField label="The last" value={range} onPick={(text) => set({ range: text })} options={RANGES} />
      </div>
      <Loaded query={kpis}>{(found) => <Figures kpis={found} />}</Loaded>
    </>
  );
}

const Figures = ({ kpis }: { kpis: Kpis }) => (
  <>
    <Panel title={countOf(kpis.annunciations, "annunciation")}>
      <AnnunciationChart chart={kpis.chart} />
      <p className={css["soft"]}>{besides(kpis)}</p>
    </Panel>
    <Panel title="Figures"><FigureTable kpis={kpis.kpis} /></Panel>
    <Panel title="Top offenders"><OffenderTable offenders={kpis.offenders} /></Panel>
    <Panel title="Time to acknowledge"><WaitingTable waiting={kpis.time_to_acknowledge} /></Panel>
  </>
);

function besides({ watches, late, unseen, flood_count: floods, hidden }: Kpis): string {
  const away = Object.values(hidden).reduce((sum, n) => sum + n, 0);
  return [
    `by ${countOf(watches, "rule")}, counted for each sensor`,
    `${countOf(floods, "flood")} (more than 10 in ten minutes)`,
    late > 0 && `${countText(late)} not told, for they were measured long before`,
    unseen > 0 && `${countText(unseen)} out of sight`,
    away > 0 && `${countText(away)} hidden now: ${Object.entries(hidden).filter(([, n]) => n > 0).map(([state, n]) => `${countText(n)} ${state.replaceAll("-", " ")}`).join(", ")}`,
  ].filter(Boolean).join(" · ");
}
