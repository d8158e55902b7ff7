/** What all parts of the trend tell something about. */

import type { Alarm, Sensor } from "@/shared/api/types";
import type { Doubt } from "@/shared/chart/lines";
import type { Sight } from "@/shared/chart/sight";
import type { Track } from "@/shared/chart/track";
import { digitsOf } from "@/shared/format/digits";
import { valueText } from "@/shared/format/number";
import { unitText } from "@/shared/format/units";
import type { View } from "@/shared/plant/view";

export interface About {
  sensor: Sensor;
  track: Track;
  sight: Sight;
  view: View;
  alarms: readonly Alarm[];
  doubts: readonly Doubt[];
}

/** Writes values of a sensor with its unit, as finely as what is on screen (from `low` to `high`) asks for. */
export function writer(sensor: Sensor, low: number, high: number): (value: number) => string {
  const digits = digitsOf(sensor, high - low);
  const unit = unitText(sensor.unit);
  return (value) => `${valueText(value, digits)} ${unit}`.trim();
}
