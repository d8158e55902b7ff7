/** Words that an alarm has; the list follows while they are typed. */

import { useEffect, useRef, useState } from "react";
import { TextField } from "@/shared/ui/Form";
import { readFilter, type AlarmFilter } from "./filter";
import { texts } from "./texts";

/** Typing is faster than a list of thousands need be. */
const PAUSE_MS = 200;

export function SearchField({ filter, onFilter }: { filter: AlarmFilter; onFilter: (filter: AlarmFilter) => void }) {
  const { text = "" } = filter;
  const [typed, setTyped] = useState(text);
  const sent = useRef(text);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  // What another way than typing has changed, such as "Clear filter", stands in the field, too.
  useEffect(() => {
    if (text !== sent.current) setTyped(sent.current = text);
  }, [text]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const type = (words: string): void => {
    setTyped(words);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => onFilter(readFilter({ ...filter, text: sent.current = words })), PAUSE_MS);
  };
  return <TextField label={texts().search} type="search" placeholder={texts().searchHint} value={typed} onText={type} maxLength={200} autoComplete="off" />;
}
