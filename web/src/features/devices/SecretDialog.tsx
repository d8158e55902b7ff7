/** A device's credential, shown this once, with all that it takes to publish; and whether it does. */

import { useQuery } from "@tanstack/react-query";
import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { get } from "@/shared/api/http";
import type { Credential } from "@/shared/api/types";
import { usePlant } from "@/shared/plant/queries";
import { nameOf } from "@/shared/plant/tree";
import { Button } from "@/shared/ui/Button";
import { Dialog } from "@/shared/ui/Dialog";
import { Buttons } from "@/shared/ui/Form";
import { Mark } from "@/shared/ui/Mark";
import { PlantLink } from "@/shared/ui/PlantLink";
import css from "./DevicesPage.module.css";
import { commandOf, exampleOf, patternOf, programOf, type Example } from "./example";
import { REGISTRY } from "./queries";
import { texts } from "./texts";

export function SecretDialog({ credential, onClose }: { credential: Credential; onClose: () => void }) {
  const t = texts();
  const { name, username, password, scope, mqtt_port } = credential;
  const tree = usePlant().data;
  const example = tree ? exampleOf(tree, scope) : null;
  const host = window.location.hostname.replace(/^\[|\]$/g, "");
  return (
    <Dialog title={t.credential(name)} onClose={onClose} wide>
      <p className={css["once"]}><strong>{t.once}</strong> {t.onceMore}</p>
      <dl className={css["secret"]}>
        <Line label={t.host} text={host} />
        <Line label={t.port} text={String(mqtt_port)} />
        <Line label={t.username} text={username} />
        <Line label={t.password} text={password} />
        {example ? <ByExample credential={credential} example={example} host={host} /> : (
          <div>
            <dt>{t.topicPattern}</dt>
            <dd><code>{patternOf(scope)}</code></dd>
            <dd className={css["note"]}>{t.noMachine(scope)}</dd>
          </div>
        )}
      </dl>
      <FirstMessage credential={credential} example={example} />
      <Buttons><Button look="main" onClick={onClose}>{t.done}</Button></Buttons>
    </Dialog>
  );
}

function ByExample({ credential, example, host }: { credential: Credential; example: Example; host: string }) {
  const t = texts();
  return (
    <>
      <Line label={t.topic} text={example.topic} />
      <Line label={t.payload} text={example.payload} />
      <Line label={t.shell} text={commandOf(credential, example, host)} />
      <Line label={t.python} text={programOf(credential, example, host)} />
    </>
  );
}

/** Says that it works as soon as it does, so that nobody needs to look elsewhere. */
function FirstMessage({ credential: { id, last_seen: before }, example }: { credential: Credential; example: Example | null }) {
  const t = texts();
  const tree = usePlant().data;
  const device = useQuery({
    queryKey: ["device", id],
    queryFn: ({ signal }) => get(`${REGISTRY}/devices/{device_id}`, { device_id: id }, signal),
    refetchInterval: ({ state }) => (state.data && state.data.last_seen !== before ? false : 1_000),
    gcTime: 0,
  });
  const speaks = device.data !== undefined && device.data.last_seen !== before;
  return (
    <p className={css["first"]} role="status">
      <Mark level={speaks ? "normal" : "empty"} size={20} label="" />{speaks ? t.speaks : t.waiting}
      {speaks && example && <PlantLink path={example.machine}>{t.seeMachine(nameOf(tree, example.machine))}</PlantLink>}
    </p>
  );
}

function Line({ label, text }: { label: string; text: string }) {
  const t = texts();
  const [copied, setCopied] = useState(false);
  // Browsers offer the clipboard on https and localhost alone; elsewhere a click selects the text.
  const copy = (): void => void navigator.clipboard.writeText(text).then(() => setCopied(true));
  const doing = copied ? t.copied(label) : t.copy(label);
  return (
    <div>
      <dt>{label}</dt>
      <dd>
        <code>{text}</code>
        {window.isSecureContext && <Button onClick={copy} aria-label={doing} title={doing}>{copied ? <Check size={18} aria-hidden /> : <Copy size={18} aria-hidden />}</Button>}
      </dd>
    </div>
  );
}
