"""Paragraphs of plain text that cannot carry markup, whatever an export brought into them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

import polars as pl

from autopilot_analysis.quoting import cut

LONGEST = 600
"""Characters of one paragraph; a value from an export may be of any length."""


@dataclass(frozen=True)
class Prose:
    """Paragraphs, each with a short heading (empty for none); whatever stands in them is shown as text."""

    paragraphs: tuple[tuple[str, str], ...]
    title: str = ""

    def __repr__(self) -> str:
        """Return the paragraphs as lines."""
        lines = [f"{name}: {text}" if name else text for name, text in self._shown()]
        return "\n".join([_plain(self.title), *lines] if self.title else lines)

    def _repr_html_(self) -> str:
        """Return the paragraphs as HTML, every value escaped."""
        head = f"<h2>{escape(_plain(self.title))}</h2>" if self.title else ""
        named = [(f"<strong>{escape(name)}.</strong> " if name else "", text) for name, text in self._shown()]
        return head + "".join(f"<p>{name}{escape(text)}</p>" for name, text in named)

    def to_frame(self) -> pl.DataFrame:
        """Return the paragraphs as a frame: `about`, `sentence`."""
        return pl.DataFrame(self.paragraphs, schema={"about": pl.String, "sentence": pl.String}, orient="row")

    def _shown(self) -> Iterator[tuple[str, str]]:
        for name, text in self.paragraphs:
            yield _plain(name), cut(_plain(text), LONGEST)


def _plain(text: str) -> str:
    """Return text on one line, without control or direction characters."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in " ".join(text.split()))
