"""The page docs/reference/sizing.md. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

from andon.cli.reference.markdown import table
from bench.report import number
from bench.sizing.example import PLANT, RAW_DAYS, values
from bench.sizing.figures import Basis, Figure, gather
from bench.sizing.limits import LIMITS
from bench.sizing.plan import DISK_MARGIN, MARGIN, PARTITIONS, REPLICAS, SENSORS_A_BROWSER, Plan, Plant, plan

PLANTS = [Plant(sensors) for sensors in (100, 1_000, 10_000, 100_000)]
FLOODS = [Plant(messages, values=1) for messages in (1_000, 10_000, 30_000, 100_000)]
_SMALLEST_CORES, _SMALLEST_MEMORY, _SMALLEST_PART = 0.1, 64, 0.01
_MEGA, _GIGA, _TERA = 1e6, 1e9, 1e12
_DAY = 86_400

HEAD = """<!-- Made by ./justw reference of docs/reference/benchmark.json; not edited by hand. -->

# Sizing

What plants of different sizes need, computed from what one small machine was measured to do. How to go from here to the
values of an installation: [size your installation](../how-to/size-your-installation.md).

*{origin} All beyond that machine is arithmetic: nobody has run 100,000 sensors, or these figures on a cluster.*
Everything in the tables is computed; whether from something measured, recorded or assumed, tell
[the figures](#the-figures).

"""


def page(result: Mapping[str, Any] | None) -> str:
    """The page of a cleaned result, or of what stands in for one."""
    figures = gather(result)
    parts = [
        HEAD.format(origin=_origin(result, figures)),
        _section("Plants whose sensors speak once a second", PLANTS, figures, _SENSORS),
        _section("One value in each message", FLOODS, figures, _MESSAGES),
        _example(figures),
        _rules(),
        _engines(),
        _figures(figures),
    ]
    return "\n".join(parts).rstrip() + "\n"


_SENSORS = """Ten values of a machine travel in one message. Where they travel one by one, take the next table;
where sensors speak every ten seconds, take a tenth of the sensors.
"""
_MESSAGES = """The dearest way: each sensor publishes by itself, once a second, so that there are as many
messages as sensors.
"""


def _origin(result: Mapping[str, Any] | None, figures: Mapping[str, Figure]) -> str:
    if result is None:
        return (
            "No result of a whole run of `./justw bench` is kept here yet: what a message costs, and memory and "
            "disk, are assumed, and what servers take alone was recorded in earlier runs on two cores."
        )
    quick = ", a quarter of the load" if result["quick"] else ""
    measured = sum(one.basis is Basis.MEASURED for one in figures.values())
    return (
        f"{measured} of {len(figures)} figures were measured by `./justw bench` on {result['began']}: "
        f"{result['machine']}{quick}, all servers and the load on it. "
        "The others are computed, recorded in earlier runs, or assumed."
    )


def _section(title: str, plants: list[Plant], figures: Mapping[str, Figure], words: str) -> str:
    plans = [plan(plant, figures) for plant in plants]
    heads = ["", *(f"{plant.sensors:,} sensors" for plant in plants)]
    rows = [
        ["messages a second", *(_number(plant.messages) for plant in plants)],
        ["pages that look on *(assumed)*", *(str(plant.browsers) for plant in plants)],
        *([f"**{name}**", *(_service(one, name) for one in plans)] for name in plans[0].services),
        [f"stream on each of {REPLICAS} nodes, a day without InfluxDB", *(_size(one.stream * _DAY) for one in plans)],
        ["devices' messages there, an hour without ingest", *(_size(one.devices * 3600) for one in plans)],
        ["InfluxDB's disk, samples of a year", *(_size(one.raw) for one in plans)],
        ["minutes of a year", *(_size(one.minutes) for one in plans)],
        ["hours of a year", *(_size(one.hours) for one in plans)],
        ["network: devices to the broker", *(_bits(one.to_broker) for one in plans)],
        ["network: between servers", *(_bits(one.between) for one in plans)],
        ["**ends first**", *(_first(one) for one in plans)],
    ]
    return f"## {title}\n\n{words}\n{table(heads, rows)}"


def _service(one: Plan, name: str) -> str:
    """How many, and of each the cores and the memory."""
    service = one.services[name]
    cores = max(_SMALLEST_CORES, service.cores)
    memory = max(_SMALLEST_MEMORY, service.memory)
    return f"{service.instances} with {_number(round(cores, 2))} cores, {_size(memory * _MEGA)}"


def _first(one: Plan) -> str:
    over = {name: part for name, part in one.used.items() if part > 1}
    told = ", ".join(f"{name} {_part(part)}" for name, part in (over or {one.first: one.used[one.first]}).items())
    return f"**too much: {told}**" if over else told


RULES = """## How it is computed

- **Cores**: what a message and each value in it took of the CPU, times how many there are, times {margin:.0f}: for
  bursts, for what is caught up after an outage, for what was not measured. Computed.
- **How many**: Python computes on one core for each process. What needs more than one needs more processes; derive has
  one, and each query reads all of the stream. For a process that may fail, one more than the table says (the chart has
  2 of each).
- registry, query, alerting and pages are measured as one process. All of what it takes for a message is put down for
  alerting, and for each query again: more than it can be. registry and web do nothing for each message: 0.2 cores and
  192 MB will do.
- **nats-server**: each of {replicas} nodes is given what one alone took; what three copies cost was not measured.
- PostgreSQL and Grafana do nothing for each message and are not measured: the chart's values for them are assumed.
- **Memory**: what a process had with the demo plant, or under full load, and what a sensor costs, times {margin:.0f}.
- **Streams**: bytes of readings as they are packed, times the seconds of the outage; each of {replicas} nodes holds all
  of it. Computed. How long Andon bridges is decided by `ANDON_NATS_TELEMETRY_BYTES` (8 GiB unless set) and the disk of
  nats-server.
- **InfluxDB's disk**: bytes of a value, and of a row of a minute or an hour, with {room:.0%} of room for packing files
  anew. Values are noise with two decimals; those that stand still take less. How long it is kept is
  [for you to say](../how-to/keep-history.md).
- **Network**: bytes of messages, and of batches for each who reads them. Computed.
- **Pages**: one for {pages} sensors. Assumed.
- **Ends first**: which of the bounds that cannot be had twice is nearest, and how much of it is used, margin included:
  the broker and InfluxDB alone on two cores, the {partitions} partitions, and the one core of derive and of a query's
  feed. A larger machine moves the first two.
"""


def _example(figures: Mapping[str, Figure]) -> str:
    return f"""## An example in the chart's values

{PLANT.sensors:,} sensors, a day without InfluxDB, an hour without ingest, samples for {RAW_DAYS} days, minutes for
two years, hours for ever (room for ten years). Computed; of what is not named the chart's defaults do.

```yaml
{values(figures)}```
"""


def _rules() -> str:
    return RULES.format(
        margin=MARGIN, replicas=REPLICAS, room=DISK_MARGIN - 1, pages=SENSORS_A_BROWSER, partitions=PARTITIONS
    )


def _engines() -> str:
    rows = [[one.what, one.where, one.source, one.then] for one in LIMITS]
    return "## Where engines end\n\n" + table(["limit", "at", "known from", "then"], rows)


def _figures(figures: Mapping[str, Figure]) -> str:
    rows: Iterable[list[str]] = (
        [name, f"{_number(one.value)} {one.unit}", str(one.basis), one.source] for name, one in figures.items()
    )
    return (
        "## The figures\n\n*Measured*: by that run, where *from* names the scenario. *Recorded*: in earlier runs. "
        "*Assumed*: not measured.\n\n" + table(["of", "figure", "how it is known", "from"], rows)
    )


def _part(part: float) -> str:
    return f"{part:.0%}" if part >= _SMALLEST_PART else "below 1%"


def _number(value: float) -> str:
    """Three digits that count, no zero that does not."""
    return number(value).removesuffix(".0")


def _size(count: float) -> str:
    for unit, name in ((_TERA, "TB"), (_GIGA, "GB")):
        if count >= unit:
            return f"{_number(count / unit)} {name}"
    return f"{_number(count / _MEGA)} MB"


def _bits(count: float) -> str:
    return f"{_number(count / _GIGA)} Gbit/s" if count >= _GIGA else f"{_number(count / _MEGA)} Mbit/s"
