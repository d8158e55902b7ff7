/** What one reads about a machine: its own documents and those of its type, and its labels. */

import { FileText } from "lucide-react";
import type { MachineType } from "@/shared/plant/queries";
import type { Node } from "@/shared/plant/tree";
import { Panel } from "@/shared/ui/Page";
import css from "./Aside.module.css";
import { texts } from "./texts";

export function Papers({ machine, type }: { machine: Node; type: MachineType | undefined }) {
  const documents = [...(machine.documents ?? []), ...(type?.documents ?? [])];
  const labels = Object.entries(machine.labels ?? {});
  const say = texts();
  return (
    <>
      <Panel title={say.documents}>
        {documents.length === 0 && <p className={css["none"]}>{say.noDocuments}</p>}
        <ul>
          {documents.map(({ title, url }) => (
            <li key={url}>
              <a className={css["document"]} href={url} target="_blank" rel="noreferrer" aria-label={say.elsewhere(title)}><FileText size={18} aria-hidden /> {title}</a>
            </li>
          ))}
        </ul>
      </Panel>
      {labels.length > 0 && (
        <Panel title={say.labels}>
          <dl className={css["labels"]}>{labels.flatMap(([key, value]) => [<dt key={`${key}?`}>{key}</dt>, <dd key={key}>{value}</dd>])}</dl>
        </Panel>
      )}
    </>
  );
}
