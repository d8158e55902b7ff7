/** Calendars: shifts, working hours, quiet hours; what rules, policies and schedules go by. */

import { ALERTING, CALENDARS, useCalendars } from "@/shared/alerting/queries";
import { remove } from "@/shared/api/http";
import { countOf } from "@/shared/format/number";
import { Actions, Table, Two } from "@/shared/ui/Table";
import { CalendarDialog } from "./CalendarDialog";
import { Kept } from "./Kept";
import { calendarText } from "./plans";

export function CalendarsPanel() {
  return (
    <Kept title="Calendars" noun="calendar" forget={(id) => remove(`${ALERTING}/calendars/{calendar_id}`, { calendar_id: id })} queryKey={CALENDARS} query={useCalendars()} gone="Nothing goes by it any more."
      empty="No calendars yet. A calendar says when a shift, or a quiet time, is: rules, policies and schedules go by it."
      dialog={(item, close) => <CalendarDialog calendar={item} onClose={close} />}>
      {(items, actions) => (
        <Table head={["Calendar", { text: "Hours", look: "wide" }, { text: "Actions", look: "none" }]} label="Calendars" cards>
          {items.map((calendar) => (
            <tr key={calendar.id}>
              <Two below={calendar.zone}>{calendar.name}</Two>
              <td>{calendarText(calendar)}{calendar.closed.length > 0 && `, but for ${countOf(calendar.closed.length, "day")}`}</td>
              <Actions>{actions(calendar)}</Actions>
            </tr>
          ))}
        </Table>
      )}
    </Kept>
  );
}
