/** Where one value came from: its way hop by hop, who sent it, and the message as it came. */

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { get, Problem } from "@/shared/api/http";
import { seriesOf } from "@/shared/api/series";
import type { Sensor, Trace, TracedMessage, Value } from "@/shared/api/types";
import { bytesOf, hexDump, sizeText, textOf } from "@/shared/format/bytes";
import { digitsAt } from "@/shared/format/digits";
import { valueText } from "@/shared/format/number";
import { fullTimeText, widthText } from "@/shared/format/time";
import { unitText } from "@/shared/format/units";
import { Dialog } from "@/shared/ui/Dialog";
import { Failure, Note } from "@/shared/ui/Page";
import { PlantLink } from "@/shared/ui/PlantLink";
import { areGone, gapText, hopText, instantText, senderText, type Traced } from "./trace";
import { traceTexts } from "./traceTexts";
import css from "./TraceDialog.module.css";

interface Props {
  sensor: Sensor;
  traced: Traced;
  onClose: () => void;
}

/** More values than this in one bucket are no list to choose from. */
const MOST_CHOICES = 500;

export function TraceDialog({ sensor, traced, onClose }: Props) {
  const [chosen, setChosen] = useState(traced.width ? null : traced.ts);
  return (
    <Dialog title={traceTexts().title} onClose={onClose} wide>
      {chosen === null
        ? <Choices sensor={sensor} traced={traced} onChoose={setChosen} />
        : <Traces sensor={sensor} ts={chosen} />}
    </Dialog>
  );
}

const shown = (value: Value | null, sensor: Sensor): string =>
  value === null ? "–" : `${valueText(value, typeof value === "number" ? Math.max(digitsAt(sensor, value), 1) : undefined)} ${unitText(sensor.unit)}`.trim();

/** A drawn point that stands for many values: which of them? */
function Choices({ sensor, traced, onChoose }: Pick<Props, "sensor" | "traced"> & { onChoose: (ts: number) => void }) {
  const { ts, width } = traced;
  const query = useQuery({
    queryKey: ["choices", sensor.path, ts, width],
    queryFn: ({ signal }) => seriesOf(sensor.path, { from: ts, to: ts + width, points: MOST_CHOICES }, signal),
  });
  if (query.error) return <Failure error={query.error} retry={() => void query.refetch()} />;
  if (!query.data) return <Note>{traceTexts().looking}</Note>;
  const many = query.data.resolution !== "raw";
  const gone = areGone(query.data.resolution, width);
  return (
    <>
      <p className={css["lead"]}>{traceTexts().drawnFor(widthText(width), fullTimeText(ts))}</p>
      {gone && <Note>{traceTexts().gone}</Note>}
      {many && !gone && <Note>{traceTexts().tooMany}</Note>}
      {!many && query.data.points.length === 0 && <Note>{traceTexts().none}</Note>}
      {!many && (
        <ul className={css["choices"]}>
          {query.data.points.map(([at, value]) => (
            <li key={at}>
              <button type="button" onClick={() => onChoose(at)}>
                <span>{instantText(new Date(at).toISOString())}</span><b>{shown(value, sensor)}</b>
              </button>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function Traces({ sensor, ts }: { sensor: Sensor; ts: number }) {
  const query = useQuery({
    queryKey: ["trace", sensor.path, ts],
    queryFn: ({ signal }) => get("/api/ingest/v1/trace", { sensor: sensor.path, ts }, signal),
    retry: false,
  });
  const [which, setWhich] = useState(0);
  if (query.error instanceof Problem && query.error.status === 404) return <Note>{query.error.message}</Note>;
  if (query.error) return <Failure error={query.error} retry={() => void query.refetch()} />;
  if (!query.data) return <p className={css["lead"]} role="status">{traceTexts().lookingFor}</p>;
  const { data } = query;
  const item = data.items[which];
  return (
    <>
      <p className={css["lead"]}>
        <b>{shown(data.value ?? item?.value ?? null, sensor)}</b>
        <span>{sensor.name || sensor.key}, {instantText(data.ts)}</span>
      </p>
      {data.expression && <Calculated trace={data} />}
      {data.items.length > 1 && <Copies items={data.items} which={which} sensor={sensor} onPick={setWhich} />}
      {item && <Message item={item} sensor={sensor} />}
      {!data.complete && <Note>{traceTexts().cutShort}</Note>}
    </>
  );
}

function Calculated({ trace }: { trace: Trace }) {
  return (
    <>
      <p className={css["lead"]}><span>{traceTexts().noMessage}</span></p>
      <pre className={css["bytes"]}>{trace.expression}</pre>
      <h3 className={css["title"]}>{traceTexts().followsFrom}</h3>
      <ul className={css["from"]}>
        {trace.follows_from.map((path) => <li key={path}><PlantLink path={path}>{path}</PlantLink></li>)}
      </ul>
    </>
  );
}

/** Several messages said something of the same instant: the newest counts. */
function Copies({ items, which, sensor, onPick }: { items: TracedMessage[]; which: number; sensor: Sensor; onPick: (n: number) => void }) {
  return (
    <div className={css["copies"]} role="group" aria-label={traceTexts().ofThisInstant}>
      {items.map((item, n) => (
        <button key={`${item.sequence}-${n}`} type="button" aria-pressed={n === which} onClick={() => onPick(n)}>
          {shown(item.value, sensor)}<small>{item.counts ? traceTexts().counts : traceTexts().replaced}</small>
        </button>
      ))}
    </div>
  );
}

function Message({ item, sensor }: { item: TracedMessage; sensor: Sensor }) {
  const bytes = bytesOf(item);
  const cut = item.size > bytes.length ? traceTexts().theFirst(sizeText(bytes.length), sizeText(item.size)) : "";
  return (
    <>
      <ol className={css["hops"]}>
        {item.hops.map((hop) => (
          <li key={hop.name}>
            <b>{hopText(hop.name)}</b>
            <time dateTime={hop.at}>{instantText(hop.at)}</time>
            <span>{gapText(hop.after_ms)}</span>
          </li>
        ))}
      </ol>
      <dl className={css["facts"]}>
        <dt>{traceTexts().sentBy}</dt><dd>{senderText(item)}</dd>
        {item.note && <><dt>{traceTexts().note}</dt><dd>{item.note}</dd></>}
        {item.topic && <><dt>{item.source === "import" ? traceTexts().file : traceTexts().topic}</dt><dd><code>{item.topic}</code></dd></>}
        <dt>{traceTexts().readAs}</dt><dd>{item.form}, {traceTexts().byTheRule} <code>{item.rule}</code></dd>
        {item.source !== "import" && <><dt>{traceTexts().itSays}</dt><dd>{item.value === null ? traceTexts().unreadable : shown(item.value, sensor)}{item.names_time ? "" : traceTexts().noTime}</dd></>}
        <dt>{traceTexts().batch}</dt><dd>{traceTexts().numberOf(item.sequence)}</dd>
      </dl>
      <h3 className={css["title"]}>{item.source === "import" ? traceTexts().keptOfFile : traceTexts().asItCame}{cut}</h3>
      <pre className={css["bytes"]} tabIndex={0}>{item.encoding === "base64" ? hexDump(bytes) : textOf(bytes)}</pre>
    </>
  );
}
