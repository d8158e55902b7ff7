"""About: what a file says of itself."""

from time import time_ns

from andon.common.times import ns_to_iso
from andon.query.export.order import Order


def about(order: Order) -> list[tuple[str, str]]:
    """What was exported, in words; each with a name."""
    values = f"{order.rollup.agg} of each {order.rollup.bucket}" if order.rollup else "every value"
    return [
        ("source", "Andon"),
        ("from", ns_to_iso(order.span.start)),
        ("to", f"{ns_to_iso(order.span.end)} (not included)"),
        ("values", values),
        ("layout", order.layout),
        ("time zone", order.zone.key),
        ("made", ns_to_iso(time_ns())),
    ]
