/** The history of a state in words: a strip of spells, and how long each state lasted. */

import { useQuery } from "@tanstack/react-query";
import { useRef } from "react";
import { get } from "@/shared/api/http";
import type { Sensor, Series } from "@/shared/api/types";
import { durationMs, fullTimeText, lengthText, timeText, timeZone, widthText } from "@/shared/format/time";
import { useCell, useNow } from "@/shared/live/hooks";
import { useWant } from "@/shared/live/hooks";
import { machineState } from "@/shared/plant/condition";
import type { View } from "@/shared/plant/view";
import { Loaded, Note, Panel } from "@/shared/ui/Page";
import { RangeBar } from "./RangeBar";
import { sharesOf, spellsOf, type Spell } from "./spells";
import css from "./StateTrend.module.css";
import type { Traced } from "./trace";
import { windowOf } from "./window";

interface Props {
  sensor: Sensor;
  view: View;
  onView: (view: View) => void;
  onTrace: (traced: Traced) => void;
}

export function StateTrend({ sensor, view, onView, onTrace }: Props) {
  useWant(sensor.path, 2);
  const cell = useCell(sensor.path);
  const now = useNow(1000);
  const { from, to, live } = windowOf(view, now);
  const range = useRef(view.range);
  if (view.from === undefined) range.current = view.range;
  const query = useQuery({
    // A changed word is a reason to ask again; the clock alone is not.
    queryKey: ["states", sensor.path, view, live ? String(cell?.value) : ""],
    queryFn: ({ signal }) => get<Series>("/api/query/v1/series", { sensor: sensor.path, from: Math.floor(from), to: Math.ceil(to), points: 2000, agg: "states" }, signal),
    placeholderData: (old) => old,
    refetchInterval: 60_000,
  });
  return (
    <Panel>
      <RangeBar view={view} onView={onView} onBack={() => onView(range.current ? { range: range.current } : {})} />
      <Loaded query={query}>{(series) => <History series={series} from={from} to={to} onTrace={onTrace} />}</Loaded>
    </Panel>
  );
}

function History({ series, from, to, onTrace }: { series: Series; from: number; to: number; onTrace: Props["onTrace"] }) {
  const spells = spellsOf((series.states ?? []).map(([start, , value]) => [start, value]), from, to);
  // Of more spells than fit, the strip shows what held longest: then their beginnings are no samples.
  const exact = series.resolution === "raw";
  const detail = exact ? "every change" : `what held longest in each ${widthText(durationMs(series.resolution))}`;
  return <Strip spells={spells} from={from} to={to} detail={detail} onTrace={(traced) => exact && onTrace(traced)} />;
}

function Strip({ spells, from, to, detail, onTrace }: { spells: Spell[]; from: number; to: number; detail: string; onTrace: Props["onTrace"] }) {
  if (spells.length === 0) return <Note>No value in this range.</Note>;
  const x = (ts: number): number => ((Math.max(from, ts) - from) / (to - from)) * 1000;
  const wide = spells.filter((s) => x(s.to) - x(s.from) > 90);
  return (
    <>
      <div className={css["names"]} aria-hidden>
        {wide.map((s) => <span key={s.from} style={{ left: `${x(s.from) / 10}%`, width: `${(x(s.to) - x(s.from)) / 10}%` }}>{s.word}</span>)}
      </div>
      <svg className={css["strip"]} viewBox="0 0 1000 60" preserveAspectRatio="none" role="img" aria-label="History of states">
        {spells.map((s) => (
          <rect key={s.from} className={css[machineState(s.word)]} x={x(s.from)} y="0" width={Math.max(0.6, x(s.to) - x(s.from))} height="60" onClick={() => s.from > from && onTrace({ ts: s.from, width: 0 })}>
            <title>{`${s.word}: ${fullTimeText(s.from)}, ${lengthText(s.to - s.from)}`}</title>
          </rect>
        ))}
      </svg>
      <p className={css["ends"]}><span>{timeText(from)}</span><small>{detail} · {timeZone()}</small><span>{timeText(to)}</span></p>
      <ul className={css["shares"]}>
        {sharesOf(spells).map(({ word, ms, share }) => (
          <li key={word}>
            <svg width="18" height="18" viewBox="0 0 18 18" aria-hidden="true"><rect className={css[machineState(word)]} width="18" height="18" /></svg>
            <b>{word}</b> {(share * 100).toFixed(1)} % · {lengthText(ms)}
          </li>
        ))}
      </ul>
    </>
  );
}
