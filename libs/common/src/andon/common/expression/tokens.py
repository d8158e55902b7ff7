"""Tokens: the words of an expression and where they stand. Linear in the length of the text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from andon.common.errors import InvalidError

WORDS = frozenset({"and", "or", "not", "if", "else"})
_TOKEN = re.compile(
    r"""[ \t\r\n]*(?:
        (?P<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)(?![A-Za-z0-9_.])
      | (?P<name>[a-z][a-z0-9_]*)(?![A-Z])
      | '(?P<path>[^'"\\\r\n]*)'
      | "(?P<text>[^"\\\r\n]*)"
      | (?P<sign>\*\*|<=|>=|==|!=|[-+*/%<>(),])
      | (?P<end>\Z)
    )""",
    re.VERBOSE | re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Token:
    """kind: number, name, word, path, text, sign or end. at: its first character, counted from 1."""

    kind: str
    text: str
    at: int


def wrong(at: int, why: str) -> InvalidError:
    """The refusal of an expression, with the place in it."""
    return InvalidError(f"expression, character {at}: {why}")


def tokens(text: str) -> Iterator[Token]:
    """All tokens, the end as the last one.

    Raises:
        InvalidError: something is no token; says where, and what to write.
    """
    position = 0
    while True:
        found = _TOKEN.match(text, position)
        if found is None:
            raise _no_token(text, position)
        kind = found.lastgroup or ""
        word = found[kind]
        at = found.start(kind) + (0 if kind in ("path", "text") else 1)
        yield Token("word" if word in WORDS and kind == "name" else kind, word, at)
        if kind == "end":
            return
        position = found.end()


def _no_token(text: str, position: int) -> InvalidError:
    at = position + len(text[position:]) - len(text[position:].lstrip(" \t\r\n"))
    sign = text[at]
    if sign in "'\"":
        return wrong(at + 1, f"the {sign} that opens here is not closed, or \\ or a line break is within")
    if sign.isdigit():
        return wrong(at + 1, "a number runs into a name; a sensor key that begins with a digit stands in single quotes")
    if sign == "=":
        return wrong(at + 1, "write == to compare")
    if sign.isalpha() or sign == "_":
        return wrong(
            at + 1, "names are a-z, 0-9 and _; other sensor keys stand in single quotes, a text in double ones"
        )
    return wrong(at + 1, f"{sign!r} has no meaning here")
