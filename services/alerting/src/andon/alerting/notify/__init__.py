"""Notify: who is told of an alarm, when, by which channel, and that it arrives once."""
