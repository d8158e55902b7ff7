/** What one goes on to from a machine: compare its values. */

import { Link } from "@tanstack/react-router";
import { ChartSpline } from "lucide-react";
import { figuresOf, type TypePage } from "@/shared/plant/figures";
import type { Node } from "@/shared/plant/tree";
import css from "./MachinePage.module.css";
import { texts } from "./texts";

/** As many lines as are told apart at a glance. */
const COMPARED = 4;

export function WaysOn({ machine, type }: { machine: Node; type: TypePage | undefined }) {
  const sensor = figuresOf(machine, type, undefined, COMPARED).map(({ path }) => path);
  if (sensor.length === 0) return null;
  return <Link to="/compare" search={{ sensor }} className={css["link"]}><ChartSpline size={18} aria-hidden /> {texts().compare}</Link>;
}
