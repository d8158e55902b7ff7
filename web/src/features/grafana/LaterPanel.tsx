/** The panel of Grafana, whose code travels after that of the page it stands on. */

import { lazy, Suspense, type ComponentProps } from "react";

const Panel = lazy(() => import("./GrafanaPanel"));

export const GrafanaPanel = (props: ComponentProps<typeof Panel>) => <Suspense fallback={null}><Panel {...props} /></Suspense>;
