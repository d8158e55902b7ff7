"""The alarm: its state machine, its journal, and what people do to it."""
