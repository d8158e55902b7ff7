/** What else can be done with a rule. */

import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { MoreVertical } from "lucide-react";
import { Menu, MenuItem, MenuTrigger, Popover, Button as Pressed } from "react-aria-components";
import { ALERTING, RULES } from "@/shared/alerting/queries";
import { patch } from "@/shared/api/http";
import type { Rule } from "@/shared/api/types";
import { tell, tellError } from "@/shared/ui/tell";
import button from "@/shared/ui/Button.module.css";
import css from "./RuleMenu.module.css";
import { texts } from "./texts";
import { NEW, type RulesView } from "./view";

interface Props {
  rule: Rule;
  onOpen: (view: RulesView) => void;
  onRemove: () => void;
}

export function RuleMenu({ rule, onOpen, onRemove }: Props) {
  const say = texts();
  const navigate = useNavigate();
  const turn = useSwitch(rule);
  const isOff = rule.enabled === false;
  const deeds: readonly (readonly [text: string, act: () => void])[] = [
    [isOff ? say.switchOn : say.switchOff, () => void turn(isOff)],
    [say.copy, () => onOpen({ edit: NEW, copy: rule.id })],
    [say.alarms, () => void navigate({ to: "/alarms", search: { tab: "all", rule: rule.id } })],
    [say.silence, () => void navigate({ to: "/oncall", search: { tab: "silences", silence: "new", rule: rule.name } as never })],
    [say.remove, onRemove],
  ];
  return (
    <MenuTrigger>
      <Pressed className={`${button["button"]} ${button["quiet"]}`} aria-label={say.more(rule.name)}><MoreVertical size={18} aria-hidden /></Pressed>
      <Popover className={css["popover"] ?? ""} placement="bottom end">
        <Menu className={css["menu"] ?? ""}>
          {deeds.map(([text, act]) => <MenuItem key={text} textValue={text} className={css["item"] ?? ""} onAction={act}>{text}</MenuItem>)}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}

/** Switches the rule; whoever did not mean it takes it back. */
function useSwitch({ id, name }: Rule): (on: boolean) => Promise<void> {
  const client = useQueryClient();
  const say = texts();
  const set = async (enabled: boolean): Promise<void> => {
    await patch(`${ALERTING}/rules/{rule_id}`, { rule_id: id }, { enabled });
    await client.invalidateQueries({ queryKey: RULES });
  };
  return async (on) => {
    try {
      await set(on);
      tell(on ? say.switchedOn(name) : say.switchedOff(name), { undo: () => set(!on) });
    } catch (error) {
      tellError(say.notSwitched(name), error);
    }
  };
}
