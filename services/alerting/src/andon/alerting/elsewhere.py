"""Elsewhere: what rules and alarms say, without the sensors in it that a caller may not see. Pure.

A rule of one's own part may look at sensors of another: an engineer of the whole plant wrote it. Its alarms are for all
who see its machine; which sensors there are elsewhere is not.
"""

import re
from typing import Any

from andon.common.auth import Principal
from andon.common.expression import place
from andon.common.expression.places import DEPTH, mistake_in
from andon.common.plant import is_below

HIDDEN = "…"
_PATH = re.compile(r"(?:(?:\.\.|\*|[a-z0-9-]+)/)+[a-z0-9_-]+")
_CUT_OFF = re.compile(r"[a-z0-9_./*-]*$")


def shortened(text: str, most: int) -> str:
    """A text of `most` characters at most. It ends before a path and not within one: a piece would not be cut."""
    return text if len(text) <= most else _CUT_OFF.sub("", text[: most - 1]) + HIDDEN


def cut_text(text: str, machine: str, scope: str) -> str:
    """A text with sensors, as seen from the machine at a path; those outside of `scope` become `…`."""

    def shown(found: re.Match[str]) -> str:
        path = found[0]
        return path if mistake_in(path) or is_below(place(path, machine).below, scope) else HIDDEN

    return _PATH.sub(shown, text) if scope else text


def cut_all(value: Any, machine: str, scope: str) -> Any:
    """The same for all texts in lists and maps."""
    match value:
        case str():
            return cut_text(value, machine, scope)
        case list() | tuple():
            return [cut_all(one, machine, scope) for one in value]
        case dict():
            return {cut_all(key, machine, scope): cut_all(one, machine, scope) for key, one in value.items()}
        case _:
            return value


def near(reach: str, caller: Principal) -> str:
    """Some machine of the caller's part that a rule reaches, with `*` for what it may be called."""
    part = reach if is_below(reach, caller.scope) else caller.scope
    slugs = part.split("/") if part else []
    return "/".join([*slugs, *"*" * (DEPTH - len(slugs))])
