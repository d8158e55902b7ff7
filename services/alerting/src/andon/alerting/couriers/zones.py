"""Zones: whose clock a message tells beside UTC."""

from datetime import tzinfo

from andon.common.errors import InvalidError
from andon.common.plant import Plant
from andon.common.times import time_zone

LABEL = "timezone"


def zone_of(plant: Plant, path: str) -> tzinfo | None:
    """The clock of a place: the label `timezone` (`Europe/Berlin`) of it or of what it lies in, or None."""
    while path:
        asset = plant.find(path)
        name = asset.labels.get(LABEL) if asset else None
        if name:
            try:
                return time_zone(name)
            except InvalidError:
                return None  # somebody's own word; UTC alone is right in any case
        path = path.rpartition("/")[0]
    return None
