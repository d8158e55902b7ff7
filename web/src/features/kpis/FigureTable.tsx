/** The figures, each with its target and a light: shape and word say what the colour does. */

import type { Kpi, Rating } from "@/shared/api/types";
import { Num, Table, Two } from "@/shared/ui/Table";
import { figureText, ratings } from "./figures";
import css from "./KpisPage.module.css";
import { TargetBar } from "./TargetBar";
import { noteText, targetText, titleOf } from "./targets";
import { texts } from "./texts";

const SHAPE: Record<Rating, React.ReactNode> = {
  good: <><circle cx="12" cy="12" r="10" /><path d="m7 12.5 3.5 3.5L17 9" /></>,
  fair: <><path d="M12 1 23 12 12 23 1 12z" /><path d="M12 7v6M12 16v1" /></>,
  poor: <><path d="M7.5 1h9L23 7.5v9L16.5 23h-9L1 16.5v-9z" /><path d="m8.5 8.5 7 7M15.5 8.5l-7 7" /></>,
};

const Light = ({ rating }: { rating: Rating }) => (
  <span className={css["light"]}><svg className={css[rating]} width="20" height="20" viewBox="0 0 24 24" aria-hidden="true">{SHAPE[rating]}</svg>{texts().ratings[rating]}</span>
);

export function FigureTable({ kpis }: { kpis: readonly Kpi[] }) {
  const { good, fair, poor } = ratings(kpis);
  const { heads, figures, counted, unrated } = texts();
  return (
    <>
      <p className={css["soft"]}>{counted(good, fair, poor)}</p>
      <Table head={[heads.figure, { text: heads.value, look: "num" }, heads.compared, heads.target, heads.judged, heads.after]} label={figures} cards>
        {kpis.map((kpi) => (
          <tr key={kpi.name}>
            <Two below={noteText(kpi.note)}>{titleOf(kpi)}</Two>
            <Num>{figureText(kpi)}</Num>
            <td className={css["gauge"]}><TargetBar kpi={kpi} /></td>
            <td className={css["target"]}>{targetText(kpi)}</td>
            <td>{kpi.rating ? <Light rating={kpi.rating} /> : <span className={css["soft"]}>{unrated}</span>}</td>
            <td className={`${css["soft"]} ${css["target"]}`}>{kpi.source}</td>
          </tr>
        ))}
      </Table>
    </>
  );
}
