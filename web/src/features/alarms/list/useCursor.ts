/** Where the keys are in a list of alarms, and what they do there. */

import { useEffect, useLayoutEffect, useRef, useState, type RefObject } from "react";
import type { Alarm } from "@/shared/api/types";
import { commandOf, landing, stepOf, type Command } from "./keys";
import type { Selecting } from "./useSelecting";
import { scrollTo } from "./window";

/** Px that the heads of the columns take. */
const HEAD_PX = 34;

interface Props {
  box: RefObject<HTMLDivElement | null>;
  rows: readonly Alarm[];
  /** Px. */
  row: number;
  readScroll: () => void;
  selecting: Selecting | undefined;
  onOpen: (alarm: Alarm) => void;
  onCommand: ((command: Command, at: Alarm | undefined) => void) | undefined;
}

type Press = Pick<KeyboardEvent, "key" | "shiftKey" | "ctrlKey" | "metaKey" | "altKey" | "target" | "preventDefault">;

/** Enter and space belong to the button or link that has the focus. */
const isOwn = (target: EventTarget | null, key: string): boolean =>
  target instanceof Element && (key === "Enter" || key === " ") && target.closest("button, a, input") !== null;

export function useCursor({ box, rows, row, readScroll, selecting, onOpen, onCommand }: Props) {
  const [at, setAt] = useState<string>();
  // Grows with each step of the keys: only these move the focus, and no list that changes does.
  const [steps, setSteps] = useState(0);
  const index = rows.findIndex((a) => a.id === at);

  function move(step: number, extend: boolean): void {
    const place = box.current;
    const to = landing(index, step, rows.length);
    const alarm = rows[to];
    if (!place || !alarm) return;
    place.scrollTop = scrollTo(to, row, HEAD_PX, place.scrollTop, place.clientHeight);
    readScroll();
    if (extend && selecting) {
      if (at !== undefined && !selecting.picks.ids.has(at)) selecting.pick(at, true, false);
      selecting.pick(alarm.id, true, at !== undefined);
    }
    setAt(alarm.id);
    setSteps((n) => n + 1);
  }

  function run(command: Command): void {
    const here = rows[index];
    const step = stepOf(command, Math.floor((box.current?.clientHeight ?? row) / row));
    if (step) move(step, command === "extend" || command === "extendBack");
    else if (command === "open") { if (here) onOpen(here); }
    else if (command === "pick") { if (here) selecting?.pick(here.id, !selecting.picks.ids.has(here.id), false); }
    else if (command === "all") selecting?.all();
    else if (command === "none") selecting?.none();
    else onCommand?.(command, here);
  }

  function press(event: Press): void {
    const command = commandOf(event);
    if (!command || isOwn(event.target, event.key)) return;
    event.preventDefault();
    run(command);
  }

  useLayoutEffect(() => {
    if (steps > 0 && at) box.current?.querySelector<HTMLElement>(`[data-id="${CSS.escape(at)}"]`)?.focus({ preventScroll: true });
  }, [steps, at, box]);
  useFromAnywhere((command) => {
    if (command === "help" || command === "next" || command === "previous") run(command);
  });
  const follow = (event: React.FocusEvent): void => {
    const id = (event.target as Element).closest<HTMLElement>("[data-id]")?.dataset["id"];
    if (id) setAt(id);
  };
  return { at, press, follow };
}

/** What takes letters itself, or lies above the list. */
const TAKES_LETTERS = "input, select, textarea, [contenteditable], [role=dialog], [role=listbox], [role=menu], [role=tree], [role=application]";

/** Letters that mean nothing where the focus is, as on the link that led here, move in the list, too; what they do there is seen before it is done. */
function useFromAnywhere(run: (command: Command) => void): void {
  const newest = useRef(run);
  useEffect(() => { newest.current = run; });
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      const at = event.target instanceof Element ? event.target : document.body;
      const isFree = event.key.length === 1 && !event.defaultPrevented && !at.closest(TAKES_LETTERS);
      const command = isFree && commandOf(event);
      if (command) newest.current(command);
    };
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, []);
}
