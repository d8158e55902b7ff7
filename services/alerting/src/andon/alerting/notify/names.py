"""Names: what the plant calls now what was noted by id, for machines are renamed and moved. Pure."""

from typing import Any

from andon.common.plant import Plant


def path_of(plant: Plant, number: str) -> str:
    """The path of `<asset id>` or `<asset id>/<sensor key>` as it is now; '' where there is no such asset any more."""
    asset_id, _, key = number.partition("/")
    asset = plant.find(asset_id) if asset_id else None
    return "" if asset is None else f"{asset.path}/{key}".rstrip("/")


def present(payload: dict[str, Any], plant: Plant) -> dict[str, Any]:
    """The alarm of a payload under the names that its sensor and machine have now."""
    sensor = path_of(plant, payload.get("sensor_id", ""))
    alarm: dict[str, Any] = payload["alarm"]
    asset = plant.find(sensor.rpartition("/")[0]) if sensor else None
    if asset is None:
        return alarm
    return alarm | {"sensor": sensor, "asset": asset.path, "asset_name": asset.name or asset.slug}
