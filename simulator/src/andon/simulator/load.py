"""Load: as many messages as a broker takes, and a journal of what it acknowledged.

Every message has a machine and a `ts` that no other has, and carries its sequence number as the value of all its
sensors, so that what was stored can be held against what was acknowledged. `ts` is the time of publishing, so that
what arrives tells how long it took.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from andon.common import logs
from andon.common.errors import InvalidError
from andon.common.topics import machine_topic
from andon.simulator import packets
from andon.simulator.journal import Journal
from andon.simulator.session import MAX_WINDOW, Session
from andon.simulator.settings import Broker

log = logs.get("simulator.load")

_BURST = 64
"""Messages built before the socket is looked at again."""
_UNSENT_BYTES = 512 * 1024
_WAIT = 0.02
_TICK = 0.005
"""Seconds to wait for a PUBACK between two bursts at a given rate; one message at a time costs more than a burst."""
MAX_MACHINES = 100_000
MAX_VALUES = 1000


class Stop(Protocol):
    """Tells that it is enough: an Event of threading or of multiprocessing."""

    def is_set(self) -> bool:
        """Whether to stop."""
        ...


@dataclass(frozen=True)
class LoadPlan:
    """What to send. Rate 0 is as fast as possible; `rate` is that of all processes together, per second.

    `seconds` and `messages` end the load, whichever comes first; 0 is no end. `patience` is how many seconds the broker
    may be away, and how long is waited for the last PUBACKs. At full speed take 100 machines or more: a machine's `ts`
    grows by at least 1 ms per message, and must not run ahead of the clock.
    """

    broker: Broker
    machines: int = 1000
    values: int = 1
    rate: float = 0.0
    qos: int = 1
    seconds: float = 0.0
    messages: int = 0
    processes: int = 1
    window: int = 2000
    prefix: str = "load/area-0/line-0"
    patience: float = 60.0
    first_machine: int = 0

    def __post_init__(self) -> None:
        good = (
            1 <= self.processes <= self.machines <= MAX_MACHINES
            and 1 <= self.values <= MAX_VALUES
            and self.rate >= 0
            and self.qos in {0, 1}
            and 1 <= self.window <= MAX_WINDOW
        )
        if not good:
            raise InvalidError(
                f"this is no load: machines 1-{MAX_MACHINES} and no fewer than processes, values 1-{MAX_VALUES}, "
                f"rate 0 or more, qos 0 or 1, window 1-{MAX_WINDOW}"
            )

    def path(self, machine: int) -> str:
        """Path of a machine by its number."""
        return f"{self.prefix}/m-{machine}"


@dataclass
class LoadReport:
    """What came of it. `sent` were handed to the broker at least once, `acknowledged` have their PUBACK."""

    sent: int = 0
    acknowledged: int = 0
    seconds: float = 0.0
    reconnects: int = 0
    journal: Journal = field(default_factory=Journal)

    def add(self, other: "LoadReport") -> None:
        """Take in what another publisher did at the same time."""
        self.sent += other.sent
        self.acknowledged += other.acknowledged
        self.seconds = max(self.seconds, other.seconds)
        self.reconnects += other.reconnects
        self.journal.add(other.journal)


def send_load(plan: LoadPlan, stop: Stop) -> LoadReport:
    """Publish from this thread until the plan is fulfilled or `stop` is set; then wait for the last PUBACKs.

    Raises:
        UnavailableError: the broker was away for longer than the plan's patience.
    """
    report = LoadReport()
    client = f"load-{plan.first_machine}-{time.time_ns():x}"
    session = Session(plan.broker, client, report.journal.note, patience=plan.patience)
    began = time.monotonic()
    _send(plan, session, report, stop)
    if plan.qos:
        _finish(plan, session)
    while session.unsent:
        session.turn(_WAIT)
    report.seconds = time.monotonic() - began
    report.acknowledged = len(report.journal)
    report.reconnects = session.reconnects
    session.close()
    return report


def _send(plan: LoadPlan, session: Session, report: LoadReport, stop: Stop) -> None:
    say = _speaker(plan, session)
    began = time.monotonic()
    while not stop.is_set():
        past = time.monotonic() - began
        if (plan.seconds and past >= plan.seconds) or (plan.messages and report.sent >= plan.messages):
            return
        room = plan.window - session.pending if session.unsent < _UNSENT_BYTES else 0
        due = int(past * plan.rate) - report.sent if plan.rate else _BURST
        left = plan.messages - report.sent if plan.messages else _BURST
        count = max(0, min(room, due, left, _BURST))
        now = time.time_ns() // 1_000_000
        for seq in range(report.sent, report.sent + count):
            say(seq, now)
        report.sent += count
        starved = plan.rate and due <= count
        session.turn(min(_WAIT, max(_TICK, 1 / plan.rate)) if starved and not session.unsent else 0 if count else _WAIT)


def _finish(plan: LoadPlan, session: Session) -> None:
    deadline = time.monotonic() + plan.patience
    while session.pending and time.monotonic() < deadline:
        session.turn(_WAIT)
    if session.pending:
        log.warning("some messages were never acknowledged", pending=session.pending)


def _speaker(plan: LoadPlan, session: Session) -> Callable[[int, int], None]:
    """A function that publishes message `seq` at `now` (ms), with all that can be encoded beforehand encoded."""
    machines, values, first = plan.machines, plan.values, plan.first_machine
    topics = [packets.text(machine_topic(plan.path(first + n))) for n in range(machines)]
    last = [0] * machines
    form = b",".join(b'"v%d":#' % n for n in range(values))

    def say(seq: int, now: int) -> None:
        machine = seq % machines
        last[machine] = ts = max(now, last[machine] + 1)
        payload = b'{"ts":%d,"values":{%b}}' % (ts, form.replace(b"#", b"%d" % seq))
        if plan.qos:
            session.publish(topics[machine], payload, (first + machine, ts, seq))
        else:
            session.publish_unsure(topics[machine], payload)

    return say
