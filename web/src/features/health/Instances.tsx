/** What each ingest counted since its start, folded away: the sums above hold them all. */

import { countText } from "@/shared/format/number";
import { timeText } from "@/shared/format/time";
import { Num, Table, Two } from "@/shared/ui/Table";
import css from "./HealthPage.module.css";
import type { Account } from "./types";
import { useRate } from "./useRate";

const num = (text: string) => ({ text, look: "num" as const });
const HEAD = ["Ingest", num("Received"), num("Published"), num("Dead letters"), num("Duplicates"), num("Retained"), num("In hand"), num("Unexplained"), num("Readings stored")];

export const Instances = ({ accounts }: { accounts: readonly Account[] }) => (
  <details className={css["instances"]}>
    <summary>{accounts.length === 1 ? "What ingest counted since its start" : `What ${countText(accounts.length)} ingests counted, each since its start`}</summary>
    {accounts.length > 0 && <Table head={HEAD} label="Ingests">{accounts.map((account) => <Row key={account.instance} account={account} />)}</Table>}
  </details>
);

function Row({ account }: { account: Account }) {
  const { intake, store, unexplained } = account;
  return (
    <tr>
      <Two below={`since ${timeText(Date.parse(account.since))}`}>{account.instance}</Two>
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
  return <small className={css["unit"]}>{rate === undefined ? "–" : countText(rate)}/s</small>;
}
