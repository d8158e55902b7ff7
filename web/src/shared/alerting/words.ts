/** Channels in words. */

import type { ChannelKind } from "@/shared/api/types";

export const KIND_TEXT: Record<ChannelKind, string> = { email: "e-mail", webhook: "webhook", push: "browsers", apprise: "other service" };
