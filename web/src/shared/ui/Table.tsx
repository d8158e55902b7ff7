/** A plain table that scrolls sideways in itself on narrow screens. */

import css from "./Table.module.css";

/** A column's head; `num` stands right-aligned above numbers, `none` is read out but not shown. */
export type Head = string | { text: React.ReactNode; look: "num" | "none" | "wide" };

const headCell = (head: Head, i: number) => {
  if (typeof head === "string") return <th key={i} scope="col">{head}</th>;
  if (head.look === "none") return <th key={i} scope="col"><span className="visually-hidden">{head.text}</span></th>;
  return <th key={i} scope="col" className={css[head.look]}>{head.text}</th>;
};

interface TableProps {
  head: readonly Head[];
  label: string;
  /** On a phone each row is a card, so that nothing lies beyond the edge. */
  cards?: boolean;
  children: React.ReactNode;
}

export function Table({ head, label, cards = false, children }: TableProps) {
  return (
    <div className={`${css["scroll"]} ${cards ? css["cards"] : ""}`} role="region" aria-label={label} tabIndex={0}>
      <table className={css["table"]} aria-label={label}>
        <thead><tr>{head.map(headCell)}</tr></thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}

/** A number with its unit, right-aligned. */
export const Num = ({ children }: { children: React.ReactNode }) => <td className={css["num"]}>{children}</td>;
/** Buttons at the end of a row. */
export const Actions = ({ children }: { children: React.ReactNode }) => <td className={css["actions"]}><div>{children}</div></td>;
/** A main text with a softer line below it; `wide` gives it room where there is any. */
export const Two = ({ children, below, wide = false }: { children: React.ReactNode; below?: React.ReactNode; wide?: boolean }) => (
  <td className={`${css["two"]} ${wide ? css["roomy"] : ""}`}><b>{children}</b>{below && <small>{below}</small>}</td>
);
