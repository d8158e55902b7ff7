/** The list of devices: what each sends, when it was heard, and how it stands. */

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Ban, Gauge, KeyRound, LogIn } from "lucide-react";
import { all, remove } from "@/shared/api/http";
import type { DeadLetter, Device } from "@/shared/api/types";
import { REFUSALS } from "@/shared/deadletters/keys";
import { timeText } from "@/shared/format/time";
import { useNow } from "@/shared/live/hooks";
import { texts as plantTexts } from "@/shared/plant/texts";
import { Button } from "@/shared/ui/Button";
import { Path } from "@/shared/ui/Path";
import { PlantLink } from "@/shared/ui/PlantLink";
import { Actions, Num, Table, Two } from "@/shared/ui/Table";
import css from "./DevicesPage.module.css";
import { DEVICES, REGISTRY } from "./queries";
import { newestPerDevice } from "./refusals";
import { heardText, quotaText, rateText, standingOf } from "./standing";
import { texts } from "./texts";

export interface Deed {
  what: "rotate" | "revoke" | "quota";
  device: Device;
}

export function DeviceTable({ devices, onOpen }: { devices: readonly Device[]; onOpen: (deed: Deed) => void }) {
  const { head, title } = texts();
  const letters = useQuery({
    queryKey: REFUSALS,
    queryFn: ({ signal }) => all("/api/ingest/v1/deadletters", { reason: "forbidden", limit: 100 }, signal, 100),
    refetchInterval: 15_000,
  });
  const refusals = newestPerDevice(letters.data ?? []);
  const columns = [head.device, head.scope, { text: head.sends, look: "num" as const }, { text: head.heard, look: "num" as const }, head.state, { text: head.actions, look: "none" as const }];
  return (
    <Table head={columns} label={title} cards>
      {devices.map((device) => <Row key={device.id} device={device} refusal={refusals.get(device.username)} onOpen={onOpen} />)}
    </Table>
  );
}

function Row({ device, refusal, onOpen }: { device: Device; refusal: DeadLetter | undefined; onOpen: (deed: Deed) => void }) {
  const t = texts();
  const { name, username, created, scope, revoked } = device;
  return (
    <tr className={revoked ? css["revoked"] : undefined}>
      <Two wide below={<><code>{username}</code> · {t.since(timeText(Date.parse(created)))}</>}>{name}</Two>
      <td>{scope ? <PlantLink path={scope}><Path text={scope} /></PlantLink> : plantTexts().wholePlant}</td>
      {revoked ? <td /> : <Num>{rateText(device.rate)}<small className={css["below"]}>{quotaText(device)}</small></Num>}
      {revoked ? <td /> : <Heard device={device} />}
      <State device={device} refusal={refusal} />
      <Actions>{!revoked && <Deeds device={device} onOpen={onOpen} />}</Actions>
    </tr>
  );
}

function Heard({ device }: { device: Device }) {
  const t = texts();
  const now = useNow(1_000);
  const { connected } = device;
  return <Num>{heardText(device, now)}{connected !== null && <small className={css["below"]}>{connected ? t.connected : t.notConnected}</small>}</Num>;
}

/** Admitted, or since when not and why; and when it last tried to publish outside its part. */
function State({ device, refusal }: { device: Device; refusal: DeadLetter | undefined }) {
  const { text, why, isOut } = standingOf(device, useNow(1_000));
  const refused = refusal && (
    <small className={css["below"]}><Link to="/deadletters" search={{ reason: "forbidden" }} title={refusal.detail}>{texts().refused(timeText(Date.parse(refusal.at)))}</Link></small>
  );
  if (!why) return <td>{text}{refused}</td>;
  return <td className={css["slowed"]}><b>{text}</b><small className={css["below"]}>{why}</small>{refused}{isOut && <LetIn device={device} />}</td>;
}

function LetIn({ device: { id, name } }: { device: Device }) {
  const t = texts();
  const client = useQueryClient();
  const letting = useMutation({
    mutationFn: () => remove(`${REGISTRY}/devices/{device_id}/quarantine`, { device_id: id }),
    onSettled: () => client.invalidateQueries({ queryKey: DEVICES }),
  });
  return <Button aria-label={t.letInNow(name)} disabled={letting.isPending} onClick={() => letting.mutate()}><LogIn size={16} aria-hidden />{t.letIn}</Button>;
}

function Deeds({ device, onOpen }: { device: Device; onOpen: (deed: Deed) => void }) {
  const t = texts();
  const { name } = device;
  return (
    <>
      <Button aria-label={t.changeQuota(name)} title={t.quota} look="quiet" onClick={() => onOpen({ what: "quota", device })}><Gauge size={18} aria-hidden /></Button>
      <Button aria-label={t.rotateFor(name)} title={t.rotate} look="quiet" onClick={() => onOpen({ what: "rotate", device })}><KeyRound size={18} aria-hidden /></Button>
      <Button aria-label={t.revokeFor(name)} title={t.revoke} look="quiet" onClick={() => onOpen({ what: "revoke", device })}><Ban size={18} aria-hidden /></Button>
    </>
  );
}
