"""About: what a file says of itself."""

from time import time_ns

from andon.common.times import ns_to_iso
from andon.query.export.order import Order

ROLLED_UP = "minutes and hours outlive them: ask for an agg and a bucket"


def about(order: Order) -> list[tuple[str, str]]:
    """What was exported, in words; each with a name."""
    values = f"{', '.join(order.rollup.aggs)} of each {order.rollup.bucket}" if order.rollup else "every value"
    since = [("kept", f"samples since {ns_to_iso(order.kept_since)}; before, {ROLLED_UP}")] if order.kept_since else []
    return [
        ("source", "Andon"),
        ("from", ns_to_iso(order.span.start)),
        ("to", f"{ns_to_iso(order.span.end)} (not included)"),
        ("values", values),
        *since,
        ("layout", order.layout),
        ("time zone", order.zone.key),
        ("made", ns_to_iso(time_ns())),
    ]
