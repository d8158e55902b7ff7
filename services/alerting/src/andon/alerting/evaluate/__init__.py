"""Evaluate: the telemetry stream against the rules. Read `evaluation.py` first."""
