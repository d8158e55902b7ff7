/** Channels in words. */

import type { ChannelKind } from "@/shared/api/types";
import { catalogue } from "@/shared/texts/catalogue";

const kinds = catalogue<Record<ChannelKind, string>>(
  { email: "e-mail", webhook: "webhook", push: "browsers", apprise: "other service" },
  { email: "E-Mail", webhook: "Webhook", push: "Browser", apprise: "anderer Dienst" },
);

/** The kind of a channel. */
export const kindText = (kind: ChannelKind): string => kinds()[kind];
