/** What to export, and as what; then how far it is, and the file. */

import { useMutation, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { get, post, remove } from "@/shared/api/http";
import { localText, timeZone } from "@/shared/format/time";
import { Button } from "@/shared/ui/Button";
import { Dialog } from "@/shared/ui/Dialog";
import { Buttons, PickField, Row, TextField, Tick } from "@/shared/ui/Form";
import { Failure } from "@/shared/ui/Page";
import { Making } from "./Making";
import { AGGREGATES, EXPORTS, FORMATS, VALUES, wish, type Choice, type Export, type Stretch } from "./exports";

const EVERY_MS = 500;

interface Props {
  what: { sensor?: string; under?: string };
  numbers: boolean;
  start: Stretch;
  onClose: () => void;
}

/** A browser's own download: it needs no memory of the page, however large the file is. */
async function fetchFile(id: string): Promise<void> {
  const link = document.createElement("a");
  link.href = (await post<{ url: string }>(`${EXPORTS}/${id}/link`)).url;
  link.download = "";
  link.click();
}

/** An export from its order to its download, which begins by itself. */
function useExport(order: () => Record<string, unknown>) {
  const making = useMutation({ mutationFn: () => post<Export>(EXPORTS, order()) });
  const id = making.data?.id;
  const made = useQuery({
    queryKey: ["export", id],
    queryFn: ({ signal }) => get<Export>(`${EXPORTS}/${id}`, {}, signal),
    enabled: id !== undefined,
    refetchInterval: ({ state }) => (state.data && isOver(state.data) ? false : EVERY_MS),
  });
  const now = made.data ?? making.data;
  const { mutate: fetch, error } = useMutation({ mutationFn: fetchFile });
  const done = now?.state === "done" ? now.id : undefined;
  useEffect(() => { if (done) fetch(done); }, [done, fetch]);
  return { now, make: () => making.mutate(), fetch, asking: making.isPending, error: making.error ?? made.error ?? error };
}

const isOver = (one: Export): boolean => one.state === "done" || one.state === "failed";

export function ExportDialog({ what, numbers, start, onClose }: Props) {
  const [choice, setChoice] = useState<Choice>({ format: "csv", bucket: "", agg: "mean", quality: false });
  const [from, setFrom] = useState(localText(start.from));
  const [to, setTo] = useState(localText(start.to));
  const [a, b] = [new Date(from).getTime(), new Date(to).getTime()];
  const { now, make, fetch, asking, error } = useExport(() => wish(what, { from: a, to: b }, choice, timeZone()));
  const close = (): void => {
    if (now && now.state !== "done") void remove(`${EXPORTS}/${now.id}`).catch(() => undefined); // else it ends by itself in an hour
    onClose();
  };
  const set = (part: Partial<Choice>): void => setChoice({ ...choice, ...part });
  return (
    <Dialog title="Export" onClose={close}>
      {now ? <Making now={now} /> : (
        <form id="export" onSubmit={(e) => { e.preventDefault(); make(); }}>
          <Row>
            <TextField label="From" type="datetime-local" step="1" value={from} onText={setFrom} required />
            <TextField label="To" type="datetime-local" step="1" value={to} onText={setTo} required hint={b > a ? timeZone() : "The end must be after the start."} />
          </Row>
          <PickField label="Format" value={choice.format} options={FORMATS} onPick={(format) => set({ format })} />
          {numbers && (
            <Row>
              <PickField label="Values" value={choice.bucket} options={VALUES} onPick={(bucket) => set({ bucket })}
                hint={choice.bucket && what.sensor === undefined ? "Of numbers; states and switches are left out." : undefined} />
              {choice.bucket && <PickField label="Which" value={choice.agg} options={AGGREGATES} onPick={(agg) => set({ agg })} />}
            </Row>
          )}
          <Tick text="A row for each value, with its quality" checked={choice.quality} onTick={(quality) => set({ quality })} />
        </form>
      )}
      {error && <Failure error={error} />}
      <Buttons>
        <Button onClick={close}>{now && isOver(now) ? "Close" : "Cancel"}</Button>
        {now?.state === "done" && <Button look="main" onClick={() => fetch(now.id)}>Download again</Button>}
        {!now && <Button look="main" type="submit" form="export" disabled={asking || !(b > a)}>Export</Button>}
      </Buttons>
    </Dialog>
  );
}
