/** Search over the whole plant, pages, views and actions: a few letters, Enter, there. */

import { useNavigate, useRouterState } from "@tanstack/react-router";
import { Search, X } from "lucide-react";
import { useEffect, useMemo, useState } from "react";
import { Autocomplete, Dialog, Input, ListBox, ListBoxItem, ListLayout, Modal, ModalOverlay, SearchField, Virtualizer } from "react-aria-components";
import { inOrder, useViews } from "@/features/views/queries";
import { usePlant } from "@/shared/plant/queries";
import { Button } from "@/shared/ui/Button";
import { words } from "@/shared/ui/texts";
import type { Place } from "@/shell/places";
import { useLeave } from "@/shell/PersonMenu";
import { texts as frame } from "@/shell/texts";
import { useActions } from "./actions";
import { closePalette, onTypedAhead, typedAhead } from "./door";
import { entriesOf, entry, withoutQuery, type Entry } from "./entries";
import { Finder } from "./finder";
import { KindIcon } from "./KindIcon";
import css from "./Palette.module.css";
import { recent } from "./recent";
import { texts } from "./texts";

/** Nobody reads on after so many. */
const MOST = 50;
const ROW_PX = 52;

/** Everything there is to find. A tree that is merely newer is not taken while the search is open: all would be prepared again. */
function useEntries(places: readonly Place[]): readonly Entry[] {
  const newest = usePlant().data;
  const [plant, keep] = useState(newest);
  if (!plant && newest) keep(newest);
  const views = useViews().data;
  const navigate = useNavigate();
  const [actions] = useState(useActions(useLeave()));
  return useMemo(() => {
    const { places: names } = frame();
    return [
      ...(plant ? entriesOf(plant) : []),
      ...places.map((p) => entry("page", p.to, names[p.name], "", p.name)),
      ...(["settings", "views"] as const).map((name) => entry("page", `/${name}`, names[name], "", name)),
      ...inOrder(views ?? []).map((v) => entry("view", `view:${v.id}`, v.name, v.mine ? "" : v.owner, v.address, () => void navigate({ href: v.address }))),
      ...actions,
    ];
  }, [plant, views, places, actions, navigate]);
}

export default function Palette({ places }: { places: readonly Place[] }) {
  const { title } = texts();
  return (
    <ModalOverlay isOpen isDismissable className={css["backdrop"] ?? ""} onOpenChange={(open) => !open && closePalette()}>
      <Modal className={css["modal"] ?? ""}>
        <Dialog aria-label={title} className={css["dialog"] ?? ""}><Finding places={places} /></Dialog>
      </Modal>
    </ModalOverlay>
  );
}

function Finding({ places }: { places: readonly Place[] }) {
  const [query, setQuery] = useState(typedAhead);
  useEffect(() => onTypedAhead(setQuery), []);
  const here = useRouterState({ select: (s) => s.location.pathname });
  const [lately] = useState(recent);
  const entries = useEntries(places);
  const finder = useMemo(() => new Finder(entries), [entries]);
  const { found, count } = useMemo(() => {
    if (query.trim()) return finder.find(query, MOST);
    const first = withoutQuery(entries, lately, here);
    return { found: first, count: first.length };
  }, [finder, entries, lately, here, query]);
  const open = useOpen(found);
  const { placeholder, results, nothing, more, keys, title } = texts();
  return (
    <Autocomplete inputValue={query} onInputChange={setQuery}>
      <SearchField aria-label={title} autoFocus onSubmit={() => { if (query.trim() && found[0] && !hasChoice()) open(found[0].id); }} className={css["field"] ?? ""}>
        <Search size={20} aria-hidden />
        <Input role="combobox" aria-expanded aria-haspopup="listbox" placeholder={placeholder} spellCheck={false} autoComplete="off" />
        <Button look="quiet" aria-label={words().close} onClick={closePalette}><X size={20} /></Button>
      </SearchField>
      <Virtualizer layout={ListLayout} layoutOptions={{ rowHeight: ROW_PX }}>
        <ListBox items={found} aria-label={results} className={css["lines"] ?? ""} onAction={(key) => open(String(key))} renderEmptyState={() => <p className={css["note"]}>{nothing}</p>}>
          {(one) => <Line id={one.id} entry={one} isRecent={!query.trim() && lately.includes(one.id)} />}
        </ListBox>
      </Virtualizer>
      <p className={css["foot"]} data-keys={count <= found.length || undefined}>{count > found.length ? more(count - found.length) : keys}</p>
    </Autocomplete>
  );
}

/** What was typed before the field was there has chosen no line yet: Enter means the first. */
const hasChoice = (): boolean => Boolean(document.activeElement?.getAttribute("aria-activedescendant"));

function useOpen(found: readonly Entry[]): (id: string) => void {
  const navigate = useNavigate();
  return (id) => {
    const wanted = found.find((e) => e.id === id);
    closePalette();
    if (wanted?.act) wanted.act();
    else if (wanted) void navigate({ href: wanted.id });
  };
}

function Line({ id, entry: { kind, name, where }, isRecent }: { id: string; entry: Entry; isRecent: boolean }) {
  const { kinds, recent: lately } = texts();
  const what = isRecent ? `${kinds[kind]} · ${lately}` : kinds[kind];
  return (
    <ListBoxItem id={id} textValue={`${name}, ${what}${where && `, ${where}`}`} className={css["line"] ?? ""}>
      <KindIcon kind={kind} />
      <span className={css["what"]}><span>{name}</span><small><span className="visually-hidden">, {what}{where && ", "}</span>{where}</small></span>
      <small className={css["kind"]} aria-hidden>{what}</small>
    </ListBoxItem>
  );
}
