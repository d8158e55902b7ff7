/** A plain table that scrolls sideways in itself on narrow screens. */

import css from "./Table.module.css";

export function Table({ head, label, children }: { head: readonly string[]; label: string; children: React.ReactNode }) {
  return (
    <div className={css["scroll"]}>
      <table className={css["table"]} aria-label={label}>
        <thead>
          <tr>{head.map((text, i) => <th key={`${text}${i}`} scope="col">{text}</th>)}</tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
