"""Rows of different exports that are about the same attempt, and which of them to believe."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.fleet.frames import answers_in_kind, columns_of, with_columns_of
from autopilot_analysis.readers.serials import is_placeholder
from autopilot_analysis.tables.fleet import CAPTURE, REPORT_V2, TOLD_BY
from autopilot_analysis.tables.outcomes import FINISHED, SAME_START_WITHIN

AGAIN = r"#\d+$"
"""What readers add to a key that stands in one export twice."""

BELIEVED_FIRST = (CAPTURE, REPORT_V2, "graph", "report_v1", "log_analytics")
"""Origins by how near they stand to the device."""

BELIEVED_IN_WORDS = tuple(TOLD_BY[origin] for origin in BELIEVED_FIRST)


@answers_in_kind
def reconcile_deployments(deployments: pl.DataFrame) -> pl.DataFrame:
    """Say which rows of different exports tell of the same attempt, and which of them to believe; keep all.

    Rows meet when they are of one device (serial, else key) and their spans overlap or their starts lie
    within `SAME_START_WITHIN`; each row meets at most one of every other export: of those it overlaps, else
    of the others, the one that began nearest. Rows of one export are never one attempt: a retry stays a
    retry. Only a row with the key and the start of another is that row told again, as when a page was saved
    twice or last week's report lies beside today's.

    Args:
        deployments: Rows of `deployments`; a column `export` tells the exports of one origin apart.

    Returns:
        The rows in their order with `same`, the number of the attempt they tell of, and `believed`, true for
        one row of each attempt: one that saw the end before one that did not, then the origin that comes
        first in `BELIEVED_FIRST`.

    Raises:
        UnknownName: The frame lacks device or origin.
    """
    columns_of(deployments, (), "device", "origin")
    frame = with_columns_of(
        deployments,
        (
            "deployment",
            "serial",
            "name",
            "user",
            "started_at",
            "ended_at",
            "observed_until",
            "outcome",
            "flags",
        ),
    )
    source = pl.concat_str(
        pl.col("origin").cast(pl.String),
        pl.col("export").fill_null("") if "export" in frame.columns else pl.lit(""),
        separator="/",
    )
    ranks = {name: place for place, name in enumerate(BELIEVED_FIRST)}
    rank = pl.col("origin").cast(pl.String).replace_strict(ranks, default=len(BELIEVED_FIRST))
    rows = frame.select(
        row=pl.int_range(pl.len()),
        who=_who(),
        event=pl.struct("origin", _who(), pl.col("deployment").str.replace(AGAIN, ""), "started_at"),
        known=pl.all_horizontal(pl.col("deployment", "started_at").is_not_null()),
        source=source,
        name=pl.when(is_placeholder(pl.col("serial"))).then(pl.col("name").str.to_lowercase()),
        user=pl.col("user").str.to_lowercase(),
        started="started_at",
        until=pl.coalesce("ended_at", "observed_until", "started_at"),
        open=~_ended_seen(),
        rank=rank,
    )
    same = _joined(rows, pl.concat([_met(rows), _repeated(rows), _named_alike(rows)]))
    best = rows.with_columns(same=same).sort(
        "open", "rank", "until", "row", descending=[False, False, True, False]
    )
    believed = best.unique("same", keep="first", maintain_order=True)["row"]
    numbers = same.rank("dense").cast(pl.Int64)
    return deployments.with_columns(
        numbers.alias("same"), rows["row"].is_in(believed.implode()).alias("believed")
    )


def _ended_seen() -> pl.Expr:
    """Tell which rows saw an end; that MDM enrolment succeeded is none."""
    outcome = pl.col("outcome").cast(pl.String)
    enrolled = (outcome == "succeeded") & pl.col("flags").cast(pl.String).str.contains("enrollment_only")
    return outcome.is_in(FINISHED).fill_null(value=False) & ~enrolled.fill_null(value=False)


def _who() -> pl.Expr:
    """The device of a row: its serial unless a placeholder, else its key, in lower case."""
    serial = pl.when(~is_placeholder(pl.col("serial"))).then(pl.col("serial").str.strip_chars())
    return pl.coalesce(serial, "device").str.to_lowercase()


def _met(rows: pl.DataFrame) -> pl.DataFrame:
    """Return pairs of rows that may be one attempt and are nearest to each other; each pair both ways."""
    dated = rows.filter(pl.col("started").is_not_null())
    many = dated.filter(pl.col("source").n_unique().over("who") > 1)
    pairs = many.join(many, on="who", suffix="_2").filter(pl.col("source") != pl.col("source_2"))
    apart = (pl.col("started") - pl.col("started_2")).abs()
    overlap = (pl.col("started") <= pl.col("until_2")) & (pl.col("started_2") <= pl.col("until"))
    near = pairs.filter(overlap | (apart <= SAME_START_WITHIN)).with_columns(apart=apart, beside=~overlap)
    best = pl.col("row_2").sort_by("beside", "apart", "row_2").first().over("row", "source_2")
    nearest = near.filter(pl.col("row_2") == best)
    return nearest.join(nearest.select(row="row_2", row_2="row"), on=["row", "row_2"], how="semi").select(
        one="row", other="row_2"
    )


def _named_alike(rows: pl.DataFrame) -> pl.DataFrame:
    """Return pairs of rows whose serial is a placeholder, of one name, user and start; each pair both ways.

    Such a row has no key that two exports share. Where several devices of one export would do, none does.
    """
    nameless = rows.drop_nulls(["name", "user", "started"])
    pairs = nameless.join(nameless, on=["name", "user"], suffix="_2").filter(
        pl.col("source") != pl.col("source_2"),
        pl.col("who") != pl.col("who_2"),
        (pl.col("started") - pl.col("started_2")).abs() <= SAME_START_WITHIN,
    )
    one_each = [
        pl.col(who).n_unique().over(of) == 1
        for who, of in (("who_2", ["row", "source_2"]), ("who", ["row_2", "source"]))
    ]
    alone = pairs.filter(*one_each)
    return alone.select(one="row", other="row_2")


def _repeated(rows: pl.DataFrame) -> pl.DataFrame:
    """Return pairs of rows that are one event told again: each with the first that tells it; both ways."""
    first = pl.col("row").min().over("event")
    again = rows.filter("known").select(one="row", other=first)
    again = again.filter(pl.col("one") != pl.col("other"))
    return pl.concat([again, again.select(one="other", other="one")])


def _joined(rows: pl.DataFrame, met: pl.DataFrame) -> pl.Series:
    """Return, for each row, the lowest row it is joined with over any number of pairs."""
    label = rows["row"].alias("label")
    while True:
        reached = (
            met.select("one", label=label.gather(met["other"])).group_by("one").agg(pl.col("label").min())
        )
        lower = rows.select("row", own=label).join(
            reached, left_on="row", right_on="one", how="left", maintain_order="left"
        )
        after = lower.select(label=pl.min_horizontal("own", "label")).to_series()
        if after.equals(label):
            return label
        label = after
