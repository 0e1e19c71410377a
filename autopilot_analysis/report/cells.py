"""How the cells of a polars frame read: no quotes around words, instants to the second, few digits."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape, unescape
from typing import TYPE_CHECKING, Any

import polars as pl

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

INSTANT = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)(\.\d{1,9})?(?: ?(?:UTC|\+00:00))?\Z")
CAST_INSTANT = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)\.\d{6}\+00:00\Z")
"""How polars casts an instant to text."""
MIDNIGHT = " 00:00:00"
SPAN_PART = re.compile(r"(\d{1,20})(d|h|ms|m|us|µs|μs|ns|s)")
NANOSECONDS = {
    "d": 86_400 * 10**9, "h": 3_600 * 10**9, "m": 60 * 10**9, "s": 10**9,
    "ms": 10**6, "us": 1_000, "µs": 1_000, "μs": 1_000, "ns": 1,
}  # fmt: skip
DIGITS = 4
"""Significant digits of a fraction; whole numbers keep all of theirs."""

CELL = re.compile(r"<td>(.*?)</td>", re.DOTALL)


def say_plainly(text: str, kind: str) -> str:
    """Return a cell of a frame as a reader wants it; what is not of a known shape stays as it is.

    Args:
        text: The cell as polars writes it, unescaped.
        kind: The column's type as polars writes it, such as "str", "enum" or "datetime[μs, UTC]".
    """
    if kind in ("str", "enum", "cat") and len(text) > 1 and text[0] == text[-1] == '"':
        bare = text[1:-1]
        if bare == "null":
            return text  # the word, not the lack of one
        told = CAST_INSTANT.match(bare)
        return f"{told[1]} UTC" if told else bare
    if kind in ("str", "enum", "cat") and text.startswith('"') and text.endswith("…"):
        return text[1:]  # cut short, and so without its second quote
    if kind.startswith("datetime") and (told := INSTANT.match(text)):
        return told[1]
    if kind.startswith("duration"):
        return _span(text)
    return _number(text) if kind in ("f32", "f64") else text


def name_plainly(name: str, kind: str) -> str:
    """Return a column's name; one of instants says that they are UTC, so that no cell has to.

    Args:
        name: The column.
        kind: Its type as polars writes it.
    """
    return f"{name} (UTC)" if kind.startswith("datetime") and "UTC" in kind else name


def all_midnight(texts: Sequence[str]) -> bool:
    """Whether instants are days: each of them midnight, so that the time of day says nothing."""
    return bool(texts) and all(text.endswith(MIDNIGHT) for text in texts)


def frame_html(frame: pl.DataFrame) -> str:
    """Return a frame as polars lays it out in a notebook, its cells said plainly.

    Args:
        frame: Any frame; `polars.Config` decides how much of it is shown, as ever.
    """
    html = str(frame._repr_html_())  # polars' own layout is what analysts know, so only cells change
    head, body, rest = html.partition("</thead>")
    kinds = [unescape(kind) for kind in CELL.findall(head)]
    if not kinds:
        return html
    place = iter(range(len(rest)))

    def plainly(found: re.Match[str]) -> str:
        said = say_plainly(unescape(found[1]), kinds[next(place) % len(kinds)])
        return f"<td>{escape(said)}</td>"

    return head + body + CELL.sub(plainly, rest)


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Let a notebook show polars frames plainly; `%load_ext autopilot_analysis` calls this.

    Args:
        shell: The notebook's own.
    """
    formatter: Any = shell.display_formatter
    formatter.formatters["text/html"].for_type(pl.DataFrame, frame_html)


def _span(text: str) -> str:
    """Return a span to the nearest second, as figures say it; one below a second stays as it is."""
    parts = SPAN_PART.findall(text)
    if not parts or "".join(SPAN_PART.sub("", text).split()) not in ("", "-"):
        return text
    whole = sum(int(amount) * NANOSECONDS[unit] for amount, unit in parts)
    if 0 < whole < NANOSECONDS["s"]:
        return text
    left, said = round(whole / NANOSECONDS["s"]), []
    for unit in ("d", "h", "m", "s"):
        amount, left = divmod(left, NANOSECONDS[unit] // NANOSECONDS["s"])
        said += [f"{amount}{unit}"] if amount else []
    return ("-" if text.startswith("-") else "") + (" ".join(said) or "0s")


def _number(text: str) -> str:
    """Return a fraction with few digits; a whole number and what is no number stay."""
    try:
        value = float(text)
    except ValueError:
        return text
    if value != value or value in (float("inf"), float("-inf")):  # noqa: PLR0124  # not a number
        return text
    if value == int(value) and abs(value) < 1e15:
        return f"{int(value)}"
    return f"{value:.{DIGITS}g}" if abs(value) < 1000 else f"{value:.0f}"
