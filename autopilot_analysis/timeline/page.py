"""A packed timeline as a section of a page, and the module and style sheet that draw it there."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.resources import files

from autopilot_analysis.colours import CLOCK_LINE, OPEN_LINE, OUTCOME_HATCHES, RESTART_LINE, coloured
from autopilot_analysis.tables.story import CLOCK_STEP, SLEEP
from autopilot_analysis.tables.timeline import (
    APPS,
    ATTEMPT,
    BY_NAME,
    EVENT,
    FINDING,
    MOST_TRACKS,
    OF_LOGS,
    PARTING,
    RECORDS,
    STAGE,
    STEP,
)
from autopilot_analysis.tables.verdict import ERROR, INFO, WARNING
from autopilot_analysis.timeline.packing import ERRORS, NO_EVENT_ID, Packed, as_text
from autopilot_analysis.timeline.search import (
    BY_CODE,
    BY_FINDING,
    BY_ID,
    CONTAINS,
    EQUALS,
    HOW_TO_SEARCH,
    SEARCHED,
    TERM,
)
from autopilot_analysis.wording import (
    BETWEEN,
    FAILED_SIGN,
    IN_MINUTES,
    NO_INSTANT,
    NO_TIME,
    RECORDS_AND_SPANS,
    ZONE,
)

MIME = "application/vnd.autopilot-analysis.timeline+json"
"""Under this type an output of a notebook carries a timeline to the page that is made of it."""


SHOWN_AS = "AUTOPILOT_ANALYSIS_SHOWN_AS"
"""Environment variable that says what a notebook runs for: "page", "still" (to be stored), else live."""
PARTS = ("words", "rows", "picture", "hands", "lists", "view")
"""Files of the module, each of which uses those before it."""
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
def read_module() -> str:
    """Return the module that draws a timeline: its parts in order, as page and notebook are given it."""
    return _shared() + "".join(_read(f"{part}.js") for part in PARTS)


@cache
def read_style() -> str:
    """Return the style sheet of the module, with the colours of pages."""
    return coloured(_read("timeline.css"))


def _shared() -> str:
    """Return the constants that the module has of Python, as its first lines."""
    shared: dict[str, object] = {
        "TERM": TERM.pattern,
        "HOW_TO_SEARCH": HOW_TO_SEARCH,
        "BY_ID": BY_ID,
        "BY_CODE": BY_CODE,
        "BY_FINDING": BY_FINDING,
        "SEARCHED": SEARCHED,
        "CONTAINS": CONTAINS,
        "EQUALS": EQUALS,
        "NO_EVENT_ID": NO_EVENT_ID,
        "EVENT": EVENT,
        "STAGE": STAGE,
        "ATTEMPT": ATTEMPT,
        "STEP": STEP,
        "FINDING": FINDING,
        "OF_LOGS": OF_LOGS,
        "ERROR": ERROR,
        "WARNING": WARNING,
        "INFO": INFO,
        "RECORDS": RECORDS,
        "ERRORS": ERRORS,
        "APPS": APPS,
        "BY_NAME": BY_NAME,
        "CLOCK_STEP": CLOCK_STEP,
        "SLEEP": SLEEP,
        "HATCHES": {outcome: hatch[:1] for outcome, hatch in OUTCOME_HATCHES.items()},
        "IN_MINUTES": IN_MINUTES,
        "MOST_TRACKS": MOST_TRACKS,
        "PARTING": PARTING,
        "RESTART_LINE": RESTART_LINE.page,
        "CLOCK_LINE": CLOCK_LINE.page,
        "OPEN_LINE": OPEN_LINE.page,
        "FAILED_SIGN": FAILED_SIGN,
        "ZONE": ZONE,
        "RECORDS_AND_SPANS": RECORDS_AND_SPANS,
        "NO_INSTANT": NO_INSTANT,
        "NO_TIME": NO_TIME,
        "BETWEEN": BETWEEN,
    }
    return "".join(f"const {name} = {json.dumps(value)};\n" for name, value in shared.items())


def _read(name: str) -> str:
    return files("autopilot_analysis.timeline").joinpath("module", name).read_text("utf-8")
