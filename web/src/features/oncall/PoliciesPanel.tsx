/** Policies: whom to call when nobody acknowledges, and when people are left alone. */

import { ALERTING, POLICIES, usePolicies } from "@/shared/alerting/queries";
import { remove } from "@/shared/api/http";
import { Actions, Table } from "@/shared/ui/Table";
import { Kept } from "./Kept";
import css from "./OnCallPage.module.css";
import { policyText, stepText } from "./plans";
import { PolicyDialog } from "./PolicyDialog";
import { texts } from "./texts";

export function PoliciesPanel() {
  const t = texts().policies;
  return (
    <Kept say={t} forget={(id) => remove(`${ALERTING}/policies/{policy_id}`, { policy_id: id })} queryKey={POLICIES} query={usePolicies()}
      dialog={(item, close) => <PolicyDialog policy={item} onClose={close} />}>
      {(items, actions) => (
        <Table head={[t.policy, { text: t.calls, look: "wide" }, t.and, { text: texts().actions, look: "none" }]} label={t.title} cards>
          {items.map((policy) => (
            <tr key={policy.id}>
              <td><b>{policy.name}</b></td>
              <td><ol className={css["steps"]}>{policy.steps.map((step, i) => <li key={i}>{stepText(step)}</li>)}</ol></td>
              <td className={css["soft"]}>{policyText(policy).join(" ") || "–"}</td>
              <Actions>{actions(policy)}</Actions>
            </tr>
          ))}
        </Table>
      )}
    </Kept>
  );
}
