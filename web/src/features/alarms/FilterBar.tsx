/** Which alarms the list shows; every choice stands in the address. On a phone the choices fold into one button. */

import { SlidersHorizontal } from "lucide-react";
import { useState } from "react";
import { Button } from "@/shared/ui/Button";
import { Dialog } from "@/shared/ui/Dialog";
import { Buttons } from "@/shared/ui/Form";
import { words } from "@/shared/ui/texts";
import css from "./FilterBar.module.css";
import { FilterFields } from "./FilterFields";
import { narrowings, widened, type AlarmFilter } from "./filter";
import { SearchField } from "./SearchField";
import { texts } from "./texts";

interface Props {
  filter: AlarmFilter;
  onFilter: (filter: AlarmFilter) => void;
}

export function FilterBar(props: Props) {
  const { filter, onFilter } = props;
  const [open, setOpen] = useState(false);
  const say = texts();
  const count = narrowings(filter);
  const clear = count > 0 && <Button look="quiet" onClick={() => onFilter(widened(filter))}>{words().clearFilter}</Button>;
  return (
    <>
      <div className={css["bar"]} role="group" aria-label={say.filter}>
        <SearchField {...props} />
        <div className={css["wide"]}><FilterFields {...props} />{clear}</div>
        <Button className={css["narrow"] ?? ""} aria-haspopup="dialog" aria-pressed={count > 0} onClick={() => setOpen(true)}><SlidersHorizontal size={18} aria-hidden />{say.filterOf(count)}</Button>
      </div>
      {open && (
        <Dialog title={say.filter} onClose={() => setOpen(false)}>
          <FilterFields {...props} />
          <Buttons>{clear}<Button look="main" onClick={() => setOpen(false)}>{say.done}</Button></Buttons>
        </Dialog>
      )}
    </>
  );
}
