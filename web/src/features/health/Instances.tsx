/** What each ingest counted since its start, folded away: the sums above hold them all. */

import { countText } from "@/shared/format/number";
import { timeText } from "@/shared/format/time";
import { Num, Table, Two } from "@/shared/ui/Table";
import css from "./HealthPage.module.css";
import { texts } from "./texts";
import type { Account } from "./types";
import { useRate } from "./useRate";

const num = (text: string) => ({ text, look: "num" as const });

function headNow() {
  const { ingest, ...others } = texts().instanceHead;
  return [ingest, ...Object.values(others).map(num)];
}

export const Instances = ({ accounts }: { accounts: readonly Account[] }) => (
  <details className={css["instances"]}>
    <summary>{texts().instances(accounts.length)}</summary>
    {accounts.length > 0 && <Table head={headNow()} label={texts().ingests}>{accounts.map((account) => <Row key={account.instance} account={account} />)}</Table>}
  </details>
);

function Row({ account }: { account: Account }) {
  const { intake, store, unexplained } = account;
  return (
    <tr>
      <Two below={texts().sinceTime(timeText(Date.parse(account.since)))}>{account.instance}</Two>
      <Num>{countText(intake.received)}<Rate n={intake.received} /></Num>
      <Num>{countText(intake.published)}</Num>
      <Num>{countText(intake.dead_lettered)}</Num>
      <Num>{countText(intake.duplicate)}</Num>
      <Num>{countText(intake.retained)}</Num>
      <Num>{countText(intake.in_hand)}</Num>
      <Num>{countText(unexplained)}</Num>
      <Num>{countText(store.stored)}<Rate n={store.stored} /></Num>
    </tr>
  );
}

function Rate({ n }: { n: number }) {
  const rate = useRate(n);
  return <small className={css["unit"]}>{texts().perSecond(rate === undefined ? "–" : countText(rate))}</small>;
}
