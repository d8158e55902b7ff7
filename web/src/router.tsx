/** Every page has an address; everything but login needs a session. */

import { createRootRoute, createRoute, createRouter, Outlet, redirect } from "@tanstack/react-router";
import { AlarmsPage } from "@/features/alarms/AlarmsPage";
import { readFilter } from "@/features/alarms/filter";
import { readLetterFilter } from "@/features/deadletters/filter";
import { DeadLettersPage } from "@/features/deadletters/DeadLettersPage";
import { DevicesPage } from "@/features/devices/DevicesPage";
import { HealthPage } from "@/features/health/HealthPage";
import { readKpis } from "@/features/kpis/figures";
import { LoginPage } from "@/features/login/LoginPage";
import { readOnCall } from "@/features/oncall/view";
import { OverviewPage } from "@/features/overview/OverviewPage";
import { PeoplePage } from "@/features/people/PeoplePage";
import { KpisPage, OnCallPage, RulesPage } from "@/routes/later";
import { NoSuchPage } from "@/routes/missing";
import { PlantRoute } from "@/routes/plant";
import { session } from "@/shared/api/session";
import { readView } from "@/shared/plant/view";
import { Failure } from "@/shared/ui/Page";
import { Shell } from "@/shell/Shell";

const root = createRootRoute({ component: Outlet });

const login = createRoute({
  getParentRoute: () => root,
  path: "/login",
  // Only addresses of our own: a link must not send a person elsewhere after signing in.
  validateSearch: (search: Record<string, unknown>): { next?: string } => {
    const next = String(search["next"] ?? "");
    return /^\/(?![/\\])/.test(next) ? { next } : {};
  },
  component: function Login() {
    return <LoginPage next={login.useSearch().next ?? "/"} />;
  },
});

const shell = createRoute({
  getParentRoute: () => root,
  id: "shell",
  beforeLoad: ({ location }) => {
    if (!session()) throw redirect({ to: "/login", search: location.href === "/" ? {} : { next: location.href } });
  },
  component: Shell,
});

const page = <P extends string>(path: P, component: () => React.ReactNode) =>
  createRoute({ getParentRoute: () => shell, path, component });

const alarms = createRoute({
  getParentRoute: () => shell,
  path: "/alarms",
  validateSearch: readFilter,
  component: function Alarms() {
    const navigate = alarms.useNavigate();
    return <AlarmsPage filter={alarms.useSearch()} onFilter={(filter) => void navigate({ search: filter, replace: true })} />;
  },
});

const deadletters = createRoute({
  getParentRoute: () => shell,
  path: "/deadletters",
  validateSearch: readLetterFilter,
  component: function DeadLetters() {
    const navigate = deadletters.useNavigate();
    return <DeadLettersPage filter={deadletters.useSearch()} onFilter={(filter) => void navigate({ search: filter, replace: true })} />;
  },
});

const kpis = createRoute({
  getParentRoute: () => shell,
  path: "/kpis",
  validateSearch: readKpis,
  component: function Figures() {
    const navigate = kpis.useNavigate();
    return <KpisPage view={kpis.useSearch()} onView={(view) => void navigate({ search: view, replace: true })} />;
  },
});

const oncall = createRoute({
  getParentRoute: () => shell,
  path: "/oncall",
  validateSearch: readOnCall,
  component: function OnCall() {
    const navigate = oncall.useNavigate();
    return <OnCallPage view={oncall.useSearch()} onView={(view) => void navigate({ search: view, replace: true })} />;
  },
});

const plant = createRoute({ getParentRoute: () => shell, path: "/plant/$", validateSearch: readView, component: PlantRoute });

const tree = root.addChildren([
  login,
  shell.addChildren([
    page("/", OverviewPage),
    plant,
    alarms,
    kpis,
    page("/rules", () => <RulesPage />),
    oncall,
    page("/devices", DevicesPage),
    page("/people", PeoplePage),
    deadletters,
    page("/health", HealthPage),
    page("/$", NoSuchPage),
  ]),
]);

export const router = createRouter({
  routeTree: tree,
  defaultErrorComponent: ({ error, reset }) => <Failure error={error} retry={reset} />,
  defaultNotFoundComponent: NoSuchPage,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
