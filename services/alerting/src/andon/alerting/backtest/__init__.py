"""Backtest: rules tried on the past, and on tests that are written with them."""
