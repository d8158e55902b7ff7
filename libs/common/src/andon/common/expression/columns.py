"""The operations of expressions over whole columns: what `FLOATS` does to one value, done to all of them. Pure."""

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from andon.common.expression import Operations
from andon.common.expression.evaluate import WHOLE
from andon.common.history.columns import Floats

Values: TypeAlias = Floats | float
"""A column, or a number that stands in the expression."""


def _sure(function: Callable[..., Any]) -> Callable[..., Floats]:
    """The function, with no value where one of its own is missing, or there is no answer."""

    def operation(*values: Values) -> Floats:
        with np.errstate(all="ignore"):
            found = np.asarray(function(*values), np.float64)
        sure = np.isfinite(found)
        for value in values:
            sure &= ~np.isnan(value)
        return np.where(sure, found, np.nan)

    return operation


def _not(value: Values) -> Floats:
    return np.where(np.isnan(value), np.nan, np.equal(value, 0))


def _and(left: Values, right: Values) -> Floats:
    missing = np.isnan(left) | np.isnan(right)
    return np.where(np.equal(left, 0) | np.equal(right, 0), 0.0, np.where(missing, np.nan, 1.0))


def _or(left: Values, right: Values) -> Floats:
    return _not(_and(_not(left), _not(right)))


def _if(condition: Values, yes: Values, no: Values) -> Floats:
    return np.where(np.isnan(condition), np.nan, np.where(np.equal(condition, 0), no, yes))


def _round(value: Values, digits: Values = 0.0) -> Floats:
    shift = np.power(10.0, digits)
    return np.where(np.abs(value) >= WHOLE, value, np.rint(value * shift) / shift)


def _matches(values: npt.NDArray[np.object_], text: str) -> Floats:
    said = np.array([isinstance(value, str) for value in values], np.bool_)
    return np.where(said, values == text, np.nan)


def _of(function: Callable[[Floats, npt.NDArray[np.bool_]], Any]) -> Callable[[list[Values]], Floats]:
    """Over those of several sensors that have a value; none has no answer."""

    def operation(values: list[Values]) -> Floats:
        if not values:
            return np.array(np.nan)
        columns = np.array(np.broadcast_arrays(*values))
        there = ~np.isnan(columns)
        with np.errstate(all="ignore"):
            found = np.asarray(function(columns, there), np.float64)
        return np.where(there.any(axis=0) & np.isfinite(found), found, np.nan)

    return operation


def _sum(columns: Floats, there: npt.NDArray[np.bool_]) -> Floats:
    """One after the other, as `sum` adds: numpy's own sum takes another order, and other last digits."""
    total: Floats = np.cumsum(np.where(there, columns, 0.0), axis=0)[-1]
    return total


COLUMNS: Operations = {
    "+": _sure(np.add),
    "-": _sure(np.subtract),
    "*": _sure(np.multiply),
    "/": _sure(np.divide),
    "%": _sure(np.mod),
    "**": _sure(np.power),
    "neg": _sure(np.negative),
    "<": _sure(np.less),
    "<=": _sure(np.less_equal),
    ">": _sure(np.greater),
    ">=": _sure(np.greater_equal),
    "==": _sure(np.equal),
    "!=": _sure(np.not_equal),
    "and": _and,
    "or": _or,
    "not": _not,
    "if": _if,
    "matches": _matches,
    "abs": _sure(np.abs),
    "min": _sure(lambda *values: np.min(np.broadcast_arrays(*values), axis=0)),
    "max": _sure(lambda *values: np.max(np.broadcast_arrays(*values), axis=0)),
    "round": _sure(_round),
    "sqrt": _sure(np.sqrt),
    "exp": _sure(np.exp),
    "log": _sure(np.log),
    "sin": _sure(np.sin),
    "cos": _sure(np.cos),
    "clamp": _sure(lambda value, low, high: np.minimum(np.maximum(value, low), high)),
    "sum of": _of(_sum),
    "mean of": _of(lambda columns, there: _sum(columns, there) / there.sum(axis=0)),
    "min of": _of(lambda columns, there: np.where(there, columns, np.inf).min(axis=0)),
    "max of": _of(lambda columns, there: np.where(there, columns, -np.inf).max(axis=0)),
    "count of": _of(lambda _, there: there.sum(axis=0)),
}
"""With columns of floats; a sensor of texts is a column of objects."""
