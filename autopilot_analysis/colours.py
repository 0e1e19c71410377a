"""Colours that figures draw with and pages show in their own, light or dark: each by what it says."""

from __future__ import annotations

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


def coloured(style: str) -> str:
    """Return a style sheet with the colours it calls by name, such as `[fill="QUIET"]`.

    Args:
        style: The sheet as it is written.
    """
    for name, colour in SHOWN_AS.items():
        style = style.replace(f'"{name}"', f'"{colour.lower()}"')
    return style
