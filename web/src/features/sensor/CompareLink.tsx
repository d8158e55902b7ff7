/** From the sensor to the comparison: it is added to what was compared last in this tab. */

import { Link } from "@tanstack/react-router";
import { GitCompareArrows } from "lucide-react";
import { useState } from "react";
import { compared } from "@/shared/chart/compared";
import type { View } from "@/shared/plant/view";
import css from "./SensorHead.module.css";
import { texts } from "./texts";

export function CompareLink({ sensor, view }: { sensor: string; view: View }) {
  const [before] = useState(compared);
  return (
    <Link to="/compare" search={{ ...view, sensor: [...before.filter((path) => path !== sensor), sensor] }} className={css["link"]} title={texts().compareHint}>
      <GitCompareArrows size={16} aria-hidden /> {texts().compare}
    </Link>
  );
}
