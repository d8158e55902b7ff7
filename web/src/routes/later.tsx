/** Pages that travel when they are asked for: their code is fetched while the pointer comes near their link. */

import { lazy, Suspense, type ComponentType } from "react";
import { Note } from "@/shared/ui/Page";
import { words } from "@/shared/ui/texts";

export type Later<P extends object> = ((props: P) => React.ReactNode) & { preload: () => Promise<void> };

const loaders: (() => Promise<void>)[] = [];

function later<P extends object>(load: () => Promise<ComponentType<P>>): Later<P> {
  const Page = lazy(async () => ({ default: await load() }));
  // As a plain component, for the types of lazy ones do not know which properties are left.
  const Any = Page as ComponentType<P>;
  const Shown = (props: P) => <Suspense fallback={<Note>{words().loading}</Note>}><Any {...props} /></Suspense>;
  const preload = async (): Promise<void> => { await load(); };
  loaders.push(preload);
  return Object.assign(Shown, { preload });
}

export const AlarmsPage = later(async () => (await import("@/features/alarms/AlarmsPage")).AlarmsPage);
export const ComparePage = later(async () => (await import("@/features/compare/ComparePage")).ComparePage);
export const DeadLettersPage = later(async () => (await import("@/features/deadletters/DeadLettersPage")).DeadLettersPage);
export const DevicesPage = later(async () => (await import("@/features/devices/DevicesPage")).DevicesPage);
export const EnterPage = later(async () => (await import("@/features/enter/EnterPage")).EnterPage);
export const HealthPage = later(async () => (await import("@/features/health/HealthPage")).HealthPage);
export const KpisPage = later(async () => (await import("@/features/kpis/KpisPage")).KpisPage);
export const LabelsPage = later(async () => (await import("@/features/labels/LabelsPage")).LabelsPage);
export const ModelPage = later(async () => (await import("@/features/model/ModelPage")).ModelPage);
export const OnCallPage = later(async () => (await import("@/features/oncall/OnCallPage")).OnCallPage);
export const OpenGrafanaPage = later(async () => (await import("@/features/grafana/OpenGrafanaPage")).OpenGrafanaPage);
export const PeoplePage = later(async () => (await import("@/features/people/PeoplePage")).PeoplePage);
export const SettingsPage = later(async () => (await import("@/features/settings/SettingsPage")).SettingsPage);
export const ViewsPage = later(async () => (await import("@/features/views/ViewsPage")).ViewsPage);
export const RulesPage = later(async () => (await import("@/features/rules/RulesPage")).RulesPage);
export const TypePage = later(async () => (await import("@/features/types/TypePage")).TypePage);
export const TypesPage = later(async () => (await import("@/features/types/TypesPage")).TypesPage);
export const TvPage = later(async () => (await import("@/features/tv/TvPage")).TvPage);
export const TvFailure = later(async () => (await import("@/features/tv/TvFailure")).TvFailure);

/** Fetch the code of all pages that have travelled with none so far, one after another. */
export async function preloadPages(): Promise<void> {
  for (const preload of loaders) await preload().catch(() => undefined); // Without network: again when the page is asked for.
}
