/** Saves the rule that is being written; what was saved can be taken back. */

import { useMutation, useQueryClient, type UseMutationResult } from "@tanstack/react-query";
import { useState } from "react";
import { ALERTING, RULES } from "@/shared/alerting/queries";
import { patch, post, remove } from "@/shared/api/http";
import type { Rule, RuleDraft } from "@/shared/api/types";
import { tell } from "@/shared/ui/tell";
import { texts } from "../texts";
import { watchesNothing } from "../words";

interface Saving {
  saving: UseMutationResult<Rule, Error, RuleDraft>;
  /** The rule as it is in force now. */
  rule: Rule | undefined;
  /** It was saved just now, and watches nothing: it stays open, to be mended. */
  idle: boolean;
}

/** `before`: what a changed rule said; taking back writes that again. */
export function useSaving(opened: Rule | undefined, before: RuleDraft, onClose: () => void): Saving {
  const [idle, setIdle] = useState<Rule>();
  const client = useQueryClient();
  const rule = idle ?? opened;
  const refresh = (): Promise<void> => client.invalidateQueries({ queryKey: RULES });
  const takeBack = (saved: Rule) => async (): Promise<void> => {
    const which = { rule_id: saved.id };
    await (opened ? patch(`${ALERTING}/rules/{rule_id}`, which, before) : remove(`${ALERTING}/rules/{rule_id}`, which));
    await refresh();
  };
  const saving = useMutation<Rule, Error, RuleDraft>({
    mutationFn: (whole) => (rule ? patch(`${ALERTING}/rules/{rule_id}`, { rule_id: rule.id }, whole) : post(`${ALERTING}/rules`, {}, whole)),
    onSuccess: (saved) => {
      void refresh();
      if (watchesNothing(saved)) return setIdle(saved);
      const { changed, made, madeOff } = texts();
      tell((opened ? changed : saved.enabled === false ? madeOff : made)(saved.name), { undo: takeBack(saved) });
      onClose();
    },
  });
  return { saving, rule, idle: idle !== undefined };
}
