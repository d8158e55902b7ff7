/** Which of the sensors go up and down together: a matrix, and the chosen pair as points. */

import { useQuery } from "@tanstack/react-query";
import { get } from "@/shared/api/http";
import { windowOf } from "@/shared/chart/window";
import { serverNow } from "@/shared/clock";
import { valueText } from "@/shared/format/number";
import { Loaded, Note, Panel } from "@/shared/ui/Page";
import type { Chosen } from "./chosen";
import css from "./Correlation.module.css";
import { Dash } from "./Dash";
import { Scatter } from "./Scatter";
import { texts } from "./texts";
import { pairOf, type Comparison } from "./view";

interface Props {
  chosen: readonly Chosen[];
  view: Comparison;
  onView: (view: Comparison) => void;
}

const EVERY_MS = 60_000;

function useMatrix(sensors: readonly string[], { range, from, to }: Comparison, open: boolean) {
  return useQuery({
    queryKey: ["correlation", sensors, range, from, to],
    queryFn: ({ signal }) => {
      const window = windowOf({ range, from, to }, serverNow());
      return get("/api/query/v1/correlation", { sensor: sensors, from: Math.floor(window.from), to: Math.ceil(window.to) }, signal);
    },
    enabled: open,
    placeholderData: (old) => (old?.sensors.length === sensors.length ? old : undefined),
    refetchInterval: from === undefined ? EVERY_MS : false,
  });
}

export function Correlation({ chosen, view, onView }: Props) {
  const numbers = chosen.filter((one) => one.sensor !== null);
  const open = view.pair !== undefined;
  const query = useMatrix(numbers.map((one) => one.path), view, open);
  const pair = pairOf(view.pair ?? "", numbers.length);
  const [x, y] = (pair ?? []).map((i) => numbers[i]);
  return (
    <Panel>
      <details className={css["details"]} open={open} onToggle={(e) => { if (e.currentTarget.open !== open) onView({ ...view, pair: open ? undefined : "" }); }}>
        <summary><h2>{texts().correlation}</h2></summary>
        {open && (
          <Loaded query={query}>
            {({ matrix, note }) => (
              <>
                <p className={css["hint"]}>{texts().correlationHint}</p>
                {note && <Note>{note}</Note>}
                <div className={css["body"]}>
                  <Matrix numbers={numbers} matrix={matrix} pair={view.pair ?? ""} onPick={(picked) => onView({ ...view, pair: picked })} />
                  {x && y && <Scatter x={x} y={y} view={view} />}
                </div>
              </>
            )}
          </Loaded>
        )}
      </details>
    </Panel>
  );
}

interface MatrixProps {
  numbers: readonly Chosen[];
  matrix: readonly (readonly (number | null)[])[];
  pair: string;
  onPick: (pair: string) => void;
}

const DECIMALS = 2;
const named = ({ machine, name }: Chosen): string => `${machine} ${name}`;

function Matrix({ numbers, matrix, pair, onPick }: MatrixProps) {
  return (
    <div className={css["scroll"]} role="region" aria-label={texts().matrix} tabIndex={0}>
      <table className={css["matrix"]} aria-label={texts().matrix}>
        <thead>
          <tr>
            <th scope="col"><span className="visually-hidden">{texts().sensor}</span></th>
            {numbers.map((one, i) => <th key={one.path} scope="col" title={named(one)}>{i + 1}<span className="visually-hidden"> {named(one)}</span></th>)}
          </tr>
        </thead>
        <tbody>
          {numbers.map((one, row) => (
            <tr key={one.path}>
              <th scope="row"><Dash look={one.look} /> {row + 1} {one.machine} · {one.name}</th>
              {numbers.map((other, column) => (
                <td key={other.path}>
                  {row === column ? <span aria-hidden>·</span> : <Cell r={matrix[row]?.[column] ?? null} one={one} other={other} isPicked={pair === `${row}-${column}`} onPick={() => onPick(`${row}-${column}`)} />}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface CellProps {
  r: number | null;
  one: Chosen;
  other: Chosen;
  isPicked: boolean;
  onPick: () => void;
}

/** The stronger, the darker behind it; its sign says which way. */
function Cell({ r, one, other, isPicked, onPick }: CellProps) {
  const text = r === null ? "–" : valueText(r, DECIMALS);
  return (
    <button type="button" className={css["cell"]} aria-pressed={isPicked} style={{ "--strength": `${Math.round(Math.abs(r ?? 0) * 28)}%` } as React.CSSProperties}
      aria-label={texts().correlationOf(named(one), named(other), text)} onClick={onPick}>{text}</button>
  );
}
