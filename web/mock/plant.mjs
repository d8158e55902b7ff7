/** A believable plant of 28 machines on two sites. */

const f = (key, name, unit, base, swing, period, limits, decimals = 1, noise = 0.02) => ({
  key, name, unit, datatype: "float", limits: { ll: null, l: null, h: null, hh: null, ...limits }, decimals, wave: { base, swing, period, noise },
});
const state = { key: "state", name: "State", unit: "", datatype: "string", limits: {}, decimals: 0 };

const TYPES = {
  press: [state, f("oil_temperature", "Oil temperature", "Cel", 58, 6, 900, { l: 5, h: 80, hh: 95 }), f("ram_force", "Ram force", "kN", 620, 140, 40, { h: 900, hh: 980 }, 0, 0.05),
    f("hydraulic_pressure", "Hydraulic pressure", "bar", 182, 12, 60, { ll: 120, l: 140, h: 220, hh: 240 }), f("strokes", "Strokes", "1/min", 17.6, 1.4, 400, {}, 1), f("vibration", "Frame vibration", "mm/s", 2.1, 0.7, 120, { h: 4.5, hh: 7.1 }, 2, 0.12),
    { key: "guard_closed", name: "Guard closed", unit: "", datatype: "bool", limits: {}, decimals: 0 }],
  oven: [state, f("zone_1", "Zone 1 temperature", "Cel", 176, 3, 700, { l: 165, h: 190, hh: 200 }), f("zone_2", "Zone 2 temperature", "Cel", 184, 3, 820, { l: 170, h: 195, hh: 205 }), f("humidity", "Humidity", "%", 14, 4, 1500, { h: 25 }), f("fan_current", "Fan current", "A", 11.8, 0.8, 90, { l: 6, h: 16, hh: 18 }, 2)],
  robot: [state, f("temperature", "Gearbox temperature", "Cel", 52, 8, 1200, { l: 5, h: 80, hh: 95 }), f("axis_1_torque", "Axis 1 torque", "N.m", 340, 120, 22, { h: 620, hh: 700 }, 0, 0.06), f("cycle_time", "Cycle time", "s", 42.5, 1.8, 300, { h: 50 }, 1), f("air_pressure", "Air pressure", "bar", 6.1, 0.2, 500, { ll: 4.5, l: 5.2, h: 7.5 }, 2)],
  conveyor: [state, f("speed", "Belt speed", "m/s", 0.62, 0.02, 200, { l: 0.3, h: 0.9 }, 2), f("motor_current", "Motor current", "A", 7.4, 0.9, 70, { h: 11, hh: 13 }, 2, 0.05), f("bearing_temperature", "Bearing temperature", "Cel", 41, 4, 1800, { h: 70, hh: 85 })],
  compressor: [state, f("outlet_pressure", "Outlet pressure", "bar", 7.6, 0.3, 180, { ll: 5.5, l: 6.2, h: 8.6, hh: 9.2 }, 2), f("oil_temperature", "Oil temperature", "Cel", 74, 5, 1400, { h: 95, hh: 105 }), f("power", "Power", "kW", 88, 11, 150, { h: 115 })],
  pump: [state, f("flow", "Flow", "m3/h", 34, 2, 400, { ll: 15, l: 22 }), f("head", "Head", "bar", 3.2, 0.15, 350, { l: 2, h: 4.5 }, 2), f("vibration", "Vibration", "mm/s", 1.4, 0.4, 100, { h: 4.5, hh: 7.1 }, 2, 0.1)],
};

const PLANT = {
  "berlin:Berlin": {
    "press-shop:Press shop": { "line-1:Line 1": ["press-1:Press 1:press", "press-2:Press 2:press", "press-3:Press 3:press", "feeder:Feeder:conveyor"], "line-2:Line 2": ["press-4:Press 4:press", "press-5:Press 5:press", "stacker:Stacker:robot"] },
    "painting:Painting": { "line-1:Line 1": ["robot-1:Robot 1:robot", "robot-2:Robot 2:robot", "robot-3:Robot 3:robot", "oven-1:Curing oven:oven", "belt-1:Skid conveyor:conveyor"], "pre-treatment:Pre-treatment": ["pump-1:Degreasing pump:pump", "pump-2:Rinse pump:pump", "oven-2:Drying oven:oven"] },
    "utilities:Utilities": { "air:Compressed air": ["compressor-1:Compressor 1:compressor", "compressor-2:Compressor 2:compressor"] },
  },
  "dresden:Dresden": {
    "assembly:Assembly": { "line-1:Line 1": ["robot-1:Robot 1:robot", "robot-2:Robot 2:robot", "belt-1:Belt 1:conveyor"], "line-2:Line 2": ["robot-3:Robot 3:robot", "robot-4:Robot 4:robot", "belt-2:Belt 2:conveyor"], "line-3:Line 3": ["robot-5:Robot 5:robot", "belt-3:Belt 3:conveyor"] },
    "utilities:Utilities": { "water:Cooling water": ["pump-1:Cooling pump 1:pump", "pump-2:Cooling pump 2:pump", "compressor-1:Compressor:compressor"] },
  },
};

const assets = [];
let serial = 0;
function add(kind, path, name, more = {}) {
  assets.push({ id: `k${(1000 + serial++).toString(36)}`, path, kind, slug: path.split("/").at(-1), name, type: "", labels: {}, sensors: [], ...more });
}
/** `MACHINES=1000 npm run mock`: so many more, ten in a line, four lines in an area, five areas in a site. */
const kinds = Object.keys(TYPES);
for (let n = 0; n < Number(process.env.MACHINES ?? 0); n += 1) {
  const site = (PLANT[`works-${Math.floor(n / 200)}:Works ${Math.floor(n / 200)}`] ??= {});
  const area = (site[`area-${Math.floor(n / 40) % 5}:Area ${Math.floor(n / 40) % 5}`] ??= {});
  (area[`line-${Math.floor(n / 10) % 4}:Line ${Math.floor(n / 10) % 4}`] ??= []).push(`m-${n}:Machine ${n}:${kinds[n % kinds.length]}`);
}

for (const [siteKey, areas] of Object.entries(PLANT)) {
  const [site, siteName] = siteKey.split(":");
  add("site", site, siteName);
  for (const [areaKey, lines] of Object.entries(areas)) {
    const [area, areaName] = areaKey.split(":");
    add("area", `${site}/${area}`, areaName);
    for (const [lineKey, machines] of Object.entries(lines)) {
      const [line, lineName] = lineKey.split(":");
      add("line", `${site}/${area}/${line}`, lineName);
      for (const spec of machines) {
        const [slug, name, type] = spec.split(":");
        const path = `${site}/${area}/${line}/${slug}`;
        const sensors = TYPES[type].map((s) => ({ ...s, path: `${path}/${s.key}` }));
        add("machine", path, name, { type, labels: {}, sensors });
      }
    }
  }
}

/** Every asset; sensors carry a `wave` that the answers leave out. */
export const plant = assets;
export const machines = assets.filter((a) => a.kind === "machine");
export const bare = (asset) => ({ documents: [], warnings: [], ...asset, sensors: asset.sensors.map((s) => ({ expression: "", entered_every: "", ...s, wave: undefined })) });
