/** A path or topic that wraps after its slashes, not in the middle of a name. */

import { Fragment } from "react";
import css from "./Path.module.css";

/** Longer names may break, for a table has other columns, too. */
const LONGEST_WHOLE = 24;

export const Path = ({ text }: { text: string }) => text.split("/").map((part, i, parts) => (
  <Fragment key={i}>
    <span className={part.length <= LONGEST_WHOLE ? css["whole"] : undefined}>{part}{i < parts.length - 1 && "/"}</span><wbr />
  </Fragment>
));
