/** Pages that travel when they are asked for: their code is fetched while the pointer comes near their link. */

import { lazy, Suspense, type ComponentType } from "react";
import { Note } from "@/shared/ui/Page";
import { words } from "@/shared/ui/texts";

export type Later<P extends object> = ((props: P) => React.ReactNode) & { preload: () => Promise<void> };

function later<P extends object>(load: () => Promise<ComponentType<P>>): Later<P> {
  const Page = lazy(async () => ({ default: await load() }));
  // As a plain component, for the types of lazy ones do not know which properties are left.
  const Any = Page as ComponentType<P>;
  const Shown = (props: P) => <Suspense fallback={<Note>{words().loading}</Note>}><Any {...props} /></Suspense>;
  return Object.assign(Shown, {
    preload: async () => { await load(); },
  });
}

export const AlarmsPage = later(async () => (await import("@/features/alarms/AlarmsPage")).AlarmsPage);
export const DeadLettersPage = later(async () => (await import("@/features/deadletters/DeadLettersPage")).DeadLettersPage);
export const DevicesPage = later(async () => (await import("@/features/devices/DevicesPage")).DevicesPage);
export const HealthPage = later(async () => (await import("@/features/health/HealthPage")).HealthPage);
export const KpisPage = later(async () => (await import("@/features/kpis/KpisPage")).KpisPage);
export const OnCallPage = later(async () => (await import("@/features/oncall/OnCallPage")).OnCallPage);
export const OpenGrafanaPage = later(async () => (await import("@/features/grafana/OpenGrafanaPage")).OpenGrafanaPage);
export const PeoplePage = later(async () => (await import("@/features/people/PeoplePage")).PeoplePage);
export const RulesPage = later(async () => (await import("@/features/rules/RulesPage")).RulesPage);
