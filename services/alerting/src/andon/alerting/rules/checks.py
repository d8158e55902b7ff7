"""Checks that several parts of a rule share. Pure."""

from sys import float_info

from andon.alerting.evaluate.phase import MAX_DELAY
from andon.alerting.rules.draft import ScopeDraft
from andon.common import topics
from andon.common.errors import InvalidError
from andon.common.times import parse_duration


def check_scope(scope: ScopeDraft) -> None:
    """Refuse a scope that is none, or would be everything.

    Raises:
        InvalidError: says what to write.
    """
    path, _, key = scope.sensor.rpartition("/")
    if not topics.SENSOR_KEY.fullmatch(key):
        raise InvalidError(f"'{key}' is no sensor key; use a-z, 0-9, - and _")
    _check_path(path)
    _check_path(scope.under or "")
    wide = scope.type is not None or bool(scope.under) or bool(scope.labels)
    if path and wide:
        raise InvalidError(
            "A scope names one sensor by its path, or a key with a type, labels or a part of the plant; not both"
        )
    if not path and not wide:
        raise InvalidError(
            f"The scope '{scope.sensor}' would match every machine; add a type, labels or under, or write the sensor's "
            "path"
        )


def _check_path(path: str) -> None:
    if path and not all(topics.SLUG.fullmatch(part) for part in path.split("/")):
        raise InvalidError(f"'{path}' is no path of the plant; write it like berlin/painting/line-1/robot-3")


def duration(field_name: str, text: str, longest: int = MAX_DELAY) -> int:
    """Nanoseconds of a duration as people write it.

    Raises:
        InvalidError: it is none, or too long.
    """
    try:
        found = parse_duration(text)
    except InvalidError as error:
        raise InvalidError(f"{field_name}: {error}") from None
    if found > longest:
        raise InvalidError(f"{field_name} is {text}; the longest is {longest // MAX_DELAY * 24}h")
    return found


def is_number(value: object) -> bool:
    """Whether something written is a finite number."""
    # Compared, not math.isfinite: an integer of 400 digits would overflow there.
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= float_info.max
