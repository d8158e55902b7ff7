/** What the page of a machine of this type would show, sketched: no values, but every place where one will stand. */

import type { Plain } from "@/shared/model/sensors";
import { unitText } from "@/shared/format/units";
import { AnalogBar } from "@/shared/ui/AnalogBar";
import type { Section } from "./sections";
import { texts } from "./texts";
import css from "./Types.module.css";

const WAVES = ["M0 44C30 20 50 20 80 36S130 54 160 30", "M0 22C24 40 60 44 90 24S140 10 160 20", "M0 52C40 46 70 56 100 48S150 40 160 46"];
const SPELLS = [38, 8, 30, 6, 18];

const nameOf = ({ name, key }: Plain): string => name || key;

/** Somewhere between the limits, where a value belongs. */
function middleOf({ limits: { ll, l, h, hh } }: Plain): number {
  const [low, high] = [l ?? ll, h ?? hh];
  if (low !== null && high !== null) return (low + high) / 2;
  return high !== null ? high * 0.6 : low !== null ? low * 1.4 : NaN;
}

export function Preview({ sections, sensors, children }: { sections: readonly Section[]; sensors: readonly Plain[]; children?: React.ReactNode }) {
  const t = texts();
  const known = new Map(sensors.map((sensor) => [sensor.key, sensor]));
  return (
    <aside className={css["preview"]} aria-label={t.preview}>
      <h3>{t.preview}</h3>
      {sections.length === 0 ? <p className={css["soft"]}>{t.pageUsual}</p> : sections.map((section, i) => (
        <div key={i} className={css["card"]}>
          <h4>{section.title}</h4>
          <Sketch show={section.show} sensors={section.sensors.flatMap((key) => known.get(key) ?? [])} />
        </div>
      ))}
      {sections.length > 0 && <p className={css["soft"]}>{t.previewHint}</p>}
      {children}
    </aside>
  );
}

function Sketch({ show, sensors }: { show: Section["show"]; sensors: readonly Plain[] }) {
  if (show === "tiles") return <div className={css["tiles"]}>{sensors.map((sensor) => <div key={sensor.key} className={css["tile"]}><span>{nameOf(sensor)}</span><b>–</b> {unitText(sensor.unit)}</div>)}</div>;
  if (show === "trend") {
    return (
      <>
        <svg className={css["trend"]} viewBox="0 0 160 64" preserveAspectRatio="none" aria-hidden>{sensors.slice(0, WAVES.length).map((sensor, i) => <path key={sensor.key} d={WAVES[i]} />)}</svg>
        <p className={css["legend"]}>{sensors.map(nameOf).join(", ")}</p>
      </>
    );
  }
  return sensors.map((sensor) => (
    <div key={sensor.key} className={css["bar"]}>
      <span>{nameOf(sensor)}</span>
      {show === "states" ? <div className={css["strip"]} aria-hidden>{SPELLS.map((width, i) => <i key={i} style={{ flex: width }} />)}</div> : <AnalogBar value={middleOf(sensor)} limits={sensor.limits} faded={false} />}
    </div>
  ));
}
