/** Write a calendar: weekly hours on the clock of a place, and days that are none. */

import { Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { ALERTING, CALENDARS } from "@/shared/alerting/queries";
import { patch, post } from "@/shared/api/http";
import type { Calendar, CalendarDraft } from "@/shared/api/types";
import { timeZone } from "@/shared/format/time";
import { Button } from "@/shared/ui/Button";
import { Row, TextField, Tick } from "@/shared/ui/Form";
import { words } from "@/shared/ui/texts";
import css from "./OnCallPage.module.css";
import { WEEKDAYS } from "./plans";
import { SaveForm } from "./SaveForm";
import { texts } from "./texts";
import { useSaving } from "./useSaving";
import { ZoneField } from "./ZoneField";

type Hours = CalendarDraft["hours"][number];
const WORK: Hours = { days: ["mon", "tue", "wed", "thu", "fri"], start: "06:00", end: "14:00" };
const CLOCK = /^([01]\d|2[0-3]):[0-5]\d$|^24:00$/;
const DATE = /^\d{4}-\d\d-\d\d$/;
const datesOf = (text: string): string[] => text.split(/[\s,;]+/).filter(Boolean);

export function CalendarDialog({ calendar, onClose }: { calendar: Calendar | undefined; onClose: () => void }) {
  const [draft, setDraft] = useState<CalendarDraft>(() => ({ name: calendar?.name ?? "", zone: calendar?.zone ?? timeZone(), hours: calendar?.hours ?? [WORK], closed: [] }));
  const [closed, setClosed] = useState((calendar?.closed ?? []).join(", "));
  const saving = useSaving(CALENDARS, (whole: CalendarDraft) => calendar ? patch(`${ALERTING}/calendars/{calendar_id}`, { calendar_id: calendar.id }, whole) : post(`${ALERTING}/calendars`, {}, whole), onClose);
  const set = (at: number, more: Partial<Hours>): void => setDraft({ ...draft, hours: draft.hours.map((h, i) => (i === at ? { ...h, ...more } : h)) });
  const t = texts().calendars;
  const missing = !draft.name.trim() ? t.nameIt
    : draft.hours.some((h) => h.days.length === 0) ? t.chooseDays
    : draft.hours.some((h) => !CLOCK.test(h.start) || !CLOCK.test(h.end)) ? t.writeHours
    : datesOf(closed).some((date) => !DATE.test(date)) ? t.writeDays : undefined;
  return (
    <SaveForm title={calendar ? t.edit : t.make} verb={calendar ? words().save : t.create} saving={saving} missing={missing} wide onClose={onClose}
      onSave={() => saving.mutate({ ...draft, closed: datesOf(closed) })}>
      <Row>
        <TextField label={texts().name} value={draft.name} onText={(name) => setDraft({ ...draft, name })} placeholder={t.example} maxLength={100} autoFocus />
        <ZoneField value={draft.zone} onPick={(zone) => setDraft({ ...draft, zone })} />
      </Row>
      {draft.hours.map((hours, i) => (
        <HoursFields key={i} hours={hours} onChange={(more) => set(i, more)}
          onRemove={draft.hours.length > 1 ? () => setDraft({ ...draft, hours: draft.hours.filter((_, at) => at !== i) }) : undefined} />
      ))}
      <p className={css["add"]}><Button onClick={() => setDraft({ ...draft, hours: [...draft.hours, { ...WORK, days: ["sat"] }] })}><Plus size={18} aria-hidden />{t.addHours}</Button></p>
      <TextField label={t.closed} value={closed} onText={setClosed} placeholder="2026-12-25, 2026-12-26" hint={t.holidays} />
    </SaveForm>
  );
}

function HoursFields({ hours, onChange, onRemove }: { hours: Hours; onChange: (more: Partial<Hours>) => void; onRemove: (() => void) | undefined }) {
  const toggle = (day: Hours["days"][number], on: boolean): void =>
    onChange({ days: WEEKDAYS.filter((d) => (d === day ? on : hours.days.includes(d))) });
  const t = texts().calendars;
  return (
    <fieldset className={css["part"]}>
      <legend>{t.hours}</legend>
      <div className={css["ticks"]}>{WEEKDAYS.map((day) => <Tick key={day} text={t.days[day]} checked={hours.days.includes(day)} onTick={(on) => toggle(day, on)} />)}</div>
      <div className={css["line"]}>
        <TextField label={texts().from} value={hours.start} onText={(start) => onChange({ start })} placeholder="22:00" />
        <TextField label={texts().to} value={hours.end} onText={(end) => onChange({ end })} placeholder="06:00" hint={t.nextDay} />
        {onRemove && <Button look="quiet" aria-label={t.removeHours} title={words().remove} onClick={onRemove}><Trash2 size={18} /></Button>}
      </div>
    </fieldset>
  );
}
