"""A packed timeline as a section of a page, and the module and style sheet that draw it there."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from autopilot_analysis.timeline.packing import Packed, as_text

MIME = "application/vnd.autopilot-analysis.timeline+json"
"""Under this type an output of a notebook carries a timeline to the page that is made of it."""


SHOWN_AS = "AUTOPILOT_ANALYSIS_SHOWN_AS"
"""Environment variable that says what a notebook runs for: "page", "still" (to be stored), else live."""
OTHER_SIGNS = re.compile(r"[^A-Za-z0-9+/=]+")
"""What base64 does not have."""


def as_output(packed: Packed) -> dict[str, str]:
    """Return a packed timeline as an output of a notebook carries it: both blocks as base64."""
    return {"first": as_text(packed.first), "rest": as_text(packed.rest)}


def as_section(output: dict[str, str]) -> str:
    """Return the section of a page that shows a timeline; its blocks are data that no browser runs.

    Args:
        output: What `as_output` returned; anything in it that is not base64 is left out.
    """
    kind = "application/octet-stream"
    blocks = "".join(
        f'<script type="{kind}" class="timeline-{name}">{OTHER_SIGNS.sub("", output.get(name, ""))}</script>'
        for name in ("first", "rest")
    )
    return f'<section class="timeline" data-page aria-label="Timeline">{blocks}</section>'


@cache
def read_asset(name: str) -> str:
    """Return timeline.js or timeline.css, as the page and the notebook are given it."""
    return files("autopilot_analysis.timeline").joinpath(name).read_text("utf-8")
