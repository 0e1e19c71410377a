"""Two devices, or one device twice, side by side: stages, items, facts and settings, and what differs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NamedTuple

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.facts.source_names import WINHTTP_PROXY
from autopilot_analysis.tables import STAGES, Tables, Trace
from autopilot_analysis.tables.items import CALLED, ITEMS
from autopilot_analysis.tables.story import in_words

LEAST_CHANGE = timedelta(minutes=1)
"""A span that differs by less is alike."""
LEAST_FACTOR = 1.5
"""And so is one that is not this many times as long as the other."""
MOST_NAMED = 5
"""Items that one side alone tells of are named up to this number; the frame of items has them all."""
UNTIMED = ["policy", "certificate", "network"]
"""Kinds of items whose spans say when a session came by, not how long the item took."""
FACTS = [
    "scenario",
    "profile_name",
    "profile_state",
    "registered",
    "tenant_domain",
    "manufacturer",
    "model",
    "build",
    "edition",
    "tpm_version",
    "time_zone",
]
"""Columns of devices that two devices may have in common, the most telling first."""
PROXY, PROXY_FACTS = WINHTTP_PROXY, ["access", "proxy server", "bypass list"]
"""The source, and its properties, that say how system services reach the network."""
ROOTS = "roots that servers showed"
DIFFERENCES = ["part", "what", "first", "second", "note"]
NO_PROOF = "the {} has no word of it, which proves nothing"
NOT_REACHED = "the {} got no further than {}"


class Side(NamedTuple):
    """One of the two: what was read, what happened, and whose."""

    tables: Tables
    trace: Trace
    device: str

    def rows(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Return the rows of a frame that are this device's."""
        return frame.filter(pl.col("device") == self.device)


Captured = Callable[[str], Side | None]
"""Finds the side of a device by its key or serial: None where no capture tells of it."""


@dataclass(frozen=True)
class Compared:
    """What stands side by side; `_first` and `_second` end the columns that both sides fill."""

    differs: pl.DataFrame
    """part, what, first, second, note: what differs first, in the order in which things happen."""
    stages: pl.DataFrame
    items: pl.DataFrame
    facts: pl.DataFrame
    settings: pl.DataFrame
    network: pl.DataFrame


def compare_devices(first: Side, second: Side) -> Compared:
    """Return two devices, or two captures of one, side by side.

    Args:
        first: One of them.
        second: The other.

    Returns:
        Frames of stages as each was last run, of every item, of facts, of settings and of the network.
        `differs` lists stages that ended differently, then items, versions, facts, the way to the network,
        settings, and last what took much longer.
        What one side has no word of proves no difference: it stands there once, and `note` says so.
    """
    stages, items = _stages(first, second), _items(first, second)
    facts, settings = _facts(first, second), _settings(first, second)
    network = _side_by_side([_network_facts(side) for side in (first, second)], ["fact"], ["value"])
    rows = [
        *_outcomes(stages, "stage", "stage"),
        *_stages_of_one(stages),
        *_item_rows(items),
        *_fact_rows(facts, "device"),
        *_fact_rows(network, "network"),
        *_setting_rows(settings),
        *_timing_rows(stages, "stage"),
        *_timing_rows(items.filter(~pl.col("kind").cast(pl.String).is_in(UNTIMED)), "name"),
    ]
    differs = pl.DataFrame(rows, schema=dict.fromkeys(DIFFERENCES, pl.String), orient="row")
    return Compared(differs, stages, items, facts, settings, network)


def _side_by_side(sides: list[pl.DataFrame], keys: list[str], values: list[str]) -> pl.DataFrame:
    """Return the rows of both by their keys, the first's in its order, then what only the second has."""
    one = sides[0].select(*keys, pl.col(values).name.suffix("_first"))
    other = sides[1].select(*keys, pl.col(values).name.suffix("_second"))
    joined = one.join(
        other, on=keys, how="full", coalesce=True, nulls_equal=True, maintain_order="left_right"
    )
    pairs = [f"{value}_{side}" for value in values for side in ("first", "second")]
    return joined.select(*keys, *pairs)


def _stages(first: Side, second: Side) -> pl.DataFrame:
    """Return each stage as it was last run on either side, in their order, with the change of its span."""
    values = ["outcome", "waited", "code", "ended_member", "ended_record"]
    sides = [_last_runs(side).select("stage", *values) for side in (first, second)]
    joined = _side_by_side(sides, ["stage"], values).with_columns(_change())
    return joined.sort(pl.col("stage").cast(pl.Enum(STAGES)), maintain_order=True)


def _last_runs(side: Side) -> pl.DataFrame:
    """Return each stage's last run; a run that its scenario left out stands only where there is no other."""
    ran = pl.col("outcome").cast(pl.String) != "skipped"
    runs = side.rows(side.trace.stage_runs).sort(ran, "attempt", maintain_order=True)
    texts = runs.with_columns(pl.col("stage", "outcome").cast(pl.String))
    return texts.unique("stage", keep="last", maintain_order=True)


def _change() -> pl.Expr:
    return (pl.col("waited_second") - pl.col("waited_first")).alias("change")


def _items(first: Side, second: Side) -> pl.DataFrame:
    """Return each app, script, policy and certificate once: how it ended, after how many tries."""
    values = ["outcome", "tries", "waited", "version", "code", "member", "record"]
    keys = ["kind", "item", "name"]
    sides = [_last_tries(side).select(*keys, *values) for side in (first, second)]
    names = pl.concat([side.select("item", "name") for side in sides]).drop_nulls("name").unique("item")
    named = [side.drop("name").join(names, on="item", how="left", maintain_order="left") for side in sides]
    joined = _side_by_side(named, keys, values).with_columns(_change())
    return joined.with_columns(CALLED)


def _last_tries(side: Side) -> pl.DataFrame:
    tries = side.rows(side.trace.installs).with_columns(pl.col("kind").cast(pl.String))
    return tries.group_by("kind", "item", maintain_order=True).agg(
        pl.col("name").drop_nulls().last(),
        tries=pl.len(),
        waited=pl.when(pl.col("waited").count() > 0).then(pl.col("waited").sum()),
        **{name: pl.col(name).last() for name in ("outcome", "version", "code", "member", "record")},
    )


def _facts(first: Side, second: Side) -> pl.DataFrame:
    sides = []
    for side in (first, second):
        own = in_words(pl.col("scenario", "profile_state"))
        flags = pl.selectors.boolean().replace_strict({True: "yes", False: "no"}, return_dtype=pl.String)
        facts = side.rows(side.tables.devices).head(1).select(FACTS).with_columns(flags)
        row = facts.with_columns(pl.all().cast(pl.String)).with_columns(own)
        sides.append(row.unpivot(variable_name="fact", value_name="value"))
    return _side_by_side(sides, ["fact"], ["value"]).filter(
        pl.any_horizontal(pl.col("value_first", "value_second").is_not_null())
    )


def _network_facts(side: Side) -> pl.DataFrame:
    """Return how system services reach the network, and which roots the servers' certificates led to.

    A root of one's own says that something on the way opens what is sent.
    """
    text = side.rows(side.tables.members).filter(pl.col("source") == PROXY).select("member")
    written = side.rows(side.tables.properties).join(text, on="member", how="semi", maintain_order="left")
    proxy = written.filter(pl.col("name").is_in(PROXY_FACTS)).unique("name", keep="last", maintain_order=True)
    roots = side.rows(side.trace.tls_checks)["root"].drop_nulls().unique().sort().to_list()
    shown = pl.DataFrame({"fact": [ROOTS], "value": ["; ".join(roots)]}).head(min(len(roots), 1))
    return pl.concat([proxy.select(fact="name", value="value"), shown])


def _settings(first: Side, second: Side) -> pl.DataFrame:
    keys, values = ["scope", "area", "name"], ["value", "status", "code"]
    sides = [
        side.rows(side.tables.settings).select(*keys, *values).unique(keys, keep="last", maintain_order=True)
        for side in (first, second)
    ]
    return _side_by_side(sides, keys, values)


Row = tuple[str, str, str | None, str | None, str | None]


def _outcomes(frame: pl.DataFrame, part: str, name: str) -> Iterator[Row]:
    """Yield what ended differently where both sides tell of it."""
    both = frame.filter(pl.all_horizontal(pl.col("outcome_first", "outcome_second").is_not_null()))
    for row in both.iter_rows(named=True):
        one, other = _ended(row, "first"), _ended(row, "second")
        if one != other:
            yield part, wording.words(row[name]), one, other, None


def _stages_of_one(stages: pl.DataFrame) -> Iterator[Row]:
    """Yield the stages that one side alone tells of: never reached, or without a record."""
    for missing, other in (("first", "second"), ("second", "first")):
        alone = stages.filter(pl.col(f"outcome_{missing}").is_null(), pl.col(f"outcome_{other}") != "skipped")
        known = stages[f"outcome_{missing}"].is_not_null().arg_true()
        last = stages["stage"][int(known[-1])] if known.len() else STAGES[-1]
        later = alone["stage"].cast(pl.Enum(STAGES)) > last
        reached = NOT_REACHED.format(missing, wording.words(last))
        for names, note in ((alone.filter(later), reached), (alone.filter(~later), NO_PROOF.format(missing))):
            if names.height:
                yield _only("stage", [wording.words(name) for name in names["stage"]], missing, note)


def _ended(row: dict[str, Any], side: str) -> str:
    """Return how something ended on one side: "failed (0x80180014)"."""
    code = row[f"code_{side}"]
    return wording.words(row[f"outcome_{side}"]) + (f" ({code})" if code else "")


def _only(part: str, names: list[str], missing: str, note: str = "") -> Row:
    """Return the row on what one side has no word of."""
    pair = (None, "seen") if missing == "first" else ("seen", None)
    return part, ", ".join(names), *pair, note or NO_PROOF.format(missing)


def _item_rows(items: pl.DataFrame) -> Iterator[Row]:
    """Yield items that ended differently, failed ones first, then those of another version."""
    for missing, other in (("first", "second"), ("second", "first")):
        alone = items.filter(pl.col(f"outcome_{missing}").is_null())
        if alone.height and alone.height == items[f"outcome_{other}"].count():
            yield _only("item", [ITEMS], missing)
            return
    failed = pl.any_horizontal(pl.col("outcome_first", "outcome_second").is_in(["failed", "unfinished"]))
    ordered = items.sort(~failed.fill_null(value=False), maintain_order=True)
    yield from _outcomes(ordered, "item", "name")
    for missing in ("first", "second"):
        names = ordered.filter(pl.col(f"outcome_{missing}").is_null())["name"].to_list()
        if names:
            yield _only("item", names[:MOST_NAMED] + _left(len(names) - MOST_NAMED), missing)
    for row in ordered.iter_rows(named=True):
        one, other = row["version_first"], row["version_second"]
        if one and other and one != other:
            yield "version", row["name"], one, other, None


def _left(number: int) -> list[str]:
    return [wording.and_more(number, "")] if number > 0 else []


def _fact_rows(facts: pl.DataFrame, part: str) -> Iterator[Row]:
    for row in facts.iter_rows(named=True):
        one, other = row["value_first"], row["value_second"]
        if one is not None and other is not None and one != other:
            yield part, wording.words(row["fact"]), one, other, None


def _setting_rows(settings: pl.DataFrame) -> Iterator[Row]:
    """Yield settings of another value or state; those that one side alone tells of are counted."""
    fits = {
        side: pl.any_horizontal(pl.col(f"{name}_{side}").is_not_null() for name in ("value", "status"))
        for side in ("first", "second")
    }
    for row in settings.filter(*fits.values()).iter_rows(named=True):
        one, other = _setting(row, "first"), _setting(row, "second")
        if one != other:
            yield "setting", f"{row['area']}/{row['name']}", one, other, None
    for side, other in (("first", "second"), ("second", "first")):
        names = settings.filter(~fits[side], fits[other])
        if names.height:
            yield _only("setting", [wording.count(names.height, "setting")], side)


def _setting(row: dict[str, Any], side: str) -> str:
    parts = [row[f"value_{side}"], row[f"status_{side}"], row[f"code_{side}"]]
    return ", ".join(part for part in parts if part)


def _timing_rows(frame: pl.DataFrame, name: str) -> Iterator[Row]:
    """Yield what took much longer on one side, the greatest change first."""
    spans = pl.col("waited_first", "waited_second")
    much = pl.max_horizontal(spans) >= LEAST_FACTOR * pl.min_horizontal(spans)
    changed = frame.filter(pl.col("change").abs() >= LEAST_CHANGE, much)
    for row in changed.sort(pl.col("change").abs(), descending=True, maintain_order=True).iter_rows(
        named=True
    ):
        one, other = (wording.span(row[f"waited_{side}"]) for side in ("first", "second"))
        longer = "the second" if row["change"] > timedelta() else "the first"
        yield (
            "timing",
            wording.words(row[name]),
            one,
            other,
            f"{wording.span(abs(row['change']))} longer on {longer}",
        )
