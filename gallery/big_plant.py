"""A plant of 10,000 sensors: 1,000 machines in fifty lines, as a large maker of parts has. For stories and bench."""

import msgspec

SITES = {"hamburg": "Hamburg", "leipzig": "Leipzig"}
AREAS = {
    "casting": "Casting",
    "forging": "Forging",
    "milling": "Milling",
    "coating": "Coating",
    "packing": "Packing",
}
LINES, MACHINES = 5, 20
"""Lines of an area, machines of a line."""
QUANTITIES = {
    "spindle_temperature": ("Spindle temperature", "Cel"),
    "oil_temperature": ("Oil temperature", "Cel"),
    "oil_pressure": ("Oil pressure", "bar"),
    "motor_current": ("Motor current", "A"),
    "power": ("Electric power", "kW"),
    "torque": ("Torque", "N.m"),
    "speed": ("Speed", "1/min"),
    "vibration": ("Vibration velocity", "mm/s"),
    "coolant_flow": ("Coolant flow", "L/min"),
    "humidity": ("Relative humidity", "%"),
}
SENSORS = len(SITES) * len(AREAS) * LINES * MACHINES * len(QUANTITIES)


def machine_path(number: int) -> str:
    """Path of a machine, counted from 0 through the plant."""
    line, machine = divmod(number, MACHINES)
    area, line = divmod(line, LINES)
    site, area = divmod(area, len(AREAS))
    return f"{list(SITES)[site]}/{list(AREAS)[area]}/line-{line + 1}/machine-{machine + 1}"


def big_plant() -> str:
    """Its plant file (JSON)."""
    sensors = [
        {"key": key, "name": name, "unit": unit, "datatype": "float", "decimals": 1, "limits": {"h": 90, "hh": 95}}
        for key, (name, unit) in QUANTITIES.items()
    ]
    sites = [
        {
            "slug": site,
            "name": name,
            "areas": [{"slug": area, "name": title, "lines": _lines()} for area, title in AREAS.items()],
        }
        for site, name in SITES.items()
    ]
    return msgspec.json.encode({"types": {"mill": {"name": "Mill", "sensors": sensors}}, "sites": sites}).decode()


def _lines() -> list[dict[str, object]]:
    machines = [{"slug": f"machine-{n}", "name": f"Machine {n}", "type": "mill"} for n in range(1, MACHINES + 1)]
    return [{"slug": f"line-{n}", "name": f"Line {n}", "machines": machines} for n in range(1, LINES + 1)]
