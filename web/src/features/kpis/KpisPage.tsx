/** How good the alarms of a part of the plant are: figures of ISA-18.2 and EEMUA 191 with their targets. */

import { useQuery } from "@tanstack/react-query";
import { ALERTING } from "@/shared/alerting/queries";
import { stateName } from "@/shared/alarms/words";
import { get } from "@/shared/api/http";
import type { AlarmState, Kpis } from "@/shared/api/types";
import { countText } from "@/shared/format/number";
import { timeZone } from "@/shared/format/time";
import { PartField } from "@/shared/plant/PartField";
import { Trail } from "@/shared/ui/Breadcrumb";
import { PickField } from "@/shared/ui/Form";
import { Loaded, PageHead, Panel } from "@/shared/ui/Page";
import { AnnunciationChart } from "./AnnunciationChart";
import { FigureTable } from "./FigureTable";
import { FloodTable } from "./FloodTable";
import { RANGES, readKpis, USUAL_RANGE, type KpiView } from "./figures";
import { HiddenTable } from "./HiddenTable";
import css from "./KpisPage.module.css";
import { OffenderExport } from "./OffenderExport";
import { OffenderTable } from "./OffenderTable";
import { PairTable } from "./PairTable";
import { StandingChart } from "./StandingChart";
import { texts } from "./texts";
import { WaitingTable } from "./WaitingTable";

interface Props {
  view: KpiView;
  onView: (view: KpiView) => void;
}

export function KpisPage({ view, onView }: Props) {
  const { range = USUAL_RANGE, under = "" } = view;
  const set = (more: Record<string, unknown>): void => onView(readKpis({ ...view, ...more }));
  const say = texts();
  const kpis = useQuery({
    queryKey: ["kpis", range, under],
    queryFn: ({ signal }) => get(`${ALERTING}/kpis`, { from: range, under, tz: timeZone() }, signal),
    staleTime: 60_000,
  });
  return (
    <>
      <Trail here={say.trail} />
      <PageHead title={say.title} hint={say.hint} />
      <div className={css["filters"]} role="group" aria-label={say.filter}>
        <PartField value={under} onPick={(path) => set({ under: path })} machines />
        <PickField label={say.last} value={range} onPick={(text) => set({ range: text })} options={RANGES.map((one) => [one, say.ranges[one]] as const)} />
      </div>
      <Loaded query={kpis}>{(found) => <Figures kpis={found} view={view} onView={onView} />}</Loaded>
    </>
  );
}

function Figures({ kpis, view, onView }: Props & { kpis: Kpis }) {
  const say = texts();
  return (
    <>
      <Panel title={say.annunciations(kpis.annunciations)}>
        <AnnunciationChart chart={kpis.chart} />
        <p className={css["soft"]}>{besides(kpis)}</p>
      </Panel>
      <Panel title={say.figures}><FigureTable kpis={kpis.kpis} /></Panel>
      <Panel title={say.offenders} actions={<OffenderExport view={view} />}>
        <OffenderTable offenders={kpis.offenders} view={view} onNature={(nature) => onView(readKpis({ ...view, nature }))} />
      </Panel>
      <Panel title={say.floodsTitle}><FloodTable floods={kpis.floods} under={kpis.under} /></Panel>
      <div className={css["pair"]}>
        <div><Panel title={say.standing}><StandingChart days={kpis.stale_per_day} /></Panel></div>
        <div><Panel title={say.hiddenTitle}><HiddenTable hidden={kpis.hidden_longest} /></Panel></div>
      </div>
      {kpis.pairs.length > 0 && <Panel title={say.pairsTitle}><PairTable pairs={kpis.pairs} /></Panel>}
      <Panel title={say.waiting}><WaitingTable waiting={kpis.time_to_acknowledge} /></Panel>
    </>
  );
}

function besides({ watches, late, unseen, flood_count: floods, hidden }: Kpis): string {
  const say = texts();
  const away = Object.entries(hidden).filter(([, n]) => n > 0);
  return [
    say.rules(watches),
    say.floods(floods),
    late > 0 && say.late(countText(late)),
    unseen > 0 && say.unseen(countText(unseen)),
    away.length > 0 && say.hidden(countText(away.reduce((sum, [, n]) => sum + n, 0)), away.map(([state, n]) => `${stateName(state as AlarmState)} ${countText(n)}`).join(", ")),
  ].filter(Boolean).join(" · ");
}
