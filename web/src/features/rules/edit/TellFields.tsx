/** Whom a rule tells: channels at once, and a policy that goes on until somebody acknowledges. */

import { Link } from "@tanstack/react-router";
import { useChannels, usePolicies } from "@/shared/alerting/queries";
import { kindText } from "@/shared/alerting/words";
import { PickField, Tick } from "@/shared/ui/Form";
import form from "@/shared/ui/Form.module.css";
import { texts } from "../texts";
import css from "./Editor.module.css";
import type { PartProps } from "./RuleEditor";

export function TellFields({ fields, onChange }: PartProps) {
  const say = texts().editor;
  const channels = useChannels().data ?? [];
  const policies = (usePolicies().data ?? []).map(({ name }) => name);
  const toggle = (name: string, on: boolean): void =>
    onChange({ channels: on ? [...fields.channels, name] : fields.channels.filter((c) => c !== name) });
  // One that is gone, or not to be seen, must not silently read as none.
  const named = fields.policy && !policies.includes(fields.policy) ? [...policies, fields.policy] : policies;
  return (
    <fieldset className={css["group"]}>
      <legend className={form["legend"]}>{say.channels}</legend>
      {channels.length === 0 && <small>{say.noChannels} <Link to="/oncall" search={{ tab: "channels" }}>{say.onCall}</Link>.</small>}
      {channels.map(({ id, name, kind }) => (
        <Tick key={id} text={`${name} (${kindText(kind)})`} checked={fields.channels.includes(name)} onTick={(on) => toggle(name, on)} />
      ))}
      {named.length > 0 && (
        <PickField label={say.policy} value={fields.policy} onPick={(policy) => onChange({ policy })} hint={say.policyHint}
          options={[["", say.noPolicy], ...named.map((name) => [name, name] as const)]} />
      )}
    </fieldset>
  );
}
