"""Derive: a process that makes of what is stored what is asked for most: rollups, and calculated sensors.

Read `rounds.py` first.
"""
