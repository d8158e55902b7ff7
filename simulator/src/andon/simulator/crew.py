"""Crew: one load from several processes, for one process cannot tell what a broker takes."""

import signal
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from itertools import pairwise
from multiprocessing import get_context
from multiprocessing.synchronize import Event

from andon.simulator.load import LoadPlan, LoadReport, send_load

_spawning = get_context("spawn")
_given: list[Event] = []
"""In a process of a crew: what stops it."""


def new_stop() -> Event:
    """An event that stops all processes of a crew."""
    return _spawning.Event()


def share_out(plan: LoadPlan) -> list[LoadPlan]:
    """The plan of each process: machines of its own, and its part of rate, messages and window."""
    parts = plan.processes
    machines, messages, windows = (_edges(n, parts) for n in (plan.machines, plan.messages, plan.window))
    plans = [
        replace(
            plan,
            processes=1,
            first_machine=plan.first_machine + first,
            machines=end - first,
            messages=most - least,
            rate=plan.rate / parts,
            window=max(1, high - low),
        )
        for (first, end), (least, most), (low, high) in zip(machines, messages, windows, strict=True)
    ]
    return [part for part in plans if part.messages or not plan.messages]


def run_load(plan: LoadPlan, stop: Event) -> LoadReport:
    """Publish until the plan is fulfilled or `stop` is set; what all processes did, together.

    Raises:
        UnavailableError: the broker was away for longer than the plan's patience.
    """
    report = LoadReport()
    with ProcessPoolExecutor(plan.processes, _spawning, initializer=_begin, initargs=(stop,)) as pool:
        for future in [pool.submit(_work, part) for part in share_out(plan)]:
            report.add(future.result())
    return report


def _edges(total: int, parts: int) -> list[tuple[int, int]]:
    """Where each part of a number begins and ends; they differ by at most one."""
    return list(pairwise(total * n // parts for n in range(parts + 1)))


def _begin(stop: Event) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all; who started us decides, and sets `stop`
    _given.append(stop)


def _work(plan: LoadPlan) -> LoadReport:
    return send_load(plan, _given[0])
