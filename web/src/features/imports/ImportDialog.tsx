/** History of one machine from a file: choose it, see what stands in it, import it, see how far it is. */

import { useMutation } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { useState } from "react";
import { Problem, send } from "@/shared/api/http";
import { lengthText, timeZone } from "@/shared/format/time";
import { Button } from "@/shared/ui/Button";
import { Dialog } from "@/shared/ui/Dialog";
import { Buttons, PickField, Row, TextField } from "@/shared/ui/Form";
import { Failure, Note } from "@/shared/ui/Page";
import { words } from "@/shared/ui/texts";
import { encodingOptions, inFields, markOptions } from "./fields";
import { Found } from "./Found";
import css from "./Imports.module.css";
import { FILES, IMPORTS, isOver, isText, refusedOf, type Import, type Manner } from "./imports";
import { texts } from "./texts";
import { useImport } from "./useImport";

async function save(id: string): Promise<void> {
  const file = URL.createObjectURL(await (await send("get", `${IMPORTS}/{name}/refused`, { name: id })).blob());
  Object.assign(document.createElement("a"), { href: file, download: `refused-${id}.csv` }).click();
  URL.revokeObjectURL(file);
}

export default function ImportDialog({ machine, onClose }: { machine: string; onClose: () => void }) {
  const t = texts();
  const [file, setFile] = useState<File>();
  const [manner, setManner] = useState<Manner>({ tz: timeZone(), timeFormat: "", decimal: "", encoding: "" });
  const look = useImport(machine, true);
  const doing = useImport(machine, false);
  const one = doing.now ?? look.now;
  const isSending = look.isSending || doing.isSending;
  const isGoing = isSending || (one !== undefined && !isOver(one));
  const close = (): void => {
    if (!doing.now) void look.cancel().catch(() => undefined); // a look is for who looks; an import goes on
    onClose();
  };
  const failed = readable(look.error ?? doing.error);
  const again = (): void => { look.forget(); doing.forget(); };
  return (
    <Dialog title={t.title} onClose={close} wide>
      {!one && !isSending && <Choose file={file} manner={manner} onManner={setManner} onFile={setFile} onLook={() => file && look.start({ file, manner })} />}
      {isGoing ? <Going one={one} what={doing.isSending || doing.now ? t.importing : t.looking} /> : one && <Outcome one={one} isImported={one === doing.now} machine={machine} />}
      {one && isOver(one) && <Refused one={one} />}
      {failed && <Failure error={failed} />}
      <Buttons>
        {one && isOver(one) && !doing.now && <Button onClick={again}>{t.another}</Button>}
        {isGoing && doing.now && <Button onClick={() => void doing.cancel()}>{t.cancelImport}</Button>}
        <Button onClick={close}>{isGoing || doing.now ? words().close : words().cancel}</Button>
        {!one && !isSending && <Button look="main" type="submit" form="import" disabled={!file}>{t.look}</Button>}
        {look.now?.state === "done" && !doing.now && !isSending && look.now.samples > 0 && (
          <Button look="main" onClick={() => file && doing.start({ file, manner })}>{t.doImport(look.now.samples)}</Button>
        )}
      </Buttons>
    </Dialog>
  );
}

/** A refusal in the words of the dialog. */
function readable(error: Error | null): Error | null {
  return error instanceof Problem ? new Problem(error.status, error.title, inFields(error.message)) : error;
}

interface ChooseProps {
  file: File | undefined;
  manner: Manner;
  onManner: (manner: Manner) => void;
  onFile: (file: File | undefined) => void;
  onLook: () => void;
}

function Choose({ file, manner, onManner, onFile, onLook }: ChooseProps) {
  const t = texts();
  return (
    <form id="import" onSubmit={(e) => { e.preventDefault(); onLook(); }}>
      <TextField label={t.file} type="file" accept={FILES} required onText={() => undefined} onInput={(e) => onFile(e.currentTarget.files?.[0])}
        hint={t.fileHint} />
      <Row>
        <TextField label={t.fields.tz} value={manner.tz} onText={(tz) => onManner({ ...manner, tz })} hint={t.tzHint} />
        <TextField label={t.fields.time_format} value={manner.timeFormat} onText={(timeFormat) => onManner({ ...manner, timeFormat })} placeholder="%d.%m.%Y %H:%M:%S" hint={t.formatHint} />
      </Row>
      {file && isText(file) && (
        <Row>
          <PickField label={t.fields.decimal} value={manner.decimal} options={markOptions()} onPick={(decimal) => onManner({ ...manner, decimal })} />
          <PickField label={t.fields.encoding} value={manner.encoding} options={encodingOptions()} onPick={(encoding) => onManner({ ...manner, encoding })} />
        </Row>
      )}
    </form>
  );
}

function Going({ one, what }: { one: Import | undefined; what: string }) {
  const t = texts();
  if (!one) return <Note>{t.sending}</Note>;
  if (one.state === "waiting") return <Note>{t.waits}</Note>;
  const left = one.eta_seconds === null ? "" : t.left(lengthText(one.eta_seconds * 1000));
  return (
    <div className={css["going"]} role="status">
      <progress className={css["bar"]} value={one.bytes} max={one.size} aria-label={what} />
      <p>{t.going(what, one.rows, one.samples)}{left}{one.detail && `. ${one.detail}`}</p>
    </div>
  );
}

function Outcome({ one, isImported, machine }: { one: Import; isImported: boolean; machine: string }) {
  if (one.state === "failed") return <Failure error={new Error(inFields(one.detail))} />;
  if (one.state === "cancelled") return <Note>{texts().cancelled(one.samples)}</Note>;
  if (isImported) return <Note>{texts().imported(one.samples)}</Note>;
  return one.report && <Found one={one} report={one.report} machine={machine} />;
}

function Refused({ one }: { one: Import }) {
  const saving = useMutation({ mutationFn: () => save(one.id) });
  const count = refusedOf(one);
  return count > 0 && <Button look="quiet" onClick={() => saving.mutate()} disabled={saving.isPending}><Download size={16} aria-hidden />{texts().saveRefused(count)}</Button>;
}
