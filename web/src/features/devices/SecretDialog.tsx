/** A device's credential, shown this once. */

import { Check, Copy } from "lucide-react";
import { useState } from "react";
import type { Credential } from "@/shared/api/types";
import { Button } from "@/shared/ui/Button";
import { Dialog } from "@/shared/ui/Dialog";
import { Buttons } from "@/shared/ui/Form";
import css from "./DevicesPage.module.css";

export function SecretDialog({ credential, onClose }: { credential: Credential; onClose: () => void }) {
  const { name, username, password, scope } = credential;
  const topic = ["factory", scope, scope.split("/").length === 4 ? "" : "…"].filter(Boolean).join("/");
  return (
    <Dialog title={`Credential of ${name}`} onClose={onClose}>
      <p className={css["once"]}><strong>The secret is shown this once.</strong> Copy it into the device now; if it is lost, give a new one.</p>
      <dl className={css["secret"]}>
        <Line label="MQTT user name" text={username} />
        <Line label="MQTT password" text={password} />
        <Line label="Publishes to" text={topic} />
        <Line label="Payload" text='{"values": {"temperature": 71.3}}' />
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
