"""An order for a fault is a line in a file; bad lines hurt nobody."""

from pathlib import Path

from andon.simulator.faults import Fault, FaultKind
from andon.simulator.orders import Orders, give_order, orders_file

DRIFT = Fault("a/b/c/press-1", "force", FaultKind.DRIFT, 1.0, 60, 95)


def test_orders_are_read_once_and_in_order(tmp_path: Path) -> None:
    orders = Orders(orders_file(tmp_path / "home"))
    assert orders.new() == []
    other = Fault("a/b/c/press-2", "", FaultKind.DROP_OUT, 2.0, 10)
    give_order(orders_file(tmp_path / "home"), DRIFT)
    give_order(orders_file(tmp_path / "home"), other)
    assert orders.new() == [DRIFT, other]
    assert orders.new() == []


def test_orders_from_before_the_start_are_not_carried_out_again(tmp_path: Path) -> None:
    give_order(orders_file(tmp_path), DRIFT)
    assert Orders(orders_file(tmp_path)).new() == []


def test_a_line_that_is_no_order_is_left_out_and_half_a_line_is_waited_for(tmp_path: Path) -> None:
    file = orders_file(tmp_path)
    orders = Orders(file)
    file.write_bytes(b'{"machine": 3}\nnonsense\n\xff\n{"machine": "a')
    assert orders.new() == []
    with file.open("ab") as lines:
        lines.write(b'/b/c/press-1","key":"force","kind":"drift","start":1.0,"seconds":60,"to":95}\n')
    assert orders.new() == [DRIFT]


def test_a_file_that_was_removed_begins_anew(tmp_path: Path) -> None:
    give_order(orders_file(tmp_path), DRIFT)
    orders = Orders(orders_file(tmp_path))
    orders_file(tmp_path).unlink()
    assert orders.new() == []
    give_order(orders_file(tmp_path), DRIFT)
    assert orders.new() == [DRIFT]
