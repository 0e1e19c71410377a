"""Numbers of the pages that are constants: `30<!-- fleet/explanation/groups/counting.py SUPPORT -->`.

python tests/page_numbers.py    write them into README.md and docs/*.md as the constants are now
"""

from __future__ import annotations

import re
from datetime import timedelta
from importlib import import_module
from operator import attrgetter
from pathlib import Path

ROOT = Path(__file__).parents[1]
HELD = re.compile(
    r"(?P<number>\d[\d.,]*)<!-- (?P<place>[\w/]+)\.py (?P<name>[\w.]+) -->(?= (?P<unit>[%\w]+))?"
)
UNITS = {"day": 86_400, "hour": 3_600, "minute": 60, "second": 1}
SIZES = {"MiB": 1 << 20, "GiB": 1 << 30}


def pages() -> list[Path]:
    """Return the pages whose numbers are held."""
    return [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def written(value: float | timedelta, unit: str) -> str:
    """Return a constant as a page writes it before a unit, such as % or days.

    Args:
        value: The constant.
        unit: The word behind it; empty for none.
    """
    if isinstance(value, timedelta):
        value = value.total_seconds() / UNITS[unit.removesuffix("s")]
    if unit == "%":
        value = 100 * value
    value = value / SIZES.get(unit, 1)
    return f"{value:,.10g}"


def renewed(text: str) -> str:
    """Return a page with the numbers that it holds as their constants are now.

    Args:
        text: Of the page.
    """

    def as_it_is(held: re.Match[str]) -> str:
        module = import_module(f"autopilot_analysis.{held['place'].replace('/', '.')}")
        number = written(attrgetter(held["name"])(module), held["unit"] or "")
        return number + held[0].removeprefix(held["number"])

    return HELD.sub(as_it_is, text)


if __name__ == "__main__":
    for page in pages():
        page.write_text(renewed(page.read_text("utf-8")), "utf-8")
