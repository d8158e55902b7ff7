/** Whom alarms call: people by turns, policies, silences, channels, and what became of each message. */

import { Trail } from "@/shared/ui/Breadcrumb";
import { Button } from "@/shared/ui/Button";
import { PageHead } from "@/shared/ui/Page";
import { CalendarsPanel } from "./CalendarsPanel";
import { ChannelsPanel } from "./ChannelsPanel";
import { MessagesPanel } from "./MessagesPanel";
import css from "./OnCallPage.module.css";
import { PoliciesPanel } from "./PoliciesPanel";
import { SchedulesPanel } from "./SchedulesPanel";
import { SilencesPanel } from "./SilencesPanel";
import { TABS, type OnCallView } from "./view";

const HINT = {
  people: "Who is called, and who is called next when nobody acknowledges",
  silences: "Alarms are raised and shown, and nobody is told",
  channels: "Ways to reach people",
  messages: "What was told to whom, and what was not",
};

export function OnCallPage({ view, onView }: { view: OnCallView; onView: (view: OnCallView) => void }) {
  const tab = view.tab ?? "people";
  return (
    <>
      <Trail here="On call" />
      <PageHead title="On call" hint={HINT[tab]}>
        <div className={css["tabs"]} role="group" aria-label="What to show">
          {TABS.map(([name, text]) => <Button key={name} aria-pressed={tab === name} onClick={() => onView(name === "people" ? {} : { tab: name })}>{text}</Button>)}
        </div>
      </PageHead>
      {tab === "people" && <><SchedulesPanel /><PoliciesPanel /><CalendarsPanel /></>}
      {tab === "silences" && <SilencesPanel />}
      {tab === "channels" && <ChannelsPanel />}
      {tab === "messages" && <MessagesPanel />}
    </>
  );
}
