/** A machine type while somebody edits it, and what would change. Pure. */

import type { components } from "@/shared/api/generated/registry";
import { paperChanges, sensorChanges, textChange, type Change, type FieldWords, type Paper } from "@/shared/model/changes";
import { overrideOf, plainOf, type Plain } from "@/shared/model/sensors";
import type { MachineType } from "@/shared/plant/queries";
import { sectionChanges, type Section, type SectionWords } from "./sections";

export interface TypeDraft {
  name: string;
  sensors: Plain[];
  sections: Section[];
  documents: Paper[];
}

export const draftOf = ({ name, sensors, page, documents }: MachineType): TypeDraft => ({
  name, sensors: sensors.map(plainOf), sections: page.sections, documents: documents.map(({ title, url }) => ({ title, url })),
});

/** The whole type, for `PUT` replaces it: what is not sent is gone. */
export const bodyOf = ({ name, sensors, sections, documents }: TypeDraft): components["schemas"]["TypeIn"] => ({
  name: name.trim(), sensors: sensors.map((sensor) => overrideOf(sensor)),
  page: { sections: sections.map((section) => ({ ...section, title: section.title.trim() })) },
  documents: documents.map(({ title, url }) => ({ title: title.trim(), url: url.trim() })),
});

export type TypeWords = FieldWords & SectionWords & { document: string };

export const changesOf = (before: TypeDraft, after: TypeDraft, words: TypeWords): Change[] => [
  ...textChange(words.name, before.name, after.name.trim()),
  ...sensorChanges(before.sensors, after.sensors, words),
  ...sectionChanges(before.sections, after.sections, words),
  ...paperChanges(before.documents, after.documents).map((change) => ({ ...change, what: `${words.document} ${change.what}` })),
];
