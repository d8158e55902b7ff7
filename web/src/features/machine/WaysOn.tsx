/** What one goes on to from a machine. */

import type { Node } from "@/shared/plant/tree";

export const WaysOn = ({ machine }: { machine: Node }) => (machine.sensors.length > 0 ? null : null);
