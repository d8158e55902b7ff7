"""Parse: the text of an expression to its tree. The words and their order are Python's; what is not here is refused.

choice     either [if either else choice]
either     both {or both}             both     negated {and negated}         negated  [not] compared
compared   sum [< <= > >= == != sum]   sum      product {+ - product}         product  signed {* / % signed}
signed     [+ -] power                 power    atom [** signed]
atom       number | sensor | 'path' | function(...) | (choice)
"""

import math
from collections.abc import Callable, Collection
from functools import lru_cache

from andon.common.expression.places import is_pattern, mistake_in
from andon.common.expression.tokens import Token, tokens, wrong
from andon.common.expression.tree import AGGREGATES, FUNCTIONS, Call, Input, Matches, Node, Number, Several

MAX_LENGTH = 1000
MAX_NODES = 200
MAX_DEPTH = 20
MAX_TEXT = 256
MAX_DIGITS = 10
_COMPARISONS = frozenset({"<", "<=", ">", ">=", "==", "!="})


@lru_cache(4096)
def parse(text: str) -> Node:
    """The tree of an expression.

    Raises:
        InvalidError: it is none, or too large; names the place and says what to write.
    """
    if len(text) > MAX_LENGTH:
        raise wrong(MAX_LENGTH, f"an expression may have {MAX_LENGTH} characters, this one has {len(text)}")
    return _Parser(text).whole()


class _Parser:
    def __init__(self, text: str) -> None:
        self._tokens = tokens(text)
        self._next = next(self._tokens)
        self._nodes = 0
        self._depth = 0
        self._patterns: list[Token] = []
        """Paths with a * that no function has taken yet."""

    def whole(self) -> Node:
        if self._next.kind == "end":
            raise wrong(1, "there is nothing in it; write for example torque * speed / 9550")
        found = self._choice()
        if self._next.kind != "end":
            raise wrong(self._next.at, f"{_shown(self._next)} is not expected here; is an operator missing?")
        for pattern in self._patterns:
            raise wrong(pattern.at, f"a path with * stands alone in {', '.join(AGGREGATES)}: sum('../*/power')")
        return found

    def _take(self) -> Token:
        token = self._next
        if token.kind != "end":
            self._next = next(self._tokens)
        return token

    def _is(self, kind: str, words: Collection[str]) -> bool:
        return self._next.kind == kind and self._next.text in words

    def _expect(self, sign: str, why: str) -> None:
        if self._next.text != sign or self._next.kind not in ("sign", "word"):
            raise wrong(self._next.at, why)
        self._take()

    def _count(self, node: Node) -> Node:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise wrong(self._next.at, f"more than {MAX_NODES} values and operators; put a part into another sensor")
        return node

    def _deeper(self, read: Callable[[], Node]) -> Node:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise wrong(self._next.at, f"nested more than {MAX_DEPTH} deep; put a part into another sensor")
        found = read()
        self._depth -= 1
        return found

    def _choice(self) -> Node:
        found = self._either()
        if not self._is("word", ("if",)):
            return found
        self._take()
        condition = self._either()
        self._expect("else", "'if' needs an 'else': speed if running else 0")
        return self._count(Call("if", (condition, found, self._deeper(self._choice))))

    def _chain(self, kind: str, signs: Collection[str], operand: Callable[[], Node]) -> Node:
        """Operators of one rank, from left to right."""
        found = operand()
        while self._is(kind, signs):
            sign = self._take().text
            found = self._count(Call(sign, (found, operand())))
        return found

    def _either(self) -> Node:
        return self._chain("word", ("or",), lambda: self._chain("word", ("and",), self._negated))

    def _negated(self) -> Node:
        if self._is("word", ("not",)):
            self._take()
            return self._count(Call("not", (self._deeper(self._negated),)))
        return self._compared()

    def _compared(self) -> Node:
        left = self._text() or self._sum()
        if not self._is("sign", _COMPARISONS):
            if isinstance(left, Token):
                raise wrong(left.at, 'a text is only compared, with == or !=: state == "RUN"')
            return left
        sign = self._take()
        right = self._text() or self._sum()
        if self._is("sign", _COMPARISONS):
            raise wrong(self._next.at, "compare two at a time: 1 < x and x < 5")
        if isinstance(left, Token) or isinstance(right, Token):
            return self._count(_matches(sign, left, right))
        return self._count(Call(sign.text, (left, right)))

    def _text(self) -> Token | None:
        if self._next.kind != "text":
            return None
        token = self._take()
        if len(token.text) > MAX_TEXT:
            raise wrong(token.at, f"a text may have {MAX_TEXT} characters")
        return token

    def _sum(self) -> Node:
        return self._chain("sign", ("+", "-"), lambda: self._chain("sign", ("*", "/", "%"), self._signed))

    def _signed(self) -> Node:
        if not self._is("sign", ("+", "-")):
            return self._power()
        sign = self._take().text
        found = self._deeper(self._signed)
        return found if sign == "+" else self._count(Call("neg", (found,)))

    def _power(self) -> Node:
        base = self._atom()
        if not self._is("sign", ("**",)):
            return base
        self._take()
        return self._count(Call("**", (base, self._deeper(self._signed))))

    def _atom(self) -> Node:
        token = self._take()
        match token.kind:
            case "number":
                return self._count(_number(token))
            case "name" if self._is("sign", ("(",)):
                return self._deeper(lambda: self._function(token))
            case "name" | "path":
                return self._count(self._input(token))
            case "sign" if token.text == "(":
                found = self._deeper(self._choice)
                self._expect(")", f"the ( at character {token.at} is not closed")
                return found
            case "text":
                raise wrong(token.at, 'a text is only compared, with == or !=: state == "RUN"')
            case _:
                raise wrong(token.at, f"a number, a sensor or a function is expected, not {_shown(token)}")

    def _function(self, name: Token) -> Node:
        if name.text not in FUNCTIONS and name.text not in AGGREGATES:
            there = ", ".join(sorted({*FUNCTIONS, *AGGREGATES}))
            raise wrong(name.at, f"there is no function '{name.text:.40}'; there are {there}")
        found = self._arguments(name)
        only = found[0] if len(found) == 1 else None
        if name.text in AGGREGATES and isinstance(only, Input) and "/" in only.path:
            if is_pattern(only.path):
                self._patterns.pop()
            return self._count(Several(name.text, only.path))
        least, most = FUNCTIONS.get(name.text, (0, 0))
        if not most or (only is not None and name.text in AGGREGATES):
            raise wrong(name.at, f"{name.text} takes sensors of several machines: {name.text}('../*/power')")
        if not least <= len(found) <= most:
            wanted = str(least) if least == most else f"{least} to {most}"
            raise wrong(name.at, f"{name.text} takes {wanted} values, not {len(found)}")
        if name.text == "round" and not _is_digits(found[1:]):
            raise wrong(name.at, f"round takes a value and a number of digits from 0 to {MAX_DIGITS}: round(power, 1)")
        return self._count(Call(name.text, found))

    def _arguments(self, name: Token) -> tuple[Node, ...]:
        opened = self._take()
        if self._is("sign", (")",)):
            raise wrong(self._next.at, f"{name.text} needs a value")
        found = [self._choice()]
        while self._is("sign", (",",)):
            self._take()
            found.append(self._choice())
        self._expect(")", f"the ( at character {opened.at} is not closed")
        return tuple(found)

    def _input(self, token: Token) -> Input:
        if token.kind == "path":
            if mistake := mistake_in(token.text):
                raise wrong(token.at, mistake)
            if is_pattern(token.text):
                self._patterns.append(token)
        return Input(token.text)


def _number(token: Token) -> Number:
    value = float(token.text)
    if not math.isfinite(value):
        raise wrong(token.at, "this number is too large")
    return Number(value)


def _is_digits(digits: tuple[Node, ...]) -> bool:
    """Whether these, none or one, can say how many digits a number is rounded to."""
    return all(isinstance(d, Number) and d.value.is_integer() and 0 <= d.value <= MAX_DIGITS for d in digits)


def _matches(sign: Token, left: Node | Token, right: Node | Token) -> Matches:
    sensor, text = (right, left) if isinstance(left, Token) else (left, right)
    if sign.text not in ("==", "!=") or not isinstance(sensor, Input) or not isinstance(text, Token):
        raise wrong(sign.at, 'a text is compared with a sensor, by == or !=: state == "RUN"')
    return Matches(sensor, text.text, sign.text == "==")


def _shown(token: Token) -> str:
    return "the end" if token.kind == "end" else repr(token.text[:40])
