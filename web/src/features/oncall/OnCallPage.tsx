/** Whom alarms call: people by turns, policies, silences, channels, and what became of each message. */

import { Trail } from "@/shared/ui/Breadcrumb";
import { Button } from "@/shared/ui/Button";
import { PageHead } from "@/shared/ui/Page";
import { CalendarsPanel } from "./CalendarsPanel";
import { ChannelsPanel } from "./ChannelsPanel";
import { MessagesPanel } from "./MessagesPanel";
import { MyDuty } from "./MyDuty";
import css from "./OnCallPage.module.css";
import { PoliciesPanel } from "./PoliciesPanel";
import { SchedulesPanel } from "./SchedulesPanel";
import { SilencesPanel } from "./SilencesPanel";
import { texts } from "./texts";
import { TABS, type OnCallView } from "./view";

export function OnCallPage({ view, onView }: { view: OnCallView; onView: (view: OnCallView) => void }) {
  const tab = view.tab ?? "people";
  return (
    <>
      <Trail here={texts().title} />
      <PageHead title={texts().title} hint={texts().hints[tab]}>
        <div className={css["tabs"]} role="group" aria-label={texts().what}>
          {TABS.map((name) => <Button key={name} aria-pressed={tab === name} onClick={() => onView(name === "people" ? {} : { tab: name })}>{texts().tabs[name]}</Button>)}
        </div>
      </PageHead>
      {tab === "people" && <><MyDuty /><SchedulesPanel /><PoliciesPanel /><CalendarsPanel /></>}
      {tab === "silences" && <SilencesPanel view={view} onView={onView} />}
      {tab === "channels" && <ChannelsPanel />}
      {tab === "messages" && <MessagesPanel />}
    </>
  );
}
