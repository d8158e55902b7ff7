/** What to export, and as what; then how far it is, and the file. */

import { useMutation, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { get, post, remove } from "@/shared/api/http";
import { serverNow } from "@/shared/clock";
import { momentMs, momentTexts, typedText } from "@/shared/format/moment";
import { timeZone } from "@/shared/format/time";
import { Button } from "@/shared/ui/Button";
import { Dialog } from "@/shared/ui/Dialog";
import { Buttons, Hint, PickField, Row, Tick } from "@/shared/ui/Form";
import { MomentField } from "@/shared/ui/MomentField";
import { Failure } from "@/shared/ui/Page";
import { words } from "@/shared/ui/texts";
import { Making } from "./Making";
import { texts } from "./texts";
import { aggregates, buckets, EXPORTS, formats, wish, type Choice, type Export, type Stretch, type What, type Wish } from "./exports";

const EVERY_MS = 500;

interface Props {
  what: What;
  numbers: boolean;
  start: Stretch;
  onClose: () => void;
}

/** A browser's own download: it needs no memory of the page, however large the file is. */
async function fetchFile(id: string): Promise<void> {
  const link = document.createElement("a");
  link.href = (await post(`${EXPORTS}/{name}/link`, { name: id })).url;
  link.download = "";
  link.click();
}

/** An export from its order to its download, which begins by itself. */
function useExport(order: () => Wish) {
  const making = useMutation({ mutationFn: () => post(EXPORTS, {}, order()) });
  const id = making.data?.id;
  const made = useQuery({
    queryKey: ["export", id],
    queryFn: ({ signal }) => get(`${EXPORTS}/{name}`, { name: id ?? "" }, signal),
    enabled: id !== undefined,
    refetchInterval: ({ state }) => (state.data && isOver(state.data) ? false : EVERY_MS),
  });
  const one = made.data ?? making.data;
  const { mutate: fetch, error } = useMutation({ mutationFn: fetchFile });
  const done = one?.state === "done" ? one.id : undefined;
  useEffect(() => { if (done) fetch(done); }, [done, fetch]);
  return { one, make: () => making.mutate(), fetch, asking: making.isPending, error: making.error ?? made.error ?? error };
}

const isOver = (one: Export): boolean => one.state === "done" || one.state === "failed";

export default function ExportDialog({ what, numbers, start, onClose }: Props) {
  const [choice, setChoice] = useState<Choice>({ format: "csv", bucket: "", agg: "mean", quality: false });
  const [from, setFrom] = useState(typedText(start.from));
  const [to, setTo] = useState(typedText(start.to));
  const [now] = useState(serverNow);
  const [a, b] = [momentMs(from, now), momentMs(to, now)];
  const { one, make, fetch, asking, error } = useExport(() => wish(what, { from: a, to: b }, choice, timeZone()));
  const close = (): void => {
    if (one && one.state !== "done") void remove(`${EXPORTS}/{name}`, { name: one.id }).catch(() => undefined); // else it ends by itself in an hour
    onClose();
  };
  const set = (part: Partial<Choice>): void => setChoice({ ...choice, ...part });
  return (
    <Dialog title={texts().export} onClose={close}>
      {one ? <Making one={one} /> : (
        <form id="export" onSubmit={(e) => { e.preventDefault(); make(); }}>
          <Row>
            <MomentField label={texts().from} value={from} now={now} onText={setFrom} />
            <MomentField label={texts().to} value={to} now={now} onText={setTo} />
          </Row>
          <Hint>{a >= b ? texts().endFirst : texts().howTyped(momentTexts().all, timeZone())}</Hint>
          <PickField label={texts().format} value={choice.format} options={formats()} onPick={(format) => set({ format })} />
          {numbers && (
            <Row>
              <PickField label={texts().values} value={choice.bucket} options={buckets()} onPick={(bucket) => set({ bucket })}
                hint={choice.bucket && what.sensor === undefined ? texts().numbersAlone : undefined} />
              {choice.bucket && <PickField label={texts().which} value={choice.agg} options={aggregates()} onPick={(agg) => set({ agg })} />}
            </Row>
          )}
          <Tick text={texts().withQuality} checked={choice.quality} onTick={(quality) => set({ quality })} />
        </form>
      )}
      {error && <Failure error={error} />}
      <Buttons>
        <Button onClick={close}>{one && isOver(one) ? words().close : words().cancel}</Button>
        {one?.state === "done" && <Button look="main" onClick={() => fetch(one.id)}>{texts().again}</Button>}
        {!one && <Button look="main" type="submit" form="export" disabled={asking || !(b > a)}>{texts().export}</Button>}
      </Buttons>
    </Dialog>
  );
}
