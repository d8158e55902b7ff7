/** Policies: whom to call when nobody acknowledges, and when people are left alone. */

import { ALERTING, POLICIES, usePolicies } from "@/shared/alerting/queries";
import { remove } from "@/shared/api/http";
import { Actions, Table } from "@/shared/ui/Table";
import { Kept } from "./Kept";
import css from "./OnCallPage.module.css";
import { policyText, stepText } from "./plans";
import { PolicyDialog } from "./PolicyDialog";

export function PoliciesPanel() {
  return (
    <Kept title="Policies" noun="policy" forget={(id) => remove(`${ALERTING}/policies/{policy_id}`, { policy_id: id })} queryKey={POLICIES} query={usePolicies()} gone="Rules that name it call their own channels alone."
      empty="No policies yet. A policy calls one after the other until somebody acknowledges; rules name it."
      dialog={(item, close) => <PolicyDialog policy={item} onClose={close} />}>
      {(items, actions) => (
        <Table head={["Policy", { text: "Calls", look: "wide" }, "And", { text: "Actions", look: "none" }]} label="Policies" cards>
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
