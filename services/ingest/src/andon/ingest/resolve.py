"""Resolve: a topic and what was decoded to readings of the plant. Pure, given the plant in memory.

A message that fits its machine exactly costs two comparisons that run in C; only one that does not is looked at
value by value.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from andon.common import topics
from andon.common.errors import Reason, RefusedError
from andon.common.plant import Asset, Plant
from andon.common.platform import PROBER, is_platform
from andon.common.reading import Reading, Value
from andon.ingest.decode import MAX_TEXT, MAX_VALUES, Decoded, Message, PartlyUsable, Unusable, boot_text, decode
from andon.ingest.event_time import event_time
from andon.ingest.quality import GOOD, is_good, quality_of

MOST_PATH = 200
"""Bytes of a topic that names no machine, by which it is counted."""
MOST_REFUSALS = 10_000
"""Values of one message that may be refused while the rest of it is used."""
TYPES: dict[str, type] = {"float": float, "bool": bool, "string": str}
"""What a value of each datatype is."""


@dataclass(slots=True)
class Route:
    """Where a topic leads: a machine, or one of its sensors (`key`). `texts` are the sensors whose type is str.

    types: of the sensors that are measured; those that Andon calculates are in `calculated`.
    """

    asset: str
    path: str
    types: dict[str, type]
    key: str | None = None
    texts: tuple[str, ...] = ()
    calculated: frozenset[str] = frozenset()
    shape: tuple[list[str], list[type]] | None = None
    """Keys and types of the last message that fitted, for the next one mostly has the same."""

    def fits(self, message: Message) -> bool:
        """Whether every value is one of a sensor that is there, of its type, and no text too long."""
        values = message.values
        shape = list(values), list(map(type, values.values()))
        if shape != self.shape:
            keys, kinds = shape
            if kinds != list(map(self.types.get, keys)) or not 0 < len(keys) <= MAX_VALUES:
                return False
            self.shape = shape
        return not self.texts or not any(len(values.get(key) or "") > MAX_TEXT for key in self.texts)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Refusal:
    """A part of a message that cannot be used."""

    reason: Reason
    detail: str


class Resolver:
    """Remembers the route of each topic until the plant changes."""

    def __init__(self, plant: Plant) -> None:
        self._plant = plant
        self._version = -1
        self._routes: dict[bytes, Route] = {}

    def resolve(self, topic: bytes, payload: bytes, arrived: int) -> tuple[list[Reading], list[Refusal]]:
        """Readings of one message, and what of it cannot be used. `arrived` is its time if it names none.

        Raises:
            RefusedError: nothing of it can be used.
        """
        route = self._route(topic)
        try:
            decoded = decode(payload)
        except RefusedError as error:
            decoded = _bare_text(route, payload, error)
        if type(decoded) is Message and is_good(decoded.quality) and route.fits(decoded):
            time = arrived if decoded.ts is None else event_time(decoded.ts, arrived)
            values = cast("dict[str, Value]", decoded.values)
            if decoded.seq is None:
                return [Reading(route.asset, time, values)], []
            return [Reading(route.asset, time, values, None, decoded.seq, boot_text(decoded.boot))], []
        return self._carefully(route, decoded, arrived)

    def source(self, topic: bytes) -> str:
        """Whom the ledger counts a message of this topic for: a machine by its id, else the path that names none."""
        try:
            return self._route(topic).asset
        except RefusedError:
            path = topics.plain(topic)[:MOST_PATH].decode(errors="replace").split("/")
            return "/".join(path[1 : topics.MACHINE_DEPTH + 1]) + "/"

    def resolve_asset(self, name: str, message: Message, arrived: int) -> tuple[list[Reading], list[Refusal]]:
        """The same for a message that names its machine by id or path, as HTTP has it."""
        asset = self._plant.find(name)
        if asset is None or asset.kind != "machine":
            raise RefusedError(Reason.UNKNOWN_ASSET, f"there is no machine '{name[:200]}' in the plant")
        return self._carefully(_machine_route(asset), message, arrived)

    def _route(self, topic: bytes) -> Route:
        if self._version != self._plant.version:
            self._version = self._plant.version
            self._routes.clear()
        route = self._routes.get(topic)
        if route is None:
            route = self._routes[topic] = find_route(self._plant, topic)
        return route

    @staticmethod
    def _carefully(route: Route, decoded: Decoded, arrived: int) -> tuple[list[Reading], list[Refusal]]:
        readings: list[Reading] = []
        refusals: list[Refusal] = []
        for number, item in enumerate(_messages(route, decoded)):
            try:
                readings.append(_reading(route, item, arrived + number, refusals))
            except RefusedError as error:
                refusals.append(Refusal(error.reason, error.detail))
            if len(refusals) > MOST_REFUSALS:  # nobody's message takes the time of everybody's
                why = f"more than {MOST_REFUSALS} of its values cannot be used, so none is: {join(refusals)}"
                raise RefusedError(refusals[0].reason, why)
        if not readings:
            first = refusals[0] if refusals else Refusal(Reason.MALFORMED, "the message holds no reading")
            raise RefusedError(first.reason, join(refusals) or first.detail)
        return readings, refusals


def find_route(plant: Plant, topic: bytes) -> Route:
    """Route of a topic.

    Raises:
        RefusedError: no such machine or sensor.
    """
    try:
        root, _, path = topics.plain(topic).decode().partition("/")
    except UnicodeDecodeError:
        raise RefusedError(Reason.BAD_TOPIC, "the topic is no valid UTF-8") from None
    depth = path.count("/") + 1
    if root != topics.ROOT or depth not in (topics.MACHINE_DEPTH, topics.MACHINE_DEPTH + 1):
        wanted = topics.machine_topic("{site}/{area}/{line}/{machine}[/{sensor}]")
        raise RefusedError(Reason.BAD_TOPIC, f"expected {wanted}")
    machine, _, key = path.rpartition("/") if depth > topics.MACHINE_DEPTH else (path, "", "")
    if is_platform(machine) and machine != PROBER:  # canaries alone come this way, whatever a broker lets devices say
        raise RefusedError(Reason.FORBIDDEN, f"nobody but Andon itself speaks for '{machine[:200]}'")
    asset = plant.find(machine)
    if asset is None or asset.kind != "machine":
        raise RefusedError(Reason.UNKNOWN_ASSET, f"there is no machine '{machine[:200]}' in the plant")
    route = _machine_route(asset)
    if not key:
        return route
    if key not in route.types:
        raise _no_sensor(route, key)
    return Route(route.asset, route.path, route.types, key, route.texts)


def _machine_route(asset: Asset) -> Route:
    types = {s.key: TYPES[s.datatype] for s in asset.sensors if not s.expression}
    calculated = frozenset(s.key for s in asset.sensors if s.expression)
    texts = tuple(key for key, kind in types.items() if kind is str)
    return Route(asset.id, asset.path, types, texts=texts, calculated=calculated)


def _no_sensor(route: Route, key: str) -> RefusedError:
    """Why a machine takes no value for a key."""
    if key in route.calculated:
        return RefusedError(Reason.FORBIDDEN, f"'{route.path}/{key}' is calculated by Andon, and takes no values")
    return RefusedError(Reason.UNKNOWN_SENSOR, f"'{route.path}' has no sensor '{key[:64]}'")


def join(refusals: list[Refusal]) -> str:
    """All details in one sentence, the first ten of them."""
    more = f"; and {len(refusals) - 10} more" if len(refusals) > 10 else ""
    return "; ".join(r.detail for r in refusals[:10]) + more


def _bare_text(route: Route, payload: bytes, error: RefusedError) -> str:
    """Plain text, no JSON, is welcome where it is what the sensor measures: RUN, not only "RUN"."""
    if error.reason is Reason.MALFORMED and route.key and route.types[route.key] is str:
        try:
            return payload.decode()
        except UnicodeDecodeError:
            raise error from None
    raise error


def _messages(route: Route, decoded: Decoded) -> Iterator[Message | PartlyUsable | Unusable]:
    if isinstance(decoded, list):
        yield from decoded
    elif isinstance(decoded, Message | PartlyUsable):
        yield decoded
    elif route.key is None:
        wanted = '{"ts": ..., "values": {...}}'
        raise RefusedError(Reason.MALFORMED, f"expected {wanted}; bare values go to a topic that ends with the sensor")
    elif decoded is None:
        raise RefusedError(Reason.BAD_VALUE, "null is no value")
    else:
        yield Message({route.key: decoded})


def _reading(route: Route, item: Message | PartlyUsable | Unusable, arrived: int, refusals: list[Refusal]) -> Reading:
    if isinstance(item, Unusable):
        raise RefusedError(Reason.MALFORMED, item.detail)
    message = item
    if isinstance(item, PartlyUsable):
        message = item.message
        refusals += [Refusal(Reason.BAD_VALUE, f"'{key[:64]}': {why}") for key, why in item.unusable.items()]
    assert isinstance(message, Message)  # noqa: S101
    if len(message.values) > MAX_VALUES:
        raise RefusedError(Reason.TOO_LARGE, f"{len(message.values)} values at one instant; at most {MAX_VALUES}")
    if isinstance(message.quality, dict) and len(message.quality) > MAX_VALUES:
        raise RefusedError(Reason.TOO_LARGE, f"quality of {len(message.quality)} sensors; at most {MAX_VALUES}")
    time = arrived if message.ts is None else event_time(message.ts, arrived)
    values, quality = _qualified(route, message, refusals)
    if not values:
        raise RefusedError(Reason.MALFORMED, "the message holds no value that can be used")
    return Reading(route.asset, time, values, quality or None, message.seq, boot_text(message.boot))


def _qualified(route: Route, message: Message, refusals: list[Refusal]) -> tuple[dict[str, Value], dict[str, str]]:
    """The values that can be used, and the quality of those that are not good."""
    values, quality, said = dict[str, Value](), dict[str, str](), message.quality
    for key, value in message.values.items():
        if value is None:
            continue
        try:
            found, word = usable(route, key, value), quality_of(said, key)
        except RefusedError as error:
            refusals.append(Refusal(error.reason, error.detail))
            continue
        values[key] = found
        if word != GOOD:
            quality[key] = word
    if isinstance(said, dict):
        strangers = [_no_sensor(route, key) for key in said if key not in route.types and key not in message.values]
        refusals += [Refusal(error.reason, f"quality: {error.detail}") for error in strangers]
    return values, quality


def usable(route: Route, key: str, value: Value) -> Value:
    """A value as the sensor has it.

    Raises:
        RefusedError: there is no such sensor, or it is of another datatype.
    """
    wanted, found = route.types.get(key), type(value)
    if wanted is None:
        raise _no_sensor(route, key)
    if wanted is str and isinstance(value, str) and len(value) > MAX_TEXT:
        raise RefusedError(Reason.BAD_VALUE, f"'{key}': text of {len(value)} characters; at most {MAX_TEXT}")
    if wanted is found:
        return value
    if wanted is float and found is bool:
        return float(value)
    if wanted is bool and value in (0.0, 1.0):
        return bool(value)
    names = {float: "a number", bool: "true or false", str: "text"}
    raise RefusedError(Reason.BAD_VALUE, f"'{key}': expected {names[wanted]}, got {names[found]}")
