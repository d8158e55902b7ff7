/** The panel of Grafana, whose code travels after that of the page it stands on. */

import { later } from "@/shared/later";

export const GrafanaPanel = later(async () => (await import("./GrafanaPanel")).default);
