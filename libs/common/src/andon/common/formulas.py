"""Formulas: texts in a CSV file that a spreadsheet would calculate with, and how it is kept from that. Pure.

Export writes an apostrophe before them, and import takes it away, so that every text comes back as it was.
"""

import re

FORMULA = re.compile(r"'*[=+\-@\t\r]")
"""How such a text begins, with apostrophes before it or none."""


def guard(text: str) -> str:
    """The text as a cell that no spreadsheet calculates with."""
    return "'" + text if FORMULA.match(text) else text


def unguard(text: str) -> str:
    """The text that such a cell stands for."""
    return text[1:] if text.startswith("'") and FORMULA.match(text) else text
