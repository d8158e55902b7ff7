/** The ledger: received = published + dead-lettered + duplicate + retained + in hand, and then stored. */

import { useQuery } from "@tanstack/react-query";
import { get } from "@/shared/api/http";
import type { Account, Ledger } from "@/shared/api/types";
import { countText } from "@/shared/format/number";
import { timeText } from "@/shared/format/time";
import { Loaded, Note, Panel } from "@/shared/ui/Page";
import css from "./HealthPage.module.css";
import { useRate } from "./useRate";

export function LedgerPanel() {
  const ledger = useQuery({ queryKey: ["ledger"], queryFn: ({ signal }) => get<Ledger>("/api/ingest/v1/ledger", {}, signal), refetchInterval: 2_000 });
  return (
    <Panel title="Ledger: where everything that came in is now">
      <Loaded query={ledger}>
        {({ items, batches_waiting }) => items.length === 0
          ? <Note>No ingest is counting. Look at the ingest service above.</Note>
          : <>{items.map((account) => <Counts key={account.instance} account={account} waiting={batches_waiting} />)}</>}
      </Loaded>
    </Panel>
  );
}

function Counts({ account, waiting }: { account: Account; waiting: number }) {
  const { intake, store, unexplained } = account;
  const inRate = useRate(intake.received);
  const outRate = useRate(store.stored);
  return (
    <>
      <h3 className={css["sub"]}>Messages, ingest {account.instance}, since {timeText(Date.parse(account.since))}</h3>
      <dl className={css["flow"]}>
        <Count name="Received" n={intake.received} rate={inRate} />
        <Count name="Published" n={intake.published} />
        <Count name="Dead letters" n={intake.dead_lettered} />
        <Count name="Duplicates" n={intake.duplicate} />
        <Count name="Retained, not new" n={intake.retained} />
        <Count name="In hand" n={intake.in_hand} />
        <Count name="Unexplained" n={unexplained} bad={unexplained !== 0} />
      </dl>
      <h3 className={css["sub"]}>Readings into InfluxDB</h3>
      <dl className={css["flow"]}>
        <Count name="From the stream" n={store.received} />
        <Count name="Stored" n={store.stored} rate={outRate} />
        <Count name="Dead letters" n={store.dead_lettered} />
        <Count name="In hand" n={store.in_hand} />
        <Count name="Batches waiting" n={waiting} />
      </dl>
    </>
  );
}

interface CountProps {
  name: string;
  n: number;
  rate?: number | undefined;
  bad?: boolean;
}

const Count = ({ name, n, rate, bad = false }: CountProps) => (
  <div className={bad ? css["bad"] : undefined}>
    <dt>{name}</dt>
    <dd>{countText(n)}{rate !== undefined && <span className={css["rate"]}>{countText(rate)} per second</span>}</dd>
  </div>
);
