"""What comes out of an expression: a number, or true or false. Pure."""

from collections.abc import Callable

from andon.common.errors import InvalidError
from andon.common.expression.tree import TRUTHS, Call, Input, Matches, Node, Number, Several
from andon.common.plant import Datatype


def datatype_of(node: Node, sensor: Callable[[str], Datatype | None]) -> Datatype | None:
    """Datatype of what a tree yields; None where a sensor is not there yet, and all depends on it.

    sensor: the datatype of a sensor, by its path as written; None for one that is not there.

    Raises:
        InvalidError: a text is taken for a number, or a number for a text.
    """
    match node:
        case Number() | Several():
            return "float"
        case Input():
            return _number(node, sensor(node.path))
        case Matches():
            return _compared(node, sensor(node.input.path))
        case Call():
            found = [datatype_of(argument, sensor) for argument in node.arguments]
            if node.operation in TRUTHS:
                return "bool"
            if node.operation != "if":
                return "float"
            _, yes, no = found
            return yes if yes == no else None if None in (yes, no) else "float"


def _number(node: Input, found: Datatype | None) -> Datatype | None:
    if found == "string":
        raise InvalidError(f"expression: '{node.path}' is a text, which is only compared: {node.path} == \"RUN\"")
    return found


def _compared(node: Matches, found: Datatype | None) -> Datatype:
    if found in ("float", "bool"):
        raise InvalidError(f"expression: '{node.input.path}' is no text, and never \"{node.text:.40}\"")
    return "bool"
