/** A device's credential, shown this once, with all that it takes to publish. */

import { Check, Copy } from "lucide-react";
import { useState } from "react";
import type { Credential } from "@/shared/api/types";
import { usePlant } from "@/shared/plant/queries";
import { Button } from "@/shared/ui/Button";
import { Dialog } from "@/shared/ui/Dialog";
import { Buttons } from "@/shared/ui/Form";
import css from "./DevicesPage.module.css";
import { commandOf, exampleOf, patternOf } from "./example";

export function SecretDialog({ credential, onClose }: { credential: Credential; onClose: () => void }) {
  const { name, username, password, scope, mqtt_port } = credential;
  const tree = usePlant().data;
  const example = tree ? exampleOf(tree, scope) : null;
  const host = window.location.hostname.replace(/^\[|\]$/g, "");
  return (
    <Dialog title={`Credential of ${name}`} onClose={onClose} wide>
      <p className={css["once"]}><strong>The secret is shown this once.</strong> Copy it into the device now; if it is lost, give a new one.</p>
      <dl className={css["secret"]}>
        <div className={css["pair"]}>
          <Line label="MQTT host" text={host} />
          <Line label="Port" text={String(mqtt_port)} />
        </div>
        <Line label="User name" text={username} />
        <Line label="Password" text={password} />
        {example ? (
          <>
            <Line label="Topic, for example" text={example.topic} />
            <Line label="Payload" text={example.payload} />
            <Line label="Try it from a shell" text={commandOf(credential, example, host)} />
          </>
        ) : (
          <div>
            <dt>Topic</dt>
            <dd><code>{patternOf(scope)}</code></dd>
            <dd className={css["note"]}>There is no machine with sensors {scope ? `in ${scope}` : "in the plant"} yet; what comes in before goes to the dead letters.</dd>
          </div>
        )}
      </dl>
      <Buttons><Button look="main" onClick={onClose}>I have copied it</Button></Buttons>
    </Dialog>
  );
}

function Line({ label, text }: { label: string; text: string }) {
  const [copied, setCopied] = useState(false);
  // Browsers offer the clipboard on https and localhost alone; elsewhere a click selects the text.
  const copy = (): void => void navigator.clipboard.writeText(text).then(() => setCopied(true));
  return (
    <div>
      <dt>{label}</dt>
      <dd>
        <code>{text}</code>
        {window.isSecureContext && (
          <Button onClick={copy} aria-label={copied ? `${label} copied` : `Copy ${label}`}>{copied ? <Check size={18} /> : <Copy size={18} />}</Button>
        )}
      </dd>
    </div>
  );
}
