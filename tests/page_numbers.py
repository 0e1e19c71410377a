"""Numbers and words of pages that are constants: `30<!-- fleet/explanation/groups/counting.py SUPPORT -->`.

Several words stand between asterisks, quotes or backticks, as in
`*No sign*<!-- fleet/postmortem/ruled_out.py NO_SIGN -->`, or between two comments:
`<!-- fleet/measures/nearest.py COUNTED: -->model and build<!-- end -->`. So do a span of time
and a list, and what stands around the first of it stands around each. The first comment begins no line, which
would be no prose then.
Behind a point stands a part of a constant, as in `OUTCOMES.skipped`; an id is written in words. Of facts a
column is listed: `<!-- facts/list_states.csv language: -->`, or of some rows, those of
one first cell: `<!-- facts/enums.csv complianceState.number: -->`. Between backticks a word stays as it is.

Names of notebooks need no comment: each is known by its number, in docstrings and parameters too.
Of the timeline's page too, as `50<!-- timeline/module/words.js NARROWEST -->` and, of a table of signs there,
`cross<!-- timeline/module/words.js SIGNS.finding -->`.

python tests/page_numbers.py    write them into README.md, data/README.md, docs/*.md and the notebooks' words,
                                and docs/constants.md anew
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import nbformat
from babel import Locale
from constants_page import PAGE, page

from autopilot_analysis.facts import read_facts
from autopilot_analysis.wording import NOTEBOOKS, TITLES, span, words

ROOT = Path(__file__).parents[1]
HELD = re.compile(
    r"(?P<number>\d[\d.,]*|[A-Za-z][a-z-]*|(?P<mark>[*\"`])[^*\"`\n]+(?P=mark))"
    r"<!-- (?P<place>[\w/]+)\.(?P<kind>py|js) (?P<name>[\w.]+) -->(?= (?P<unit>[%\w]+))?"
)
LISTED = re.compile(
    r"(?P<begin><!-- (?P<place>[\w/]+)\.(?P<kind>py|csv) (?P<name>[\w.]+): -->)"
    r"(?P<words>.+?)(?P<end><!-- end -->)",
    re.DOTALL,
)
UNITS = {"day": 86_400, "hour": 3_600, "minute": 60, "second": 1}
SIZES = {"MiB": 1 << 20, "GiB": 1 << 30, "million": 10**6}


def pages() -> list[Path]:
    """Return the pages whose numbers are held."""
    return [ROOT / "README.md", ROOT / "data" / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def written(value: float | timedelta | str, unit: str) -> str:
    """Return a constant as a page writes it before a unit, such as % or days.

    Args:
        value: The constant; a word stays as it is.
        unit: The word behind it; empty for none.
    """
    if isinstance(value, str):
        return words(value)
    if isinstance(value, timedelta):
        value = value.total_seconds() / UNITS[unit.removesuffix("s")]
    if unit == "%":
        value = 100 * value
    value = value / SIZES.get(unit, 1)
    return f"{value:,.10g}"


def as_listed(values: str | timedelta | Iterable[str], before: str) -> str:
    """Return words, or several of them, as a page lists them; a span of time by its largest units.

    A name that says nothing by itself, such as that of a percentile, stands as the heading of its column.

    Args:
        values: The constant.
        before: What stands there: marks around its first word stand around each, which is then no prose.
    """
    if isinstance(values, timedelta):
        return span(values)
    if isinstance(values, str):
        return TITLES.get(values, values)
    left, right = re.match(r"([^\w.]*)\.?[\w ]+?(\W*)(?:, | and | or |$)", before).groups()
    joined = " or " if " or " in before else " and "
    *others, last = [f"{left}{name}{right}" if left else words(name) for name in values]
    return joined.join([", ".join(others), last]) if others else last


def of_module(place: str, name: str) -> Any:
    """Return a constant of a module, or behind a point a part of it; an id among several is itself."""
    value = import_module(f"autopilot_analysis.{place.replace('/', '.')}")
    for part in name.split("."):
        if isinstance(value, Mapping):
            value = value[part]
        elif isinstance(value, (list, tuple)) and part in value:
            value = part
        else:
            value = getattr(value, part)
    return value


def of_facts(place: str, name: str) -> list[str]:
    """Return what a column of facts holds, each once and languages by their names; of some rows each."""
    table = read_facts(place.removeprefix("facts/"))
    rows, of_rows, name = name.rpartition(".")
    if of_rows:
        table = table.filter(table[table.columns[0]] == rows)
    held = table[name].drop_nulls()
    if name == "language":
        return [Locale.parse(each).get_display_name("en") for each in held.unique(maintain_order=True)]
    return list(held if of_rows else held.unique(maintain_order=True))


def of_script(place: str, name: str) -> float | str:
    """Return a constant of a script of the package, as in a `const`, or the word of one of its rows."""
    text = (ROOT / "autopilot_analysis" / f"{place}.js").read_text("utf-8")
    table, dot, row = name.partition(".")
    if dot:
        rows = re.search(rf"^const {table} = {{(.*?)}};", text, re.MULTILINE | re.DOTALL)[1]
        return re.search(rf'\b{row}: (?:{{ word: )?"([^"]+)"', rows)[1]
    value = re.search(rf'^const [^;]*\b{name} = ("[^"]*"|[\d.e]+)[,;]', text, re.MULTILINE)[1]
    return value.strip('"') if value.startswith('"') else float(value)


def with_notebooks(text: str) -> str:
    """Return a text that names notebooks of the package by the names that they have now, known by number.

    Args:
        text: Of a page, a cell or a module.
    """
    for name in NOTEBOOKS:
        text = re.sub(rf"(?<![\w-]){name[:2]}_[a-z]+(?:_[a-z]+)*\b", name, text)
    return text


def renewed(text: str) -> str:
    """Return a page with the numbers that it holds as their constants are now.

    Args:
        text: Of the page.
    """

    def as_it_is(held: re.Match[str]) -> str:
        value = (of_script if held["kind"] == "js" else of_module)(held["place"], held["name"])
        mark = held["mark"] or ""
        number = value if mark == "`" and isinstance(value, str) else written(value, held["unit"] or "")
        number = number[:1].upper() + number[1:] if held["number"].removeprefix(mark)[0].isupper() else number
        return f"{mark}{number}{mark}{held[0].removeprefix(held['number'])}"

    def as_they_are(listed: re.Match[str]) -> str:
        values = of_facts if listed["kind"] == "csv" else of_module
        text = as_listed(values(listed["place"], listed["name"]), listed["words"])
        return listed["begin"] + text + listed["end"]

    return with_notebooks(LISTED.sub(as_they_are, HELD.sub(as_it_is, text)))


def renew_words(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Return a notebook whose words hold numbers and words as their constants are now."""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = renewed(cell.source)
    return notebook


if __name__ == "__main__":
    for module in (ROOT / "autopilot_analysis").rglob("*.py"):
        module.write_text(with_notebooks(module.read_text("utf-8")), "utf-8")
    PAGE.write_text(page(), "utf-8")
    for held in pages():
        held.write_text(renewed(held.read_text("utf-8")), "utf-8")
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        nbformat.write(renew_words(nbformat.read(path, as_version=4)), path)
