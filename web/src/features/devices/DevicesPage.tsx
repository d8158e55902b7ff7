/** Devices: credentials that may publish for a part of the plant. */

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Ban, KeyRound, LogIn, Plus } from "lucide-react";
import { useState } from "react";
import { all, post, remove } from "@/shared/api/http";
import { useMay } from "@/shared/api/session";
import type { Credential, Device } from "@/shared/api/types";
import { REFUSALS } from "@/shared/deadletters/keys";
import { timeText } from "@/shared/format/time";
import { Path } from "@/shared/ui/Path";
import { PlantLink } from "@/shared/ui/PlantLink";
import { Trail } from "@/shared/ui/Breadcrumb";
import { Button } from "@/shared/ui/Button";
import { Confirm } from "@/shared/ui/Confirm";
import { Loaded, Note, PageHead, Panel } from "@/shared/ui/Page";
import { Actions, Num, Table, Two } from "@/shared/ui/Table";
import { DeviceDialog } from "./DeviceDialog";
import css from "./DevicesPage.module.css";
import { DEVICES, REGISTRY, useDevices } from "./queries";
import { newestPerDevice } from "./refusals";
import { SecretDialog } from "./SecretDialog";
import { quotaText, rateText, standingOf } from "./standing";

type Open = { what: "add" } | { what: "rotate" | "revoke"; device: Device } | { what: "secret"; credential: Credential } | null;

export function DevicesPage() {
  const devices = useDevices();
  const mayEdit = useMay("admin");
  const [open, setOpen] = useState<Open>(null);
  const client = useQueryClient();
  const refresh = (): Promise<void> => client.invalidateQueries({ queryKey: DEVICES });
  const close = (): void => setOpen(null);
  const show = (credential: Credential): void => { void refresh(); setOpen({ what: "secret", credential }); };
  return (
    <>
      <Trail here="Devices" />
      <PageHead title="Devices" hint="A gateway, PLC or sensor signs in with its own name and secret, and may publish for its part of the plant alone.">
        {mayEdit && <Button look="main" onClick={() => setOpen({ what: "add" })}><Plus size={18} aria-hidden />Add device</Button>}
      </PageHead>
      <Panel>
        <Loaded query={devices}>
          {(items) => items.length === 0
            ? <Note>No devices yet. Add one: it gets a user name and a secret to publish over MQTT.</Note>
            : <DeviceTable devices={items} onOpen={setOpen} />}
        </Loaded>
      </Panel>
      {open?.what === "add" && <DeviceDialog onMade={show} onClose={close} />}
      {open?.what === "secret" && <SecretDialog credential={open.credential} onClose={close} />}
      {open?.what === "rotate" && <Rotate device={open.device} onMade={show} onClose={close} />}
      {open?.what === "revoke" && (
        <Confirm title="Revoke device" verb="Revoke device" onClose={close} act={async () => { await remove(`${REGISTRY}/devices/{device_id}`, { device_id: open.device.id }); await refresh(); }}>
          “{open.device.name}” is disconnected at once and never comes in again under this name. This cannot be undone.
        </Confirm>
      )}
    </>
  );
}

function Rotate({ device, onMade, onClose }: { device: Device; onMade: (credential: Credential) => void; onClose: () => void }) {
  return (
    <Confirm title="New secret" verb="Give a new secret" onClose={onClose} onDone={onMade}
      act={() => post(`${REGISTRY}/devices/{device_id}/rotate`, { device_id: device.id })}>
      The old secret of “{device.name}” stops working at once, and who is connected with it is disconnected. Have the
      device at hand: the new secret is shown once.
    </Confirm>
  );
}

function DeviceTable({ devices, onOpen }: { devices: readonly Device[]; onOpen: (open: Open) => void }) {
  const letters = useQuery({
    queryKey: REFUSALS,
    queryFn: ({ signal }) => all("/api/ingest/v1/deadletters", { reason: "forbidden", limit: 100 }, signal, 100),
    refetchInterval: 15_000,
  });
  const refusals = newestPerDevice(letters.data ?? []);
  // Those that still work first; the revoked ones stay listed, as evidence.
  const sorted = [...devices].sort((a, b) => Number(Boolean(a.revoked)) - Number(Boolean(b.revoked)) || a.name.localeCompare(b.name));
  return (
    <Table head={["Device", "May publish for", { text: "Sends", look: "num" }, "State", "Last refusal", { text: "Actions", look: "none" }]} label="Devices">
      {sorted.map((device) => {
        const refusal = refusals.get(device.username);
        return (
          <tr key={device.id} className={device.revoked ? css["revoked"] : undefined}>
            <Two wide below={<><code>{device.username}</code> · since {timeText(Date.parse(device.created))}</>}>{device.name}</Two>
            <td>{device.scope ? <PlantLink path={device.scope}><Path text={device.scope} /></PlantLink> : "the whole plant"}</td>
            {device.revoked ? <td /> : <Num>{rateText(device.rate)}<small className={css["below"]}>{quotaText(device)}</small></Num>}
            <State device={device} />
            <td>{refusal
              ? <Link to="/deadletters" search={{ reason: "forbidden" }} title={refusal.detail}>{timeText(Date.parse(refusal.at))}</Link>
              : <span className={css["none"]}>none</span>}</td>
            <Actions>
              {!device.revoked && (
                <>
                  <Button aria-label={`New secret for ${device.name}`} title="New secret" look="quiet" onClick={() => onOpen({ what: "rotate", device })}><KeyRound size={18} aria-hidden /></Button>
                  <Button aria-label={`Revoke ${device.name}`} title="Revoke" look="quiet" onClick={() => onOpen({ what: "revoke", device })}><Ban size={18} aria-hidden /></Button>
                </>
              )}
            </Actions>
          </tr>
        );
      })}
    </Table>
  );
}

/** Admitted, or since when not; a device that is kept out for a while is told with the reason. */
function State({ device }: { device: Device }) {
  const { text, why, isOut } = standingOf(device, Date.now());
  if (!why) return <td>{text}</td>;
  return <td className={css["slowed"]}><b>{text}</b><small className={css["below"]}>{why}</small>{isOut && <LetIn device={device} />}</td>;
}

function LetIn({ device }: { device: Device }) {
  const client = useQueryClient();
  const letting = useMutation({
    mutationFn: () => remove(`${REGISTRY}/devices/{device_id}/quarantine`, { device_id: device.id }),
    onSettled: () => client.invalidateQueries({ queryKey: DEVICES }),
  });
  return (
    <Button aria-label={`Let ${device.name} in now`} disabled={letting.isPending} onClick={() => letting.mutate()}>
      <LogIn size={16} aria-hidden />Let in now
    </Button>
  );
}
