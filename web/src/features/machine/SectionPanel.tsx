/** One section of a machine's page, shown as its type wants it. */

import type { Alarm } from "@/shared/api/types";
import { later } from "@/shared/later";
import { Note, Panel } from "@/shared/ui/Page";
import { words } from "@/shared/ui/texts";
import { Bars } from "./Bars";
import type { Section } from "./sections";
import { States } from "./States";
import { texts } from "./texts";
import { Tiles } from "./Tiles";

// The chart library travels only with what draws.
const Trends = later(async () => (await import("./Trends")).default, () => <Note>{words().loading}</Note>);

interface Props {
  section: Section;
  /** Whether it holds what the type shows nowhere. */
  isRest: boolean;
  alarms: readonly Alarm[];
}

export function SectionPanel({ section, isRest, alarms }: Props) {
  const { show, sensors } = section;
  const title = section.title || (isRest ? texts().others : texts().sections[show]);
  return (
    <Panel title={title}>
      {show === "bars" && <Bars sensors={sensors} alarms={alarms} />}
      {show === "tiles" && <Tiles sensors={sensors} alarms={alarms} />}
      {show === "states" && <States sensors={sensors} />}
      {show === "trend" && <Trends sensors={sensors} alarms={alarms} />}
    </Panel>
  );
}
