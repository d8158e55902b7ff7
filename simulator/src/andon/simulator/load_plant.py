"""The plant in which the load's machines and sensors exist."""

import msgspec


def load_plant(machines: int, values: int, prefix: str = "load/area-0/line-0", machine_type: str = "load") -> str:
    """The plant file (JSON) in which the load's machines and sensors exist."""
    site, area, line = prefix.split("/")
    sensors = [{"key": f"v{n}", "name": f"Value {n}", "unit": "1", "datatype": "float"} for n in range(values)]
    tree = {
        "types": {machine_type: {"name": "Load", "sensors": sensors}},
        "sites": [
            {
                "slug": site,
                "name": "Load",
                "areas": [
                    {
                        "slug": area,
                        "name": "Area",
                        "lines": [
                            {
                                "slug": line,
                                "name": "Line",
                                "machines": [
                                    {"slug": f"m-{n}", "name": f"Machine {n}", "type": machine_type}
                                    for n in range(machines)
                                ],
                            }
                        ],
                    }
                ],
            }
        ],
    }
    return msgspec.json.encode(tree).decode()
