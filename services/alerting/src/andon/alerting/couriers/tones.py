"""Tones: the colours of severities in messages, as the web pages have them (ISA-101: colour marks what is abnormal)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Tone:
    """Colours, `#rrggbb`. fill and ink: of a badge, and of the text on it; light and dark: of text on such a page."""

    fill: str
    ink: str
    light: str
    dark: str


TONES = {
    "critical": Tone("#c4122f", "#ffffff", "#b5102b", "#ff6b7f"),
    "high": Tone("#e0700b", "#1d1204", "#a84f00", "#ff9a45"),
    "medium": Tone("#f0c419", "#241d02", "#7a6000", "#f5d04a"),
    "low": Tone("#2b9fb8", "#04181d", "#136a7d", "#5cc4da"),
    "good": Tone("#2e7d4f", "#ffffff", "#256b43", "#6fcf97"),
    "ended": Tone("#5b656c", "#ffffff", "#4d555b", "#b6bdc2"),
    "test": Tone("#5b656c", "#ffffff", "#4d555b", "#b6bdc2"),
}
