"""What tools that ask for one thing say is well, in words for the verdict on a device."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.facts import read_facts
from autopilot_analysis.facts.source_names import LISTED_OBJECTS, MANAGE_BDE, TPM_TEXT
from autopilot_analysis.tables import Tables

SOURCES = [LISTED_OBJECTS, "network_answers", TPM_TEXT, MANAGE_BDE]
"""Sources that answer one question: nothing else of the device was read."""
A_FAILURE = r"(?i)\b0x[89][0-9a-f]{7}\b"
"""A result code of a failure, as somebody may write it above what a tool said."""
COMPLETED = "TraceDownloadCompleted"
"""The function that writes into the log of Delivery Optimization that a download is whole."""


def good_words(tables: Tables, device: str) -> str | None:
    """Return what went well, by the answers of tools alone.

    Args:
        tables: What `read_tables` returned.
        device: Its key.

    Returns:
        None where anything else of the device was read, or no tool says that something is well.
    """
    sources = tables.members.filter(pl.col("device") == device)["source"]
    if not sources.is_in(SOURCES).all() or _names_a_failure(tables, device):
        return None
    words = [*_good(tables.properties.filter(pl.col("device") == device)), *_downloads(tables, device)]
    return f"{', '.join(words)}; {wording.NOTHING_FAILED}" if words else None


def _names_a_failure(tables: Tables, device: str) -> bool:
    """Tell whether a line that no tool is known to write names a result code of a failure."""
    own = tables.properties.filter(pl.col("device") == device, pl.col("section").fill_null("") == "")
    return any(own[column].fill_null("").str.contains(A_FAILURE).any() for column in ("name", "value"))


def _good(facts: pl.DataFrame) -> Iterator[str]:
    """Yield the words of each row of facts/good_signs.csv that is met, with how many objects meet it."""
    for sign in read_facts("good_signs").iter_rows(named=True):
        met = facts.filter(
            pl.col("section").str.contains(sign["section"]),
            pl.col("name").str.to_lowercase().str.contains(sign["name"]),
            pl.col("value").fill_null("").str.contains(sign["value"]),
        )
        objects = met["section"].unique(maintain_order=True)
        if len(objects) == 1:
            subject = objects.str.extract(sign["section"])[0] if "{subject}" in sign["one"] else ""
            yield sign["one"].format(subject=subject.replace(" ", " port "))
        elif len(objects):
            yield (sign["several"] or sign["one"]).format(number=f"{len(objects):,}")


def _downloads(tables: Tables, device: str) -> Iterator[str]:
    """Yield how many downloads the log of Delivery Optimization calls completed."""
    own = tables.log_lines.filter(pl.col("device") == device)
    number = own.filter(pl.col("component").fill_null("").str.contains(COMPLETED, literal=True)).height
    if number:
        yield f"{wording.count(number, 'download')} completed by Delivery Optimization"
