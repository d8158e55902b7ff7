/** Saving a new one, or changes to one that is there. */

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { ALERTING } from "@/shared/alerting/queries";
import { patch, post } from "@/shared/api/http";

export function useSaving(path: string, queryKey: readonly string[], id: string | undefined, onDone: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (draft: object) => (id ? patch(`${ALERTING}/${path}/${id}`, draft) : post(`${ALERTING}/${path}`, draft)),
    onSuccess: () => { void client.invalidateQueries({ queryKey }); onDone(); },
  });
}
