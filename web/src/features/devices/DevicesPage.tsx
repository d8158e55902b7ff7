/** Devices: credentials that may publish for a part of the plant. */

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Ban, KeyRound, Plus } from "lucide-react";
import { useState } from "react";
import { all, post, remove } from "@/shared/api/http";
import { useMay } from "@/shared/api/session";
import type { Credential, DeadLetter, Device } from "@/shared/api/types";
import { REFUSALS } from "@/shared/deadletters/keys";
import { timeText } from "@/shared/format/time";
import { PlantLink } from "@/shared/ui/PlantLink";
import { Trail } from "@/shared/ui/Breadcrumb";
import { Button } from "@/shared/ui/Button";
import { Confirm } from "@/shared/ui/Confirm";
import { Loaded, Note, PageHead, Panel } from "@/shared/ui/Page";
import { Actions, Table, Two } from "@/shared/ui/Table";
import { DeviceDialog } from "./DeviceDialog";
import css from "./DevicesPage.module.css";
import { DEVICES, REGISTRY, useDevices } from "./queries";
import { newestPerDevice } from "./refusals";
import { SecretDialog } from "./SecretDialog";

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
        <Confirm title="Revoke device" verb="Revoke device" onClose={close} act={async () => { await remove(`${REGISTRY}/devices/${open.device.id}`); await refresh(); }}>
          “{open.device.name}” is disconnected at once and never comes in again under this name. This cannot be undone.
        </Confirm>
      )}
    </>
  );
}

function Rotate({ device, onMade, onClose }: { device: Device; onMade: (credential: Credential) => void; onClose: () => void }) {
  return (
    <Confirm title="New secret" verb="Give a new secret" onClose={onClose} onDone={onMade}
      act={() => post<Credential>(`${REGISTRY}/devices/${device.id}/rotate`)}>
      The old secret of “{device.name}” stops working at once, and who is connected with it is disconnected. Have the
      device at hand: the new secret is shown once.
    </Confirm>
  );
}

function DeviceTable({ devices, onOpen }: { devices: readonly Device[]; onOpen: (open: Open) => void }) {
  const letters = useQuery({
    queryKey: REFUSALS,
    queryFn: ({ signal }) => all<DeadLetter>("/api/ingest/v1/deadletters", { reason: "forbidden", limit: 100 }, signal, 100),
    refetchInterval: 15_000,
  });
  const refusals = newestPerDevice(letters.data ?? []);
  // Those that still work first; the revoked ones stay listed, as evidence.
  const sorted = [...devices].sort((a, b) => Number(Boolean(a.revoked)) - Number(Boolean(b.revoked)) || a.name.localeCompare(b.name));
  return (
    <Table head={["Device", "May publish for", "State", "Last refusal", { text: "Actions", look: "none" }]} label="Devices">
      {sorted.map((device) => {
        const refusal = refusals.get(device.username);
        return (
          <tr key={device.id} className={device.revoked ? css["revoked"] : undefined}>
            <Two below={<><code>{device.username}</code> · since {timeText(Date.parse(device.created))}</>}>{device.name}</Two>
            <td>{device.scope ? <PlantLink path={device.scope}>{device.scope}</PlantLink> : "the whole plant"}</td>
            <td>{device.revoked ? `Revoked ${timeText(Date.parse(device.revoked))}` : "Admitted"}</td>
            <td>{refusal
              ? <Link to="/deadletters" search={{ reason: "forbidden" }} title={refusal.detail}>{timeText(Date.parse(refusal.at))}</Link>
              : <span className={css["none"]}>none</span>}</td>
            <Actions>
              {!device.revoked && (
                <>
                  <Button aria-label={`New secret for ${device.name}`} title="New secret" onClick={() => onOpen({ what: "rotate", device })}><KeyRound size={16} aria-hidden /><span className={css["verb"]}>New secret</span></Button>
                  <Button aria-label={`Revoke ${device.name}`} title="Revoke" onClick={() => onOpen({ what: "revoke", device })}><Ban size={16} aria-hidden /><span className={css["verb"]}>Revoke</span></Button>
                </>
              )}
            </Actions>
          </tr>
        );
      })}
    </Table>
  );
}
