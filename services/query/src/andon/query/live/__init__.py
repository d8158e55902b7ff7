"""Live: the newest values in memory, and who hears of them."""
