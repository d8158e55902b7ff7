/** The figures, each with its target and a light: shape and word say what the colour does. */

import type { Kpi, Rating } from "@/shared/api/types";
import { Num, Table, Two } from "@/shared/ui/Table";
import { figureText, RATING_TEXT, ratings } from "./figures";
import css from "./KpisPage.module.css";

const SHAPE: Record<Rating, React.ReactNode> = {
  good: <><circle cx="12" cy="12" r="10" /><path d="m7 12.5 3.5 3.5L17 9" /></>,
  fair: <><path d="M12 1 23 12 12 23 1 12z" /><path d="M12 7v6M12 16v1" /></>,
  poor: <><path d="M7.5 1h9L23 7.5v9L16.5 23h-9L1 16.5v-9z" /><path d="m8.5 8.5 7 7M15.5 8.5l-7 7" /></>,
};

const Light = ({ rating }: { rating: Rating }) => (
  <span className={css["light"]}><svg className={css[rating]} width="20" height="20" viewBox="0 0 24 24" aria-hidden="true">{SHAPE[rating]}</svg>{RATING_TEXT[rating]}</span>
);

export function FigureTable({ kpis }: { kpis: readonly Kpi[] }) {
  const { good, fair, poor } = ratings(kpis);
  return (
    <>
      <p className={css["soft"]}>{good} good, {fair} manageable, {poor} too much</p>
      <Table head={["Figure", { text: "Value", look: "num" }, "Target", "Judged", "After"]} label="Figures" cards>
        {kpis.map((kpi) => (
          <tr key={kpi.name}>
            <Two below={kpi.note}>{kpi.title}</Two>
            <Num>{figureText(kpi)}</Num>
            <td className={css["target"]}>{kpi.target}</td>
            <td>{kpi.rating ? <Light rating={kpi.rating} /> : <span className={css["soft"]}>not judged</span>}</td>
            <td className={`${css["soft"]} ${css["target"]}`}>{kpi.source}</td>
          </tr>
        ))}
      </Table>
    </>
  );
}
