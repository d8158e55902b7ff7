/** The ledger: whether everything that came in is accounted for, and where it is, device by device. */

import { useQuery } from "@tanstack/react-query";
import { get } from "@/shared/api/http";
import { countText } from "@/shared/format/number";
import { timeText } from "@/shared/format/time";
import { Mark } from "@/shared/ui/Mark";
import { Loaded, Note, Panel } from "@/shared/ui/Page";
import { DeviceTable } from "./DeviceTable";
import css from "./HealthPage.module.css";
import { Instances } from "./Instances";
import type { Ledger } from "./types";

export function LedgerPanel() {
  const ledger = useQuery({ queryKey: ["ledger"], queryFn: ({ signal }) => get("/api/ingest/v1/ledger", {}, signal), refetchInterval: 2_000 });
  const shown = ledger.error ? { ...ledger, data: undefined } : ledger;
  return (
    <Panel title="Ledger: where everything that came in is now">
      <Loaded query={shown}>
        {(found) => (
          <>
            <Verdict ledger={found} />
            <Sums ledger={found} />
            {found.items.length === 0
              ? <Note>Nothing has come in yet. Connect a device: the page “Devices” shows how.</Note>
              : <div className={css["devices"]}><DeviceTable items={found.items} /></div>}
            <Instances accounts={found.instances} />
          </>
        )}
      </Loaded>
    </Panel>
  );
}

function Verdict({ ledger }: { ledger: Ledger }) {
  const { balanced, problems, since } = ledger;
  return (
    <div className={css["verdict"]} role="status">
      <Mark level={balanced ? "normal" : "fault"} size={26} label="" />
      <div>
        <b>{balanced ? "Everything is accounted for" : "Not everything is accounted for"}</b>
        {since && <small>Counted since {timeText(Date.parse(since))}</small>}
        {problems.map((problem) => <p key={problem}>{problem}.</p>)}
      </div>
    </div>
  );
}

/** What is to be nothing, and what is on its way. */
function Sums({ ledger }: { ledger: Ledger }) {
  const { unexplained, lost, missing, batches_waiting: waiting, broker } = ledger;
  return (
    <dl className={css["flow"]}>
      <Sum name="Unexplained" n={unexplained} meaning="taken and nowhere" look="fault" />
      <Sum name="Lost" n={lost} meaning={broker.lost ? `${countText(broker.lost)} by the broker` : "safe, and gone"} look="critical" />
      <Sum name="Missing numbers" n={missing} meaning="never came in" look="low" />
      <Sum name="At the broker" n={broker.waiting} meaning="messages wait" />
      <Sum name="In the stream" n={waiting} meaning="batches wait" />
    </dl>
  );
}

interface SumProps {
  name: string;
  n: number;
  meaning: string;
  /** How grave it is when it is not nothing. */
  look?: "critical" | "low" | "fault";
}

const Sum = ({ name, n, meaning, look }: SumProps) => (
  <div className={look && n !== 0 ? css[look] : undefined}>
    <dt>{name}</dt>
    <dd>{look && n !== 0 && <Mark level={look} size={20} label="" />}{countText(n)}<small>{meaning}</small></dd>
  </div>
);
