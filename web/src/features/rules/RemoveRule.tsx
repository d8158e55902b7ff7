/** Asks before a rule is gone, and does it. */

import { useQueryClient } from "@tanstack/react-query";
import { ALERTING, RULES } from "@/shared/alerting/queries";
import { remove } from "@/shared/api/http";
import type { Rule } from "@/shared/api/types";
import { Confirm } from "@/shared/ui/Confirm";
import { tell } from "@/shared/ui/tell";
import { texts } from "./texts";

export function RemoveRule({ rule, onClose }: { rule: Rule; onClose: () => void }) {
  const say = texts();
  const client = useQueryClient();
  const act = async (): Promise<void> => {
    await remove(`${ALERTING}/rules/{rule_id}`, { rule_id: rule.id });
    await client.invalidateQueries({ queryKey: RULES });
    tell(say.removed(rule.name));
  };
  return <Confirm title={say.removeTitle} verb={say.removeTitle} onClose={onClose} act={act}>{say.removeText(rule.name)}</Confirm>;
}
