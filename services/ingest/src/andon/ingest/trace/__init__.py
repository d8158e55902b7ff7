"""Trace: from a stored value back to the message it came by."""
