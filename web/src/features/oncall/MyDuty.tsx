/** Am I on call, until when, who is next: what is looked up at night, on a phone. */

import { PhoneCall, PhoneOff } from "lucide-react";
import { useChannels } from "@/shared/alerting/queries";
import { useSession } from "@/shared/api/session";
import { useNow } from "@/shared/live/hooks";
import { planText } from "./clock";
import { dutiesOf, type Duty } from "./duty";
import css from "./Duty.module.css";
import { dutyTexts } from "./dutyTexts";
import { useOwnNames, useRotas } from "./shifts";

export function MyDuty() {
  const person = useSession()?.name ?? "";
  const own = useOwnNames();
  const rotas = useRotas();
  const channels = useChannels().data;
  const now = useNow(60_000);
  const t = dutyTexts();
  if (!channels || !rotas?.length) return null;
  if (own.length === 0) return <p className={css["stranger"]}>{t.unknown(person)}</p>;
  const duties = dutiesOf(own, rotas, now);
  return (
    <section className={css["mine"]} aria-label={t.mine}>
      {duties.now.map((duty) => <On key={duty.schedule} duty={duty} />)}
      {duties.now.length === 0 && (
        <p className={css["duty"]}><PhoneOff size={26} aria-hidden /><span><b>{t.off}</b><small>{duties.next ? nextText(duties.next) : t.noNext}</small></span></p>
      )}
    </section>
  );
}

function On({ duty: { schedule, until, after } }: { duty: Duty }) {
  const t = dutyTexts();
  const next = until === undefined ? t.longer : after ? t.after(after) : t.afterNobody;
  return (
    <p className={css["duty"]} data-on>
      <PhoneCall size={26} aria-hidden />
      <span><b>{until === undefined ? t.on : t.onUntil(planText(until))}</b><small>{schedule} · {next}</small></span>
    </p>
  );
}

const nextText = ({ from, until, schedule }: Duty): string =>
  until === undefined ? dutyTexts().nextOpen(planText(from), schedule) : dutyTexts().next(planText(from), planText(until, from), schedule);
