"""What the screen of Get-AutopilotDiagnostics shows of the status page's items, in words for an answer."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.findings.looking import RECORD
from autopilot_analysis.readers.diagnostics_screen import SCRIPT_ERROR
from autopilot_analysis.tables import Tables
from autopilot_analysis.tables.items import APP, CALLED, POLICY
from autopilot_analysis.tables.outcomes import ENDED_WELL
from autopilot_analysis.tables.story import APPS

SOURCE = "diagnostics_screen"
CERTIFICATE = "certificate"
COUNTED = {**dict.fromkeys(APPS, APP), "policy": POLICY, "certificate": CERTIFICATE}
"""What the items of the status page are called, by their kind."""
LATE = timedelta(minutes=10)
"""An item that was done so long after the page had listed it is named."""
LISTS = {
    "expectedpolicies": POLICY,
    "expectedscepcerts": CERTIFICATE,
    "expectedmodernapppackages": APP,
}
"""What stands in the lists of the status page that the script shows with a time."""
_LISTED = r"(?i)\\esptrackinginfo\\.*\\(\w+)\\shown (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)z$"
_AS_SHOWN = "%F %T"
_LAST_PART = r"([^/\\]{1,60})[^/\\]*$"


class Shown(NamedTuple):
    """What the screen shows.

    Attributes:
        done: The items that are done, counted by what they are; empty for none.
        waiting: Those that are not, counted alike.
        names: What those are called that are not.
        late: Which item was done long after it was listed, as a sentence; empty for none.
        error: Where the script met an error of its own; empty for none.
        proofs: The records that say so, with their quote.
    """

    done: str
    waiting: str
    names: list[str]
    late: str
    error: str
    proofs: pl.DataFrame


def shown_items(tables: Tables, installs: pl.DataFrame) -> Shown | None:
    """Return what the screen of the script shows, None where no such screen was read, or nothing of use.

    Args:
        tables: Of one device.
        installs: Of the same.
    """
    screens = tables.members.filter(pl.col("source") == SOURCE)["member"].implode()
    own = installs.filter(pl.col("member").is_in(screens))
    errors = tables.properties.filter(pl.col("section") == SCRIPT_ERROR)
    noun = pl.col("kind").cast(pl.String).replace_strict(COUNTED, default=None, return_dtype=pl.String)
    items = own.with_columns(noun=noun, called=CALLED).drop_nulls("noun")
    last = items.group_by("item", maintain_order=True).last()
    if last.is_empty() and errors.is_empty():
        return None
    undone = _undone(tables.registry_values)
    again = pl.col("item").is_in(undone) | pl.col("item").str.extract(_LAST_PART).is_in(undone)
    well = pl.col("outcome").cast(pl.String).is_in(ENDED_WELL) & ~again
    done, waiting = last.filter(well), last.filter(~well)
    values = tables.registry_values.select(
        *RECORD, "name", quote=pl.format("{} = {}", "name", pl.col("value").fill_null(""))
    )
    of_items = values.join(waiting if waiting.height else done, on=RECORD, how="semi")
    of_errors = errors.select(*RECORD, "name", quote=pl.format("{} ({})", "value", "name"))
    return Shown(
        done=_counted(done),
        waiting=_counted(waiting),
        names=waiting.select(pl.coalesce(pl.col("called").str.extract(_LAST_PART), "called"))[
            "called"
        ].to_list(),
        late=_late(tables.registry_values),
        error=str(errors["name"][0]) if errors.height else "",
        proofs=pl.concat([of_errors, of_items]),
    )


def _counted(items: pl.DataFrame) -> str:
    """Return items counted by what they are: "2 policies and 1 certificate"; empty for none."""
    kinds = (
        items.group_by("noun", maintain_order=True).len().sort("len", descending=True, maintain_order=True)
    )
    counted = [wording.count(number, noun) for noun, number in kinds.iter_rows()]
    return " and ".join(filter(None, (", ".join(counted[:-1]), *counted[-1:])))


def _dated(values: pl.DataFrame) -> pl.DataFrame:
    """Return the values of the page's lists in order, each with the noun of its item and its time."""
    at = pl.col("key").str.extract(_LISTED, 2).str.to_datetime(_AS_SHOWN, time_unit="us", strict=False)
    noun = pl.col("key").str.extract(_LISTED, 1).str.to_lowercase().replace_strict(LISTS, default=None)
    dated = values.with_columns(at=at, noun=noun).drop_nulls(["at", "noun"])
    return dated.sort("at", "record", maintain_order=True)


def _undone(values: pl.DataFrame) -> list[str]:
    """Return the items, and what they are called for short, that the last session shows as not done."""
    last = _dated(values).group_by("name", maintain_order=True).last().filter(pl.col("value") == "0")
    names = last["name"].to_list()
    return [*names, *(name.rpartition("/")[2] for name in names)]


def _late(values: pl.DataFrame) -> str:
    """Return how long after the page had listed it the slowest item was done; empty where none was late."""
    dated = _dated(values)
    items = dated.group_by("name", maintain_order=True).agg(
        pl.col("noun").first(),
        listed=pl.col("at").filter(pl.col("value") == "0").min(),
        done=pl.col("at").filter(pl.col("value") == "1").min(),
    )
    waited = pl.col("done") - pl.col("listed")
    slowest = items.filter(waited >= LATE).sort(waited, maintain_order=True).tail(1)
    for noun_of_it, listed, done in slowest.select("noun", "listed", "done").iter_rows():
        times = f"{wording.clock_time(listed)} to {wording.clock_time(done)}"
        what = f"The slowest item, {wording.one_of(noun_of_it)}, was done {wording.span(done - listed)}"
        return f"{what} after the page had listed it ({times} by the device's own clock)."
    return ""
