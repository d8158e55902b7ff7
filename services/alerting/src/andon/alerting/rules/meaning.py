"""What a rule means: which number is judged (its source), against which levels, with which timing. Pure.

A condition is written in one of these forms. Where a number is compared, `above`, `below` or `outside` tells the limit,
or `levels` a ladder of them; a limit is a number, or the name of one of the sensor's own: `ll`, `l`, `h`, `hh`.

    {"above": 80}   {"below": "l"}   {"outside": [5, 80]}
    {"levels": [{"above": 95, "severity": "critical"}, {"above": 80}, {"below": "l", "on_delay": "1m"}]}
    {"deviation_from": "setpoint", "outside": [-5, 5]}      value minus that of another sensor, or minus a number
    {"rate_over": "10m", "per": "min", "above": 3}          change per s, min or h, over the last ten minutes
    {"score_over": "1h", "outside": [-5, 5]}                robust z-score against its own last hour
    {"expression": "temperature - ambient", "above": 40}    a number made of sensors
    {"expression": "temperature > 80 and not speed < 10"}   something that is true or not
    {"equals": "FAULT"}   {"equals": ["FAULT", "ESTOP"]}    a state
    {"count": 5, "within": "10m", "of": {"above": 80}}      how often that began
    {"silent": "30s"}                                       no sample for that long
    {"unchanged": "10m"}                                    the same value for that long
    {"quality": ["bad", "stale"]}                           a value that cannot be trusted
"""

from dataclasses import dataclass, field

from andon.alerting.rules.checks import check_scope, duration
from andon.alerting.rules.draft import RuleDraft
from andon.alerting.rules.levels import Level, read_levels
from andon.alerting.rules.sources import Silent, Source, is_number_source, parsed, read_source
from andon.common.errors import InvalidError
from andon.common.expression import Node, inputs

_FORMS = (
    'write {"above": 80}, {"below": 5}, {"outside": [5, 80]}, {"levels": [...]}, or one with deviation_from, '
    "rate_over, score_over, expression, equals, count, silent, unchanged or quality"
)


@dataclass(frozen=True)
class Meaning:
    """A rule, read. gate: the expression of `active_when`. realarm: nanoseconds, 0 for never."""

    source: Source
    levels: tuple[Level, ...]
    gate: Node | None = None
    realarm: int = 0
    paths: frozenset[str] = field(default=frozenset())
    """Sensors that expressions name, as written."""


def meaning_of(draft: RuleDraft) -> Meaning:
    """What a rule means.

    Raises:
        InvalidError: scope, condition or a duration makes no sense; says what to write.
    """
    check_scope(draft.scope)
    condition = dict(draft.condition)
    source = read_source(draft, condition)
    levels = read_levels(draft, condition, truth=not is_number_source(source))
    if condition:
        raise InvalidError(f"'{next(iter(condition))}' does not belong in this condition; {_FORMS}")
    if isinstance(source, Silent) and draft.repeat > 1:
        raise InvalidError("A silence has no samples to repeat; leave 'repeat' out, or write a longer 'silent'")
    gate = None if draft.active_when is None else parsed("active_when", draft.active_when)
    trees = [tree for tree in (gate, getattr(source, "tree", None)) if tree is not None]
    return Meaning(
        source,
        levels,
        gate,
        duration("realarm", draft.realarm) if draft.realarm else 0,
        frozenset(node.path for tree in trees for node in inputs(tree)),
    )
