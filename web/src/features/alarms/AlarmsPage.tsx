export function AlarmsPage(_: { filter: object; onFilter: (f: import("./filter").AlarmFilter) => void }) { return <p>Alarms</p>; }
