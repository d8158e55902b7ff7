"""Calculated sensors: values that follow from other sensors, as they come and over history.

Read `calculation.py` first.
"""
