/** Every page has an address; everything but login needs a session. */

import { createRootRoute, createRoute, createRouter, Outlet, redirect } from "@tanstack/react-router";
import { readFilter } from "@/features/alarms/filter";
import { readLetterFilter } from "@/features/deadletters/filter";
import { readComparison } from "@/features/compare/view";
import { readDevices } from "@/features/devices/view";
import { readKpis } from "@/features/kpis/figures";
import { readEnter } from "@/features/enter/view";
import { readDoor } from "@/features/grafana/address";
import { readLabels } from "@/features/labels/view";
import { LoginPage } from "@/features/login/LoginPage";
import { readModel } from "@/features/model/view";
import { readOnCall } from "@/features/oncall/view";
import { readRules } from "@/features/rules/view";
import { readTv } from "@/features/tv/view";
import { OverviewPage } from "@/features/overview/OverviewPage";
import * as pages from "@/routes/later";
import { NoSuchPage } from "@/routes/missing";
import { readSearch, writeSearch } from "@/routes/search";
import { readNext } from "@/routes/next";
import { PlantRoute } from "@/routes/plant";
import { useShow, useView } from "@/routes/useView";
import { session } from "@/shared/api/session";
import { readView } from "@/shared/plant/view";
import { Failure } from "@/shared/ui/Page";
import { Shell } from "@/shell/Shell";

const root = createRootRoute({ component: Outlet });

const login = createRoute({
  getParentRoute: () => root,
  path: "/login",
  validateSearch: readNext,
  component: function Login() {
    return <LoginPage next={useView(readNext).next ?? "/"} />;
  },
});

function beforeLoad({ location }: { location: { href: string } }): void {
  if (!session()) throw redirect({ to: "/login", search: location.href === "/" ? {} : { next: location.href } });
}

const shell = createRoute({ getParentRoute: () => root, id: "shell", beforeLoad, component: Shell });

type Search = Record<string, unknown>;
type Page<P extends object> = ((props: P) => React.ReactNode) & { preload?: () => Promise<void> };

/** `component` with the code of `Shown` fetched beforehand. */
const ahead = (component: () => React.ReactNode, { preload }: Pick<Page<object>, "preload">) => Object.assign(component, preload && { preload });

const page = <P extends string>(path: P, Shown: Page<object>) =>
  createRoute({ getParentRoute: () => shell, path, component: ahead(() => <Shown />, Shown) });

/** A page whose filters and stretch of time stand in its address, and nowhere else. */
function viewed<P extends string, V extends object>(path: P, read: (search: Search) => V, Shown: Page<{ view: V; onView: (view: V) => void }>) {
  function Viewed() {
    return <Shown view={useView(read)} onView={useShow()} />;
  }
  return createRoute({ getParentRoute: () => shell, path, validateSearch: read, component: ahead(Viewed, Shown) });
}

const plant = createRoute({ getParentRoute: () => shell, path: "/plant/$", validateSearch: readView, component: PlantRoute });

/** A wall has no navigation, and nobody to press "try again". */
const tv = createRoute({
  getParentRoute: () => root, path: "/tv", validateSearch: readTv, beforeLoad, errorComponent: pages.TvFailure,
  component: ahead(function Tv() { return <pages.TvPage view={useView(readTv)} />; }, pages.TvPage),
});

const tree = root.addChildren([
  login,
  tv,
  shell.addChildren([
    page("/", OverviewPage),
    plant,
    viewed("/alarms", readFilter, pages.AlarmsPage),
    viewed("/enter", readEnter, pages.EnterPage),
    viewed("/labels", readLabels, pages.LabelsPage),
    viewed("/compare", readComparison, pages.ComparePage),
    viewed("/kpis", readKpis, pages.KpisPage),
    viewed("/rules", readRules, pages.RulesPage),
    viewed("/oncall", readOnCall, pages.OnCallPage),
    viewed("/model", readModel, pages.ModelPage),
    page("/types", pages.TypesPage),
    page("/types/$slug", pages.TypePage),
    viewed("/devices", readDevices, pages.DevicesPage),
    page("/people", pages.PeoplePage),
    viewed("/deadletters", readLetterFilter, pages.DeadLettersPage),
    page("/health", pages.HealthPage),
    viewed("/open-grafana", readDoor, pages.OpenGrafanaPage),
    page("/settings", pages.SettingsPage),
    page("/views", pages.ViewsPage),
    page("/$", NoSuchPage),
  ]),
]);

export const router = createRouter({
  routeTree: tree,
  defaultPreload: "intent",
  parseSearch: readSearch,
  stringifySearch: writeSearch,
  // The page scrolls, not the window; who comes back is where they were.
  scrollRestoration: true,
  scrollToTopSelectors: ["#main"],
  defaultErrorComponent: ({ error, reset }) => <Failure error={error} retry={reset} />,
  defaultNotFoundComponent: NoSuchPage,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
