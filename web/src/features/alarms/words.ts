/** States of an alarm in the words of the list. */

import type { AlarmState } from "@/shared/api/types";

export const STATE_TEXT: Record<AlarmState, string> = {
  unacknowledged: "Not acknowledged",
  acknowledged: "Acknowledged",
  returned: "Returned, not acknowledged",
  normal: "Closed",
  shelved: "Shelved",
  suppressed: "Suppressed",
  "out-of-service": "Out of service",
  latched: "Latched",
};
