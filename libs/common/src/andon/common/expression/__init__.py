"""Expressions: how a calculated sensor follows from others. Pure; nothing of a text is ever executed as code.

    torque * speed / 9550                       sensors of the same machine, by key
    '../robot-3/power' + '../robot-4/power'     sensors of other machines: single quotes, from the machine on
    sum('../*/power')                           of all machines of the line: sum, mean, min, max, count
    parts if state == "RUN" else 0              texts in double quotes, only compared

`parse` makes a tree (`tree.py`) of it, `places.py` says which sensors it means, `datatypes.py` what comes out, and
`evaluate` computes, with floats or with whole columns of them (`columns.py`). `formulas` finds all that is calculated
in a plant.
"""

from andon.common.expression.datatypes import datatype_of
from andon.common.expression.evaluate import FLOATS, Operations, bind, evaluate
from andon.common.expression.formulas import Formula, Name, check_datatype, formulas
from andon.common.expression.parse import MAX_LENGTH, parse
from andon.common.expression.places import Place, inputs, place
from andon.common.expression.tree import Input, Node, Several

__all__ = [
    "FLOATS",
    "MAX_LENGTH",
    "Formula",
    "Input",
    "Name",
    "Node",
    "Operations",
    "Place",
    "Several",
    "bind",
    "check_datatype",
    "datatype_of",
    "evaluate",
    "formulas",
    "inputs",
    "parse",
    "place",
]
