/** A plant file laid over the plant: chosen, looked at, and applied once one has seen what would change. */

import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { send } from "@/shared/api/http";
import type { components } from "@/shared/api/generated/registry";
import { Button } from "@/shared/ui/Button";
import { Dialog } from "@/shared/ui/Dialog";
import { Buttons, TextField, Tick } from "@/shared/ui/Form";
import { Failure } from "@/shared/ui/Page";
import { tell } from "@/shared/ui/tell";
import { words } from "@/shared/ui/texts";
import css from "./ModelPage.module.css";
import { texts } from "./texts";
import { useRefresh } from "./useModel";

type Plan = components["schemas"]["Applied"];

const MOST_BYTES = 2 * 2 ** 20;

async function lay(file: File, isDry: boolean): Promise<Plan> {
  if (file.size > MOST_BYTES) throw new Error(texts().tooLarge);
  const kind = file.name.toLowerCase().endsWith(".json") ? "application/json" : "application/yaml";
  // Read first: a file that is saved again meanwhile is sent as it was looked at, or not at all.
  const body = await file.text();
  return (await send("post", "/api/registry/v1/plant", { dry_run: isDry }, { body, headers: { "Content-Type": kind } })).json() as Promise<Plan>;
}

export function PlantFileDialog({ onClose }: { onClose: () => void }) {
  const t = texts();
  const refresh = useRefresh();
  const [file, setFile] = useState<File>();
  const [mayLose, setMayLose] = useState(false);
  const looking = useMutation({ mutationFn: (chosen: File) => lay(chosen, true) });
  const applying = useMutation({ mutationFn: (chosen: File) => lay(chosen, false), onSuccess: async () => { tell(t.applied); onClose(); await refresh(); } });
  const plan = looking.data;
  const count = plan ? plan.created + plan.changed : 0;
  const again = (): void => { looking.reset(); applying.reset(); setMayLose(false); };
  const error = applying.error ?? looking.error;
  return (
    <Dialog title={t.importTitle} onClose={onClose} wide>
      <form onSubmit={(e) => { e.preventDefault(); if (file) looking.mutate(file); }} id="plant-file">
        {!plan && <TextField label={t.file} type="file" accept=".yaml,.yml,.json" required hint={t.fileHint} onText={() => undefined} onInput={(e) => { again(); setFile(e.currentTarget.files?.[0]); }} />}
      </form>
      {plan && <Outcome plan={plan} />}
      {plan && plan.removed.length > 0 && <Tick text={t.understood} checked={mayLose} onTick={setMayLose} />}
      {error && <Failure error={error} />}
      <Buttons>
        {plan && <Button onClick={again}>{t.another}</Button>}
        <Button onClick={onClose}>{plan && count === 0 ? words().close : words().cancel}</Button>
        {!plan && <Button look="main" type="submit" form="plant-file" disabled={!file || looking.isPending}>{t.look}</Button>}
        {plan && count > 0 && <Button look="main" disabled={applying.isPending || (plan.removed.length > 0 && !mayLose)} onClick={() => file && applying.mutate(file)}>{t.apply(count)}</Button>}
      </Buttons>
    </Dialog>
  );
}

function Outcome({ plan: { created, changed, unchanged, removed, warnings } }: { plan: Plan }) {
  const t = texts();
  return (
    <>
      <p role="status"><b>{created + changed === 0 ? t.planNothing : t.plan(created, changed, unchanged)}</b></p>
      {removed.length > 0 && <><h3 className={css["planHead"]}>{t.losses}</h3><p className={css["soft"]}>{t.lossesHint}</p><List lines={removed} label={t.losses} /></>}
      {warnings.length > 0 && <><h3 className={css["planHead"]}>{t.warnings}</h3><List lines={warnings} label={t.warnings} /></>}
    </>
  );
}

const List = ({ lines, label }: { lines: readonly string[]; label: string }) => <ul className={css["losses"]} aria-label={label} tabIndex={0}>{lines.map((line) => <li key={line}>{line}</li>)}</ul>;
