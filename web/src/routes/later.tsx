/** Pages that an operator does not see all day: loaded when they are asked for. */

import { lazy, Suspense, type ComponentType } from "react";
import type { KpiView } from "@/features/kpis/figures";
import type { OnCallView } from "@/features/oncall/view";
import { Note } from "@/shared/ui/Page";

function later<P extends object>(load: () => Promise<ComponentType<P>>): (props: P) => React.ReactNode {
  const Page = lazy(async () => ({ default: await load() }));
  // As a plain component, for the types of lazy ones do not know which properties are left.
  const Any = Page as ComponentType<P>;
  return (props) => <Suspense fallback={<Note>Loading…</Note>}><Any {...props} /></Suspense>;
}

export const KpisPage = later<{ view: KpiView; onView: (view: KpiView) => void }>(async () => (await import("@/features/kpis/KpisPage")).KpisPage);
export const OnCallPage = later<{ view: OnCallView; onView: (view: OnCallView) => void }>(async () => (await import("@/features/oncall/OnCallPage")).OnCallPage);
export const RulesPage = later<object>(async () => (await import("@/features/rules/RulesPage")).RulesPage);
