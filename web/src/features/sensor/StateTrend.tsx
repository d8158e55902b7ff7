/** The history of a state or a switch: a strip of what held when, and how long each word held. */

import { useQuery } from "@tanstack/react-query";
import { useMemo, useRef } from "react";
import { get } from "@/shared/api/http";
import { seriesOf } from "@/shared/api/series";
import { serverNow } from "@/shared/clock";
import type { Durations, Sensor, Series } from "@/shared/api/types";
import { shareText, valueText } from "@/shared/format/number";
import { durationMs, lengthText, momentText, timeZone, widthText } from "@/shared/format/time";
import { useCell, useNow, useWant } from "@/shared/live/hooks";
import type { View } from "@/shared/plant/view";
import { Loaded, Note, Panel } from "@/shared/ui/Page";
import { looksOf } from "@/shared/states/looks";
import { RangeBar } from "@/shared/chart/RangeBar";
import { cellsOf, isCrowded, knownUntil, sharesOf, spellsOf, type Share } from "@/shared/states/spells";
import type { Looks } from "@/shared/states/drawn";
import { Times } from "@/shared/states/Times";
import { Cells, Names, Spells, Swatch } from "./StateStrip";
import { texts } from "./texts";
import css from "./StateTrend.module.css";
import type { Traced } from "./trace";
import { texts as chartTexts } from "@/shared/chart/texts";
import { bucketOf, picked, windowOf } from "@/shared/chart/window";

interface Props {
  sensor: Sensor;
  view: View;
  onView: (view: View) => void;
  onTrace: (traced: Traced) => void;
}

/** As many spells as the service gives: the more come, the longer each one is known. */
const MOST_SPELLS = 10_000;
const MOST_CELLS = 200;
/** The strip is about so wide. */
const PIXELS = 1000;

interface History {
  series: Series;
  /** Where the series is not every change, and its sums are those of a picture. */
  sums?: Durations;
}

async function fetchHistory(sensor: string, from: number, to: number, signal: AbortSignal): Promise<History> {
  const asked = { from: Math.floor(from), to: Math.ceil(to) };
  const series = await seriesOf(sensor, { ...asked, points: MOST_SPELLS, agg: "states" }, signal);
  if (series.resolution === "raw") return { series };
  return { series, sums: await get("/api/query/v1/durations", { sensor, ...asked }, signal) };
}

export function StateTrend({ sensor, view, onView, onTrace }: Props) {
  useWant(sensor.path, 2);
  const cell = useCell(sensor.path);
  const clock = useNow(1000);
  // A long strip moves by a pixel in minutes or hours: before that there is nothing new to draw, or to ask for.
  const step = Math.max(1000, windowOf(view, clock).span / PIXELS);
  const { from, to, live } = windowOf(view, Math.floor(clock / step) * step);
  const range = useRef(view.range);
  if (view.from === undefined) range.current = view.range;
  const query = useQuery({
    // A changed word is a reason to ask again where it would be seen; the clock alone is not.
    queryKey: ["states", sensor.path, view, live && step < 60_000 ? String(cell?.value) : ""],
    queryFn: ({ signal }) => fetchHistory(sensor.path, from, to, signal),
    placeholderData: (old) => old,
    gcTime: 0, // of a word that comes again, the history from when it was last here would lack what was between
    refetchInterval: Math.min(Math.max(60_000, step), 300_000), // not for ever: what is old may come late, too
  });
  return (
    <Panel>
      <RangeBar view={view} onView={onView} onBack={() => onView(range.current ? { range: range.current } : {})} />
      <Loaded query={query}>{(history) => <Drawn history={history} from={from} to={to} live={live} onView={onView} onTrace={onTrace} />}</Loaded>
    </Panel>
  );
}

interface DrawnProps extends Pick<Props, "onView" | "onTrace"> {
  history: History;
  from: number;
  to: number;
  live: boolean;
}

function useDrawing({ series, sums }: History, from: number, to: number, live: boolean) {
  return useMemo(() => {
    const spells = spellsOf((series.states ?? []).map(([start, , value]) => [start, value]), from, live ? to : knownUntil(series.states ?? [], to));
    const shares: Share[] = sums ? sums.items.map(({ value, seconds, share }) => ({ word: valueText(value), ms: seconds * 1000, share })) : sharesOf(spells);
    const width = isCrowded(spells, to - from) ? Math.max(bucketOf(to - from, MOST_CELLS), durationMs(series.resolution) || 0) : 0;
    const looks = looksOf([...shares, ...spells].map(({ word }) => word));
    return { spells, shares, width, looks, cells: width ? cellsOf(spells, from, to, width) : [] };
  }, [series, sums, from, to, live]);
}

function Drawn({ history, from, to, live, onView, onTrace }: DrawnProps) {
  const { spells, shares, width, looks, cells } = useDrawing(history, from, to, live);
  if (spells.length === 0) return <Note>{chartTexts().noValue}</Note>;
  const exact = history.series.resolution === "raw";
  const closer = ({ from: a, to: b }: { from: number; to: number }): void => {
    const chosen = picked(a, b);
    if (chosen) onView(chosen);
  };
  return (
    <>
      <Names spells={spells} window={{ from, to }} />
      {width
        ? <Cells cells={cells} looks={looks} window={{ from, to }} order={shares.map(({ word }) => word)} onPick={closer} />
        // What held longest began at no sample.
        : <Spells spells={spells} looks={looks} window={{ from, to }} onPick={exact ? (s) => s.from > from && onTrace({ ts: s.from, width: 0 }) : undefined} />}
      <Times window={{ from, to }} now={serverNow()} />
      <p className={css["ends"]}><span>{momentText(from, from, to)}</span><small>{detailOf(history, width)} · {timeZone()}</small><span>{momentText(to, from, to)}</span></p>
      <Legend shares={shares} others={history.sums?.others ?? 0} looks={looks} />
    </>
  );
}

/** What the strip shows; what it cannot show stands in the sums below. */
function detailOf({ series }: History, width: number): string {
  const words = texts().states;
  const longest = series.resolution === "raw" ? "" : words.longest(widthText(durationMs(series.resolution)));
  if (!width) return longest || words.ends;
  return `${longest ? words.sharesOf(widthText(width), longest) : words.shares(widthText(width))} · ${words.closer}`;
}

const MOST_WORDS = 24;

function Legend({ shares, others, looks }: { shares: readonly Share[]; others: number; looks: Looks }) {
  const more = Math.max(0, shares.length - MOST_WORDS) + others;
  return (
    <ul className={css["shares"]} aria-label={texts().states.howLong}>
      {shares.slice(0, MOST_WORDS).map(({ word, ms, share }) => (
        <li key={word}><Swatch looks={looks} word={word} /><b>{word.trim() ? word : texts().states.noText}</b> {shareText(share)} · {lengthText(ms)}</li>
      ))}
      {more > 0 && <li>{texts().states.more(more)}</li>}
    </ul>
  );
}
