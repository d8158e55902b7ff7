/** Saving a new one, or changes to one that is there. */

import { useMutation, useQueryClient } from "@tanstack/react-query";

export function useSaving<Draft>(queryKey: readonly string[], save: (draft: Draft) => Promise<unknown>, onDone: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: save,
    onSuccess: () => { void client.invalidateQueries({ queryKey }); onDone(); },
  });
}
