"""Sound tables to be spoilt."""

from functools import cache
from pathlib import Path

from autopilot_analysis import open_export, read_tables

ROOT = Path(__file__).parents[2]


@cache
def sound_tables(name="esp-app-timeout.zip"):
    with open_export(ROOT / "data" / name) as export:
        return read_tables(export)
