/** The ledger: whether everything that came in is accounted for, and where it is, device by device. */

import { countText } from "@/shared/format/number";
import { timeText } from "@/shared/format/time";
import { Mark } from "@/shared/ui/Mark";
import { Loaded, Note, Panel } from "@/shared/ui/Page";
import { DeviceTable } from "./DeviceTable";
import css from "./HealthPage.module.css";
import { Instances } from "./Instances";
import { Proof } from "./Proof";
import { texts } from "./texts";
import type { Ledger } from "./types";
import { useLedger } from "./useHealth";

export function LedgerPanel() {
  const t = texts();
  const ledger = useLedger(true);
  return (
    <Panel title={t.ledger}>
      <Loaded query={ledger}>
        {(found) => (
          <>
            <Verdict ledger={found} />
            <Proof ledger={found} />
            <Sums ledger={found} />
            {found.items.length === 0
              ? <Note>{t.nothingYet}</Note>
              : <div className={css["devices"]}><DeviceTable items={found.items} /></div>}
            <Instances accounts={found.instances} />
          </>
        )}
      </Loaded>
    </Panel>
  );
}

function Verdict({ ledger }: { ledger: Ledger }) {
  const t = texts();
  const { balanced, problems, since } = ledger;
  return (
    <div className={css["verdict"]} role="status">
      <Mark level={balanced ? "normal" : "fault"} size={26} label="" />
      <div>
        <b>{balanced ? t.balanced : t.unbalanced}</b>
        {since && <small>{t.since(timeText(Date.parse(since)))}</small>}
        {problems.map((problem) => <p key={problem}>{problem}.</p>)}
      </div>
    </div>
  );
}

/** What is to be nothing, and what is on its way. */
function Sums({ ledger }: { ledger: Ledger }) {
  const { sums, sumMeans, lostByBroker } = texts();
  const { unexplained, lost, missing, batches_waiting: waiting, broker } = ledger;
  return (
    <dl className={css["flow"]}>
      <Sum name={sums.unexplained} n={unexplained} meaning={sumMeans.unexplained} look="fault" />
      <Sum name={sums.lost} n={lost} meaning={broker.lost ? lostByBroker(broker.lost) : sumMeans.lost} look="critical" />
      <Sum name={sums.missing} n={missing} meaning={sumMeans.missing} look="low" />
      <Sum name={sums.broker} n={broker.waiting} meaning={sumMeans.broker} />
      <Sum name={sums.stream} n={waiting} meaning={sumMeans.stream} />
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
