"""Colours that figures draw with and pages show in their own, light or dark, and how lines are broken."""

from __future__ import annotations

from typing import NamedTuple

FAILURE = "#B00020"
QUIET = "#6b7280"
"""Of notes and of what matters less."""
INK = "#1f2937"
"""Of words and axes."""
GRID = "#e5e7eb"
PALE = "#d1d5db"
SHADE = "#f3f4f6"
"""Of what lies behind: lines of a grid, what is unknown, stretches that were left out."""
PAPER = "#ffffff"

SHOWN_AS = {"FAILURE": FAILURE, "QUIET": QUIET, "GRID": GRID, "PALE": PALE, "SHADE": SHADE, "PAPER": PAPER}
"""Names by which the style of a page calls them."""


class Shade(NamedTuple):
    """A colour of a page: by day, by night and on paper, there that of the day unless it says otherwise."""

    light: str
    dark: str
    printed: str = ""


class Line(NamedTuple):
    """How a line is broken: as figures spell it, as dots drawn and left out on a page, and in words."""

    figure: str
    page: tuple[int, ...]
    words: str


RESTART_LINE = Line(":", (2, 3), "dotted")
"""Of starts, shutdowns and renames."""
CLOCK_LINE = Line("-.", (7, 3, 2, 3), "dash-dotted")
"""Of steps of the clock."""
OPEN_LINE = Line("--", (3, 3), "dashed")
"""Around a span whose end is not recorded."""
OUTCOME_HATCHES = {"succeeded": "", "failed": "////", "skipped": "..", "unfinished": "\\\\", "unknown": "xx"}
"""Of spans, by how they ended: figures draw them so dense, the timeline of a page takes the first sign."""
CHANGE_LINE = Line("--", (3, 3), "dashed")
"""Of days on which a level moved."""
ACCENT, ACCENT_DARK = "#0b6b63", "#5cc4b8"
"""Of links, of bars of a timeline, of the first of two devices."""
PALE_ACCENT = "#9fc9c4"
"""Of the second of two devices: of the hue of the accent, and told from it in grey too."""
ACCENT_WASH, ACCENT_WASH_DARK = "#e4f1ef", "#17332f"
"""Behind the row that is pointed at: of the hue of the accent."""
LINE, LINE_DARK = "#e1e4e6", "#30373d"
_SHADES = {
    "paper": ("#fbfbfa", "#14181b", "#fff"),
    "card": (PAPER, "#1b2024", "#fff"),
    "ink": ("#1d2327", "#e3e7ea", "#000"),
    "soft": ("#59646d", "#9ba7b0", "#444"),
    "line": (LINE, LINE_DARK, "#bbb"),
    "wash": ("#f2f4f5", "#22282d", "#f2f2f2"),
    "accent": (ACCENT, ACCENT_DARK),
    "accent-wash": (ACCENT_WASH, ACCENT_WASH_DARK, "#fff"),
    "bad": ("#a4262c", "#ff9d9d"),
    "bad-wash": ("#fbe9e9", "#42201f", "#fff"),
    "warn": ("#8a5300", "#f3c26b"),
    "warn-wash": ("#fdf1dc", "#3d2f12", "#fff"),
    "good": ("#1c6b37", "#86d69c"),
    "good-wash": ("#e5f3e9", "#18351f", "#fff"),
    "calm": ("#4a5560", "#b4bfc7", "#444"),
    "calm-wash": ("#eceff1", "#2a3136", "#fff"),
    "shade": ("#0003", "#000c"),
    "band": (LINE, LINE_DARK, "#e8eaec"),
    "hit": ("#ffb000", "#c98a00"),
    "pick": ("#7a2ea0", "#d9a2f5"),
    "quiet": ("#7d8790", "#75808a"),
}
SHADES = {name: Shade(*shade) for name, shade in _SHADES.items()}
"""What pages and the timeline show: outcomes are bad, warn, good and calm, each with the wash behind it."""


def coloured(style: str) -> str:
    """Return a style sheet with the colours it calls by name: `[fill="QUIET"]`, `--bad: "bad dark"`.

    Args:
        style: The sheet as it is written.
    """
    for name, colour in SHOWN_AS.items():
        style = style.replace(f'"{name}"', f'"{colour.lower()}"')
    for name, (light, dark, printed) in SHADES.items():
        for where, colour in (("light", light), ("dark", dark), ("printed", printed or light)):
            style = style.replace(f'"{name} {where}"', colour)
    return style
