/** Whether Andon itself is well: one sentence; then its services, how long a reading takes, and the ledger. */

import { useMay, useSession } from "@/shared/api/session";
import type { Readiness } from "@/shared/api/types";
import { isBelow } from "@/shared/plant/tree";
import { Trail } from "@/shared/ui/Breadcrumb";
import { Mark } from "@/shared/ui/Mark";
import { Loaded, PageHead, Panel } from "@/shared/ui/Page";
import css from "./HealthPage.module.css";
import { LedgerPanel } from "./LedgerPanel";
import { partsOf } from "./parts";
import { ProbePanel, PROBER } from "./ProbePanel";
import { texts } from "./texts";
import { useLedger, useProbe, useReadiness } from "./useHealth";
import { nameOf, verdictOf } from "./verdict";

export function HealthPage() {
  const { title, hint, services } = texts();
  const mayLedger = useMay("engineer");
  const scope = useSession()?.scope;
  const seesProber = scope !== undefined && isBelow(PROBER, scope);
  const readiness = useReadiness();
  const [ledger, probe] = [useLedger(mayLedger), useProbe(seesProber)];
  const verdict = verdictOf(readiness.data && partsOf(readiness.data), ledger.data, probe.data);
  return (
    <>
      <Trail here={title} />
      <PageHead title={title} hint={hint} mark={verdict && <Mark level={verdict.isFine ? "normal" : "fault"} size={32} label="" />} />
      {verdict && <p className={css["verdictLine"]} role="status" data-fault={!verdict.isFine || undefined}>{verdict.text}</p>}
      <div className={seesProber ? css["top"] : undefined}>
        <Panel title={services}><Loaded query={readiness}>{(found) => <Services readiness={found} />}</Loaded></Panel>
        {seesProber && <ProbePanel />}
      </div>
      {mayLedger && <LedgerPanel />}
    </>
  );
}

function Services({ readiness }: { readiness: Readiness }) {
  const t = texts();
  const does: Record<string, string> = t.does;
  return (
    <ul className={css["list"]}>
      {partsOf(readiness).map(({ name, wrong, recent }) => (
        <li key={name}>
          <Mark level={wrong.length ? "fault" : "normal"} size={20} label="" />
          <b>{nameOf(name)}</b>
          <div>
            {wrong.length === 0 && <span className={css["ok"]}>{t.well(does[name] ?? t.answers)}</span>}
            {wrong.map((text) => <p key={text} className={css["wrong"]}>{text}</p>)}
            {recent.map((text) => <small key={text} className={css["recent"]}>{text}</small>)}
          </div>
        </li>
      ))}
    </ul>
  );
}
