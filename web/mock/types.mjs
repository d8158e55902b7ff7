/** Machine types: the page that each decides for its machines; and papers of machines. */

import { machines } from "./plant.mjs";

const section = (title, show, ...sensors) => ({ title, show, sensors });
const PAGES = {
  press: [
    section("Now", "tiles", "ram_force", "strokes", "oil_temperature"), section("Work", "states", "state", "guard_closed"),
    section("Hydraulics", "bars", "oil_temperature", "hydraulic_pressure", "vibration"), section("Force", "trend", "ram_force"),
  ],
};
const manual = { title: "Operating manual", url: "https://manuals.example.com/press.pdf" };

export const types = [...new Set(machines.map((m) => m.type))].map((slug) => ({
  slug, name: slug, sensors: [], warnings: [], documents: slug === "press" ? [manual] : [], page: { sections: PAGES[slug] ?? [] },
  machines: machines.filter((m) => m.type === slug).length,
}));
