/** Whom a rule tells: channels at once, and a policy that goes on until somebody acknowledges. */

import { Link } from "@tanstack/react-router";
import { useChannels, usePolicies } from "@/shared/alerting/queries";
import { KIND_TEXT } from "@/shared/alerting/words";
import { PickField, Tick } from "@/shared/ui/Form";
import form from "@/shared/ui/Form.module.css";
import type { PartProps } from "./RuleDialog";
import css from "./RulesPage.module.css";

export function TellFields({ fields, onChange }: PartProps) {
  const channels = useChannels().data ?? [];
  const policies = usePolicies().data ?? [];
  const toggle = (name: string, on: boolean): void =>
    onChange({ channels: on ? [...fields.channels, name] : fields.channels.filter((c) => c !== name) });
  return (
    <fieldset className={css["group"]}>
      <legend className={form["legend"]}>Tell by</legend>
      {channels.length === 0 && <small>No channels yet: the alarm shows on the pages alone. They are made under <Link to="/oncall" search={{ tab: "channels" }}>On call</Link>.</small>}
      {channels.map(({ id, name, kind }) => (
        <Tick key={id} text={`${name} (${KIND_TEXT[kind]})`} checked={fields.channels.includes(name)} onTick={(on) => toggle(name, on)} />
      ))}
      {(policies.length > 0 || fields.policy) && (
        <PickField label="Policy" value={fields.policy} onPick={(policy) => onChange({ policy })} hint="Whom to call when nobody acknowledges"
          options={[["", "none"], ...policies.map(({ name }) => [name, name] as const), ...(fields.policy && !policies.some((p) => p.name === fields.policy) ? [[fields.policy, fields.policy] as const] : [])]} />
      )}
    </fieldset>
  );
}
