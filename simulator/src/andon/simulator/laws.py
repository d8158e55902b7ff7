"""Laws: how each sensor of each machine type answers to what the machine does.

`off` is the value of a machine long at rest, `light` and `heavy` of one that works with little and with full load.
Sensors of one machine share its load, so current, torque and vibration rise and fall together, temperatures follow
with their lag `tau`, and where `heavy` is below `light` (the flow of a pump) one falls while the other rises.
"""

from dataclasses import dataclass

from andon.common.plant import Sensor
from andon.simulator.states import State

WORKING: frozenset[State] = frozenset({"RUN"})
ALWAYS: frozenset[State] = frozenset({"RUN", "IDLE", "SETUP", "DOWN"})


@dataclass(frozen=True)
class Law:
    """One sensor's answer, in its unit. `tau` in seconds (0: at once), `noise` a deviation, `wander` an amplitude.

    `on` names the states that drive it: an oven is kept hot while it waits.
    """

    off: float
    light: float
    heavy: float
    tau: float = 0.0
    noise: float = 0.0
    wander: float = 0.0
    on: frozenset[State] = WORKING


CYCLE_SECONDS = {"press": 9.0, "robot": 14.0, "cnc-mill": 75.0, "oven": 40.0, "conveyor": 20.0, "paint-booth": 30.0}
"""Length of one working cycle by machine type; 25 s for others."""

UNATTENDED = frozenset({"compressor", "pump", "oven"})
"""Machine types that run while their people have a break, and at night: the plant needs what they give."""

LAWS: dict[tuple[str, str], Law] = {
    ("press", "oil_temperature"): Law(21, 40, 54, tau=900, noise=0.15, wander=1.0),
    ("press", "oil_pressure"): Law(4, 40, 225, noise=1.2),
    ("press", "force"): Law(0, 30, 2300, noise=8),
    ("press", "motor_current"): Law(0.3, 22, 78, noise=0.5),
    ("press", "vibration"): Law(0.2, 1.1, 4.2, noise=0.12, wander=0.2),
    ("oven", "zone_1_temperature"): Law(160, 160, 162, tau=600, noise=0.25, wander=2.0, on=ALWAYS),
    ("oven", "zone_2_temperature"): Law(185, 185, 188, tau=600, noise=0.25, wander=2.5, on=ALWAYS),
    ("oven", "zone_3_temperature"): Law(165, 165, 167, tau=600, noise=0.25, wander=2.0, on=ALWAYS),
    ("oven", "belt_speed"): Law(0, 3.2, 3.4, noise=0.02, wander=0.05),
    ("oven", "gas_flow"): Law(9, 22, 38, noise=0.4, wander=1.5),
    ("oven", "exhaust_temperature"): Law(150, 190, 215, tau=300, noise=0.5, wander=3.0),
    ("robot", "gearbox_temperature"): Law(22, 46, 61, tau=1200, noise=0.1, wander=0.8),
    ("robot", "motor_current"): Law(0.8, 4.5, 18, noise=0.2),
    ("robot", "torque"): Law(5, 60, 360, noise=4),
    ("robot", "vibration"): Law(0.1, 0.5, 2.4, noise=0.08, wander=0.1),
    ("robot", "air_pressure"): Law(6.3, 6.3, 5.9, noise=0.03, wander=0.15),
    ("compressor", "pressure"): Law(7.1, 7.4, 7.0, tau=60, noise=0.02, wander=0.2),
    ("compressor", "flow"): Law(0, 5.5, 11.5, noise=0.08, wander=0.3),
    ("compressor", "oil_temperature"): Law(30, 70, 82, tau=700, noise=0.2, wander=1.2),
    ("compressor", "motor_current"): Law(2, 68, 124, noise=0.8, wander=1.5),
    ("compressor", "vibration"): Law(0.2, 2.2, 4.0, noise=0.15, wander=0.3),
    ("compressor", "dew_point"): Law(3, 3, 4.2, tau=600, noise=0.05, wander=0.5, on=ALWAYS),
    ("conveyor", "speed"): Law(0, 0.82, 0.78, noise=0.006, wander=0.02),
    ("conveyor", "motor_current"): Law(0.1, 5.5, 11.5, noise=0.15),
    ("conveyor", "motor_temperature"): Law(22, 48, 66, tau=800, noise=0.15, wander=1.2),
    ("conveyor", "belt_tension"): Law(3.2, 3.8, 4.7, noise=0.04, wander=0.1),
    ("conveyor", "vibration"): Law(0.1, 0.9, 2.1, noise=0.08, wander=0.15),
    ("cnc-mill", "spindle_speed"): Law(0, 11800, 10600, noise=15, wander=120),
    ("cnc-mill", "spindle_load"): Law(0.5, 12, 78, noise=0.9),
    ("cnc-mill", "spindle_temperature"): Law(22, 38, 51, tau=600, noise=0.1, wander=0.8),
    ("cnc-mill", "vibration"): Law(0.1, 0.7, 2.5, noise=0.1, wander=0.15),
    ("cnc-mill", "feed_rate"): Law(0, 2600, 1400, noise=12, wander=60),
    ("cnc-mill", "coolant_level"): Law(70, 70, 70, noise=0.2, wander=22, on=ALWAYS),
    ("cnc-mill", "coolant_temperature"): Law(21, 24, 28, tau=900, noise=0.05, wander=0.6),
    ("pump", "pressure"): Law(0.4, 4.8, 7.2, noise=0.04, wander=0.1),
    ("pump", "flow"): Law(0, 82, 56, noise=0.4, wander=1.0),
    ("pump", "bearing_temperature"): Law(22, 48, 62, tau=800, noise=0.1, wander=1.0),
    ("pump", "motor_current"): Law(0.2, 34, 52, noise=0.3),
    ("pump", "vibration"): Law(0.1, 1.8, 3.6, noise=0.12, wander=0.2),
    ("paint-booth", "air_temperature"): Law(22.5, 23, 23.5, tau=400, noise=0.05, wander=0.8, on=ALWAYS),
    ("paint-booth", "humidity"): Law(58, 58, 61, tau=500, noise=0.2, wander=4, on=ALWAYS),
    ("paint-booth", "air_speed"): Law(0.1, 0.42, 0.4, noise=0.008, wander=0.02),
    ("paint-booth", "filter_pressure_drop"): Law(20, 190, 215, noise=2, wander=30),
    ("paint-booth", "paint_flow"): Law(0, 60, 520, noise=5),
}


def law_of(machine_type: str, sensor: Sensor) -> Law:
    """The sensor's law; one that is not in the table lives quietly in the middle of its limits."""
    known = LAWS.get((machine_type, sensor.key))
    if known is not None:
        return known
    limits = sensor.limits
    low = next((x for x in (limits.l, limits.ll) if x is not None), None)
    high = next((x for x in (limits.h, limits.hh) if x is not None), None)
    if low is None:
        low = 0.0 if high is None or high > 0 else 2 * high - 1
    if high is None:
        high = low + max(100.0, abs(low))
    span = high - low
    return Law(low + 0.3 * span, low + 0.4 * span, low + 0.65 * span, noise=0.005 * span, wander=0.04 * span)
