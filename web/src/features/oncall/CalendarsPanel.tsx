/** Calendars: shifts, working hours, quiet hours; what rules, policies and schedules go by. */

import { ALERTING, CALENDARS, useCalendars } from "@/shared/alerting/queries";
import { remove } from "@/shared/api/http";
import { Actions, Table, Two } from "@/shared/ui/Table";
import { CalendarDialog } from "./CalendarDialog";
import { Kept } from "./Kept";
import { calendarText } from "./plans";
import { texts } from "./texts";

export function CalendarsPanel() {
  const t = texts().calendars;
  return (
    <Kept say={t} forget={(id) => remove(`${ALERTING}/calendars/{calendar_id}`, { calendar_id: id })} queryKey={CALENDARS} query={useCalendars()}
      dialog={(item, close) => <CalendarDialog calendar={item} onClose={close} />}>
      {(items, actions) => (
        <Table head={[t.calendar, { text: t.hours, look: "wide" }, { text: texts().actions, look: "none" }]} label={t.title} cards>
          {items.map((calendar) => (
            <tr key={calendar.id}>
              <Two below={calendar.zone}>{calendar.name}</Two>
              <td>{calendarText(calendar)}{calendar.closed.length > 0 && t.butFor(calendar.closed.length)}</td>
              <Actions>{actions(calendar)}</Actions>
            </tr>
          ))}
        </Table>
      )}
    </Kept>
  );
}
