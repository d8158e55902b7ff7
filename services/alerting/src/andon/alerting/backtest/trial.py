"""Trial: the tests that are written with a rule, run by the evaluator itself. Pure.

The rule watches a machine made for the test, with the sensors that the test names. Calendars are open.
"""

from collections import deque
from collections.abc import Sequence
from typing import TypeAlias

from andon.alerting.evaluate.index import Places, make
from andon.alerting.evaluate.phase import State
from andon.alerting.evaluate.watch import Watch
from andon.alerting.rules.draft import Rule, RuleDraft, TrialDraft
from andon.alerting.rules.meaning import meaning_of
from andon.common.errors import InvalidError
from andon.common.expression import place
from andon.common.expression.places import mistake_in
from andon.common.plant import Asset, Datatype, Limits, Plant, Sensor
from andon.common.reading import NS_PER_S, Value
from andon.common.times import parse_duration

MOST_VALUES = 5_000
"""In all tests of a rule: with twenty sensors and a ladder of eight, half a second of work."""
MOST_TOGETHER = 50_000
"""In those of all rules of a plant file."""
LONGEST = 366 * 24 * 3600 * NS_PER_S
"""What a test may take, on its own clock."""
_Reading: TypeAlias = tuple[int, str, dict[str, Value]]
_MACHINE = "site/area/line/machine"
_STATES = [state.name.lower() for state in State]


def refuse_failing(draft: RuleDraft) -> None:
    """Refuse a rule that fails a test of its own.

    It may take seconds; who calls it in a loop does so in a thread.

    Raises:
        InvalidError: tells the first one that fails, when, and what came instead; or they are too large to be run.
    """
    if (values := _values_in(draft)) > MOST_VALUES:
        raise InvalidError(
            f"Its tests have {values:,} values, and together may have {MOST_VALUES:,}; write those around the moment "
            "that a test is about, and try the rule on the past for the rest"
        )
    for trial in draft.tests:
        wrong = failure(draft, trial)
        if wrong:
            raise InvalidError(f"Test '{trial.name}' fails: {wrong}")


def refuse_any_failing(drafts: Sequence[RuleDraft]) -> None:
    """As `refuse_failing`, for the rules of a file.

    Raises:
        InvalidError: names the rule, too.
    """
    if (values := sum(map(_values_in, drafts))) > MOST_TOGETHER:
        raise InvalidError(
            f"The tests of these rules have {values:,} values, and together may have {MOST_TOGETHER:,}; apply these "
            "rules in several files"
        )
    for draft in drafts:
        try:
            refuse_failing(draft)
        except InvalidError as error:
            raise InvalidError(f"Rule '{draft.name}': {error}") from None


def failure(draft: RuleDraft, trial: TrialDraft) -> str:
    """What comes out otherwise than a test says; '' where all comes out so.

    Raises:
        InvalidError: a duration or a path is none, or the rule watches nothing in it.
    """
    watch, readings = _set_up(draft, trial)
    levels = {rung.level.name for rung in watch.rungs}
    for until, text, expected in sorted((_after(trial, text), text, expected) for text, expected in trial.states):
        while readings and readings[0][0] <= until:
            time, machine, values = readings.popleft()
            watch.hear(machine, time, values, None, False, _ignore)
        watch.pass_time(until)
        state, level = standing(watch)
        if expected not in _STATES and expected not in levels:
            known = ", ".join([*_STATES, *sorted(filter(None, levels))])
            raise InvalidError(f"Test '{trial.name}': '{expected}' is no state; write one of {known}")
        if expected not in (state, level):
            came = f"{state} ({level})" if level else state
            return f"after {text} it is {came}, and should be {expected}"
    return ""


def standing(watch: Watch) -> tuple[str, str]:
    """The state of a watch, and the name of its most severe level that is active."""
    active = [rung for rung in watch.rungs if rung.phase.state in (State.ACTIVE, State.CLEARING)]
    if active:
        top = max(active, key=lambda rung: rung.level.severity.rank)
        return top.phase.state.name.lower(), top.level.name
    return max((rung.phase.state for rung in watch.rungs), key=int).name.lower(), ""


def _after(trial: TrialDraft, text: str) -> int:
    try:
        found = parse_duration(text)
    except InvalidError as error:
        raise InvalidError(f"Test '{trial.name}': {error}") from None
    if found > LONGEST:
        raise InvalidError(f"Test '{trial.name}': '{text}' is too long after its beginning; a test takes up to 1y")
    return found


def _ignore(*_: object) -> None:
    """Samples out of order are late, here as anywhere."""


def _set_up(draft: RuleDraft, trial: TrialDraft) -> tuple[Watch, deque[_Reading]]:
    """The watch, and readings in order of time: when, of which machine, and its values."""
    path, _, key = draft.scope.sensor.rpartition("/")
    own = path or _MACHINE
    machines: dict[str, dict[str, list[tuple[int, Value]]]] = {own: {key: []}}
    for name, samples in trial.samples.items():
        if wrong := mistake_in(name):
            raise InvalidError(f"Test '{trial.name}': {wrong}")
        where = place(name, own)
        if "*" in where.slugs:
            raise InvalidError(f"Test '{trial.name}': '{name}' means several sensors; name each")
        series = [(_after(trial, at), float(v) if type(v) is int else v) for at, v in samples]
        machines.setdefault("/".join(where.slugs), {})[where.key] = series
    plant = Plant()
    for machine, sensors in machines.items():
        plant.put(_asset(machine, sensors, Limits(**trial.limits) if machine == own else Limits()))
    scope = draft.scope.model_copy(update={"sensor": f"{own}/{key}", "type": None, "under": None, "labels": {}})
    rule = Rule(id="trial", **draft.model_dump(exclude={"id", "scope"}), scope=scope)
    found = plant.find(own)
    watch = None if found is None else make(Places(plant, []), rule, meaning_of(draft), found)
    if watch is None:
        missing = ", ".join(sorted(meaning_of(draft).paths - set(trial.samples))) or "limits"
        raise InvalidError(f"Test '{trial.name}': the rule watches nothing in it; give samples or limits for {missing}")
    _refuse_unseen(trial, own, watch)
    watch.begin(0)
    return watch, deque(_readings(machines))


def _refuse_unseen(trial: TrialDraft, own: str, watch: Watch) -> None:
    """Refuse samples of a sensor that the rule does not look at: a slip of the pen that would prove nothing."""
    for name in trial.samples:
        where = place(name, own)
        if where.key not in watch.names.get("/".join(where.slugs), []):
            raise InvalidError(f"Test '{trial.name}': the rule does not look at '{name}'; write a sensor that it names")


def _values_in(draft: RuleDraft) -> int:
    return sum(len(series) for trial in draft.tests for series in trial.samples.values())


def _readings(machines: dict[str, dict[str, list[tuple[int, Value]]]]) -> list[_Reading]:
    found: dict[tuple[int, str], dict[str, Value]] = {}
    for machine, sensors in machines.items():
        for key, series in sensors.items():
            for time, value in series:
                found.setdefault((time, machine), {})[key] = value
    return [(time, machine, values) for (time, machine), values in sorted(found.items())]


def _asset(path: str, sensors: dict[str, list[tuple[int, Value]]], limits: Limits) -> Asset:
    made = tuple(
        Sensor(key=key, path=f"{path}/{key}", datatype=_datatype(series), limits=limits)
        for key, series in sensors.items()
    )
    return Asset(id=path, path=path, kind="machine", slug=path.rpartition("/")[2], name="", sensors=made)


def _datatype(series: list[tuple[int, Value]]) -> Datatype:
    kinds = {type(value) for _, value in series}
    return "string" if str in kinds else "bool" if kinds == {bool} else "float"
