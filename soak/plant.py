"""Plant: the press shop of a scene, and its one rule."""

from soak.oracle import LIMIT

ODD = "berlin/pressing/line-1/odd"
"""A machine that no press speaks for: stories send what they like."""
PRESSES = [f"berlin/pressing/line-1/press-{n}" for n in (1, 2, 3)]
PLANT = """
types:
  press:
    sensors:
      - {key: oil_temperature, name: Oil temperature, unit: Cel}
      - {key: number}
      - {key: state, datatype: string}
sites:
  - slug: berlin
    areas:
      - slug: pressing
        lines:
          - slug: line-1
            machines:
              - {slug: press-1, type: press}
              - {slug: press-2, type: press}
              - {slug: press-3, type: press}
              - {slug: odd, type: press}
"""
RULE = {
    "name": "Oil hot",
    "scope": {"type": "press", "sensor": "oil_temperature"},
    "condition": {"above": LIMIT},
    "severity": "high",
    "channels": ["board"],
}
