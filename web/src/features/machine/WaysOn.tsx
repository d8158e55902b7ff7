/** What one goes on to from a machine: compare its values, write readings down, print its label. */

import { Link } from "@tanstack/react-router";
import { ChartSpline, PenLine, QrCode } from "lucide-react";
import { useMay } from "@/shared/api/session";
import { figuresOf, type TypePage } from "@/shared/plant/figures";
import type { Node } from "@/shared/plant/tree";
import css from "./MachinePage.module.css";
import { texts } from "./texts";

/** As many lines as are told apart at a glance. */
const COMPARED = 4;

export function WaysOn({ machine, type }: { machine: Node; type: TypePage | undefined }) {
  const { compare, enter, label } = texts();
  const mayEnter = useMay("operator");
  const sensor = figuresOf(machine, type, undefined, COMPARED).map(({ path }) => path);
  return (
    <>
      {sensor.length > 0 && <Link to="/compare" search={{ sensor }} className={css["link"]}><ChartSpline size={18} aria-hidden /> {compare}</Link>}
      {mayEnter && machine.sensors.length > 0 && <Link to="/enter" search={{ machine: machine.path }} className={css["link"]}><PenLine size={18} aria-hidden /> {enter}</Link>}
      <Link to="/labels" search={{ under: machine.path }} className={css["link"]}><QrCode size={18} aria-hidden /> {label}</Link>
    </>
  );
}
