/** Which devices the list shows; every choice stands in the address. */

import { Button } from "@/shared/ui/Button";
import { PickField, TextField } from "@/shared/ui/Form";
import { words } from "@/shared/ui/texts";
import css from "./DevicesPage.module.css";
import { texts } from "./texts";
import { readDevices, SHOWS, type DevicesView } from "./view";

export function DeviceFilter({ view, onView }: { view: DevicesView; onView: (view: DevicesView) => void }) {
  const t = texts();
  const set = (more: DevicesView): void => onView(readDevices({ ...view, ...more }));
  return (
    <form className={css["filters"]} role="search" aria-label={t.filter} onSubmit={(e) => e.preventDefault()}>
      <TextField label={t.search} type="search" value={view.q ?? ""} onText={(q) => set({ q })} maxLength={100} placeholder={t.searchHint} />
      <PickField label={t.show} value={view.show ?? "all"} onPick={(show) => set({ show })} options={SHOWS.map((show) => [show, t.shows[show]] as const)} />
      {(view.q || view.show) && <Button look="quiet" className={css["clear"] ?? ""} onClick={() => onView({})}>{words().clearFilter}</Button>}
    </form>
  );
}
