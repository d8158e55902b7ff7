/** Devices: credentials that may publish for a part of the plant. */

import { useQueryClient } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { post, remove } from "@/shared/api/http";
import type { Credential, Device } from "@/shared/api/types";
import { Allowed } from "@/shared/ui/Allowed";
import { Trail } from "@/shared/ui/Breadcrumb";
import { Button } from "@/shared/ui/Button";
import { Confirm } from "@/shared/ui/Confirm";
import { Loaded, Note, PageHead, Panel } from "@/shared/ui/Page";
import { DeviceDialog } from "./DeviceDialog";
import { DeviceFilter } from "./DeviceFilter";
import { DeviceTable, type Deed } from "./DeviceTable";
import { DEVICES, REGISTRY, useDevices } from "./queries";
import { QuotaDialog } from "./QuotaDialog";
import { SecretDialog } from "./SecretDialog";
import { texts } from "./texts";
import { wanted, type DevicesView } from "./view";

interface Props {
  view: DevicesView;
  onView: (view: DevicesView) => void;
}

type Open = Deed | { what: "add" } | { what: "secret"; credential: Credential } | null;

export const DevicesPage = (props: Props) => <Allowed role="admin" title={texts().title}><Devices {...props} /></Allowed>;

function Devices({ view, onView }: Props) {
  const { title, hint, add } = texts();
  const devices = useDevices();
  const [open, setOpen] = useState<Open>(null);
  return (
    <>
      <Trail here={title} />
      <PageHead title={title} hint={hint}><Button look="main" onClick={() => setOpen({ what: "add" })}><Plus size={18} aria-hidden />{add}</Button></PageHead>
      {devices.data && devices.data.length > 0 && <DeviceFilter view={view} onView={onView} />}
      <Panel><Loaded query={devices}>{(items) => <Found all={items} view={view} onOpen={setOpen} />}</Loaded></Panel>
      <Opened open={open} onOpen={setOpen} />
    </>
  );
}

function Found({ all, view, onOpen }: { all: readonly Device[]; view: DevicesView; onOpen: (open: Open) => void }) {
  const found = wanted(all, view);
  if (all.length === 0) return <Note>{texts().empty}</Note>;
  if (found.length === 0) return <Note>{texts().noMatch}</Note>;
  return <DeviceTable devices={found} onOpen={onOpen} />;
}

function Opened({ open, onOpen }: { open: Open; onOpen: (open: Open) => void }) {
  const t = texts();
  const client = useQueryClient();
  const refresh = (): Promise<void> => client.invalidateQueries({ queryKey: DEVICES });
  const close = (): void => onOpen(null);
  const show = (credential: Credential): void => { void refresh(); onOpen({ what: "secret", credential }); };
  switch (open?.what) {
    case "add": return <DeviceDialog onMade={show} onClose={close} />;
    case "secret": return <SecretDialog credential={open.credential} onClose={close} />;
    case "quota": return <QuotaDialog device={open.device} onSaved={() => { void refresh(); close(); }} onClose={close} />;
    case "rotate": return (
      <Confirm title={t.rotate} verb={t.rotateAct} onClose={close} onDone={show} act={() => post(`${REGISTRY}/devices/{device_id}/rotate`, { device_id: open.device.id })}>
        {t.rotateText(open.device.name)}
      </Confirm>
    );
    case "revoke": return (
      <Confirm title={t.revokeTitle} verb={t.revokeTitle} onClose={close} act={async () => { await remove(`${REGISTRY}/devices/{device_id}`, { device_id: open.device.id }); await refresh(); }}>
        {t.revokeText(open.device.name)}
      </Confirm>
    );
    default: return null;
  }
}
