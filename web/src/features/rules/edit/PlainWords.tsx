/** The rule that is being written, told as one would tell it to somebody. */

import type { Sensor } from "@/shared/api/types";
import type { Tree } from "@/shared/plant/tree";
import { Mark } from "@/shared/ui/Mark";
import { draftOf, type Fields } from "../fields";
import { texts } from "../texts";
import { plainWords } from "../words";
import css from "./Editor.module.css";

interface Props {
  fields: Fields;
  tree: Tree;
  sample: Sensor | undefined;
  isWhole: boolean;
}

export function PlainWords({ fields, tree, sample, isWhole }: Props) {
  const [first = "", ...others] = isWhole ? plainWords(draftOf(fields, sample?.datatype), tree, sample) : [];
  return (
    <section className={css["plain"]} aria-label={texts().editor.plain} aria-live="polite">
      <h2>{texts().editor.plain}</h2>
      {isWhole ? <div><Mark level={fields.severity} size={22} label="" /><p><b>{first}</b> {others.join(" ")}</p></div> : <p className={css["soft"]}>{texts().editor.notPlainYet}</p>}
    </section>
  );
}
