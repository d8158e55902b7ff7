/** Whether Andon itself is well: its services, how long a reading takes, and where everything that came in is now. */

import { useQuery } from "@tanstack/react-query";
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

/** A sick system answers 503 with the same body: that is an answer, not a failure. */
async function askReadiness(signal: AbortSignal): Promise<Readiness> {
  const response = await fetch("/readyz", { signal, cache: "no-store" });
  const body = (await response.json()) as Partial<Readiness>;
  if (!body.sick) throw new Error(`/readyz answered ${response.status} without saying who is sick`);
  return { status: body.status ?? "sick", sick: body.sick, recent: body.recent ?? {} };
}

const DOES: Record<string, string> = {
  registry: "plant model, devices, people",
  ingest: "takes readings from the broker and stores them",
  query: "history and the live feed",
  alerting: "rules, alarms, messages",
};

export function HealthPage() {
  const readiness = useQuery({ queryKey: ["readyz"], queryFn: ({ signal }) => askReadiness(signal), refetchInterval: 2_000, retry: false });
  const mayLedger = useMay("engineer");
  const scope = useSession()?.scope;
  const seesProber = scope !== undefined && isBelow(PROBER, scope);
  // An answer from before the connection was lost must not read as health.
  const shown = readiness.error ? { ...readiness, data: undefined } : readiness;
  const isReady = shown.data?.status === "ready";
  return (
    <>
      <Trail here="Health" />
      <PageHead title="Health" hint="Andon itself, asked every two seconds"
        mark={shown.data && <Mark level={isReady ? "normal" : "fault"} size={32} label="" />}>
        {shown.data && <p className={css["good"]} role="status">{isReady ? "All services are well" : "Something is wrong"}</p>}
      </PageHead>
      <div className={seesProber ? css["top"] : undefined}>
        <Panel title="Services">
          <Loaded query={shown}>{(found) => <Services readiness={found} />}</Loaded>
        </Panel>
        {seesProber && <ProbePanel />}
      </div>
      {mayLedger && <LedgerPanel />}
    </>
  );
}

const Services = ({ readiness }: { readiness: Readiness }) => (
  <ul className={css["list"]}>
    {partsOf(readiness).map(({ name, wrong, recent }) => (
      <li key={name}>
        <Mark level={wrong.length ? "fault" : "normal"} size={20} label="" />
        <b>{name[0]?.toUpperCase()}{name.slice(1)}</b>
        <div>
          {wrong.length === 0 && <span className={css["ok"]}>well · {DOES[name] ?? "answers"}</span>}
          {wrong.map((text) => <p key={text} className={css["wrong"]}>{text}</p>)}
          {recent.map((text) => <small key={text} className={css["recent"]}>{text}</small>)}
        </div>
      </li>
    ))}
  </ul>
);
