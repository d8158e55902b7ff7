/** One import from its file to its end: sent, followed, and cancelled when nobody waits for it any more. */

import { useMutation, useQuery } from "@tanstack/react-query";
import { get, remove, send } from "@/shared/api/http";
import { asked, IMPORTS, isOver, type Import, type Manner } from "./imports";

const EVERY_MS = 500;

async function begin(asset: string, file: File, manner: Manner, dryRun: boolean): Promise<Import> {
  return (await send("post", IMPORTS, asked(asset, file, manner, dryRun), { body: file })).json() as Promise<Import>;
}

export function useImport(asset: string, dryRun: boolean) {
  const sending = useMutation({ mutationFn: ({ file, manner }: { file: File; manner: Manner }) => begin(asset, file, manner, dryRun) });
  const id = sending.data?.id;
  const followed = useQuery({
    queryKey: ["import", id],
    queryFn: ({ signal }) => get(`${IMPORTS}/{name}`, { name: id ?? "" }, signal),
    enabled: id !== undefined,
    refetchInterval: ({ state }) => (state.data && isOver(state.data) ? false : EVERY_MS),
    gcTime: 0,
  });
  const now = sending.data && (followed.data ?? sending.data);
  const cancel = async (): Promise<void> => {
    if (!now || isOver(now)) return;
    await remove(`${IMPORTS}/{name}`, { name: now.id });
    await followed.refetch();
  };
  return { now, start: sending.mutate, forget: sending.reset, cancel, isSending: sending.isPending, error: sending.error ?? followed.error };
}
