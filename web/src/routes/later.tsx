/** Pages that travel when they are asked for: their code is fetched while the pointer comes near their link. */

import type { ComponentType } from "react";
import { later, type Later } from "@/shared/later";
import { Note } from "@/shared/ui/Page";
import { words } from "@/shared/ui/texts";

const pages: { preload: () => Promise<void> }[] = [];

function page<P extends object>(load: () => Promise<ComponentType<P>>): Later<P> {
  const made = later(load, () => <Note>{words().loading}</Note>);
  pages.push(made);
  return made;
}

export const AlarmsPage = page(async () => (await import("@/features/alarms/AlarmsPage")).AlarmsPage);
// The chart library travels only with the pages that draw.
export const SensorPage = page(async () => (await import("@/features/sensor/SensorPage")).default);
export const ComparePage = page(async () => (await import("@/features/compare/ComparePage")).ComparePage);
export const DeadLettersPage = page(async () => (await import("@/features/deadletters/DeadLettersPage")).DeadLettersPage);
export const DevicesPage = page(async () => (await import("@/features/devices/DevicesPage")).DevicesPage);
export const EnterPage = page(async () => (await import("@/features/enter/EnterPage")).EnterPage);
export const HealthPage = page(async () => (await import("@/features/health/HealthPage")).HealthPage);
export const KpisPage = page(async () => (await import("@/features/kpis/KpisPage")).KpisPage);
export const LabelsPage = page(async () => (await import("@/features/labels/LabelsPage")).LabelsPage);
export const ModelPage = page(async () => (await import("@/features/model/ModelPage")).ModelPage);
export const OnCallPage = page(async () => (await import("@/features/oncall/OnCallPage")).OnCallPage);
export const OpenGrafanaPage = page(async () => (await import("@/features/grafana/OpenGrafanaPage")).OpenGrafanaPage);
export const PeoplePage = page(async () => (await import("@/features/people/PeoplePage")).PeoplePage);
export const SettingsPage = page(async () => (await import("@/features/settings/SettingsPage")).SettingsPage);
export const ViewsPage = page(async () => (await import("@/features/views/ViewsPage")).ViewsPage);
export const RulesPage = page(async () => (await import("@/features/rules/RulesPage")).RulesPage);
export const TypePage = page(async () => (await import("@/features/types/TypePage")).TypePage);
export const TypesPage = page(async () => (await import("@/features/types/TypesPage")).TypesPage);
export const TvPage = page(async () => (await import("@/features/tv/TvPage")).TvPage);
export const TvFailure = page(async () => (await import("@/features/tv/TvFailure")).TvFailure);

/** Fetch the code of all pages that have travelled with none so far, one after another, each once `idle` lets it. */
export async function preloadPages(idle: () => Promise<void>): Promise<void> {
  for (const { preload } of pages) {
    await idle();
    await preload().catch(() => undefined); // Without network: again when the page is asked for.
  }
}
