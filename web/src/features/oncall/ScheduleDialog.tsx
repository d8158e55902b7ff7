/** Write a schedule: layers of people who take turns; a later layer goes before an earlier one. */

import { Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { ALERTING, SCHEDULES, useCalendars, useChannels } from "@/shared/alerting/queries";
import { patch, post } from "@/shared/api/http";
import type { Layer, Schedule, ScheduleDraft } from "@/shared/api/types";
import { durationMs, timeZone } from "@/shared/format/time";
import { Button } from "@/shared/ui/Button";
import { PickField, Row, TextField } from "@/shared/ui/Form";
import { words } from "@/shared/ui/texts";
import { Members } from "./Members";
import css from "./OnCallPage.module.css";
import { SaveForm } from "./SaveForm";
import { firstTurn } from "./stretches";
import { texts } from "./texts";
import { useSaving } from "./useSaving";
import { ZoneField } from "./ZoneField";

const blankLayer = (now: number, zone: string): Layer => ({ members: [], start: firstTurn(now, zone), every: "1w", hours: null });

export function ScheduleDialog({ schedule, onClose }: { schedule: Schedule | undefined; onClose: () => void }) {
  const [now] = useState(Date.now);
  const [draft, setDraft] = useState<ScheduleDraft>(() => ({ name: schedule?.name ?? "", zone: schedule?.zone ?? timeZone(), layers: schedule?.layers ?? [blankLayer(now, timeZone())] }));
  const saving = useSaving(SCHEDULES, (whole: ScheduleDraft) => schedule ? patch(`${ALERTING}/schedules/{schedule_id}`, { schedule_id: schedule.id }, whole) : post(`${ALERTING}/schedules`, {}, whole), onClose);
  const set = (at: number, more: Partial<Layer>): void => setDraft({ ...draft, layers: draft.layers.map((layer, i) => (i === at ? { ...layer, ...more } : layer)) });
  // Elsewhere it may not be eight yet: a start nobody has chosen goes along.
  const moved = (zone: string): Layer[] => draft.layers.map((layer) => (layer.start === firstTurn(now, draft.zone) ? { ...layer, start: firstTurn(now, zone) } : layer));
  const t = texts().schedules;
  const missing = !draft.name.trim() ? t.nameIt
    : draft.layers.some((layer) => layer.members.length === 0) ? t.chooseTurns
    : draft.layers.some((layer) => Number.isNaN(durationMs(layer.every)) || !layer.start) ? t.sayTurns : undefined;
  return (
    <SaveForm title={schedule ? t.edit : t.make} verb={schedule ? words().save : t.create} saving={saving} missing={missing} wide onClose={onClose} onSave={() => saving.mutate(draft)}>
      <Row>
        <TextField label={texts().name} value={draft.name} onText={(name) => setDraft({ ...draft, name })} placeholder={t.example} maxLength={100} autoFocus />
        <ZoneField value={draft.zone} onPick={(zone) => setDraft({ ...draft, zone, layers: moved(zone) })} />
      </Row>
      {draft.layers.map((layer, i) => (
        <LayerFields key={i} layer={layer} zone={draft.zone} title={i === 0 ? t.turns : t.layer(i + 1)} onChange={(more) => set(i, more)}
          onRemove={draft.layers.length > 1 ? () => setDraft({ ...draft, layers: draft.layers.filter((_, at) => at !== i) }) : undefined} />
      ))}
      <p className={css["add"]}><Button disabled={draft.layers.length >= 10} onClick={() => setDraft({ ...draft, layers: [...draft.layers, blankLayer(now, draft.zone)] })}><Plus size={18} aria-hidden />{t.addLayer}</Button></p>
    </SaveForm>
  );
}

interface LayerProps {
  layer: Layer;
  /** On whose clock turns change. */
  zone: string;
  title: string;
  onChange: (more: Partial<Layer>) => void;
  onRemove: (() => void) | undefined;
}

function LayerFields({ layer, zone, title, onChange, onRemove }: LayerProps) {
  const channels = useChannels().data ?? [];
  const calendars = useCalendars().data ?? [];
  const t = texts().schedules;
  return (
    <fieldset className={css["part"]}>
      <legend>{title}</legend>
      <Members label={t.order} names={channels.map(({ name }) => ({ value: name, text: name }))} members={layer.members} onMembers={(members) => onChange({ members })} ordered />
      <div className={css["line"]}>
        <TextField label={t.firstTurn} type="datetime-local" value={layer.start.slice(0, 16)} onText={(start) => onChange({ start })} hint={zone} />
        <TextField label={t.turnTakes} value={layer.every} onText={(every) => onChange({ every })} hint="12h, 1d, 1w" />
        <PickField label={t.onlyDuring} value={layer.hours ?? ""} onPick={(hours) => onChange({ hours: hours || null })} options={[["", t.always], ...calendars.map(({ name }) => [name, name] as const)]} />
        {onRemove && <Button look="quiet" aria-label={texts().removeOne(title)} title={words().remove} onClick={onRemove}><Trash2 size={18} /></Button>}
      </div>
    </fieldset>
  );
}
