"""Records of event logs and text logs as rows of the timeline, each with a title, a lane and a level."""

from __future__ import annotations

from functools import cache

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.facts import one_each, read_facts
from autopilot_analysis.quoting import CUT
from autopilot_analysis.tables.timeline import LANES, LEVELS, LOG_LINE, LONGEST_TITLE
from autopilot_analysis.tables.verdict import ERROR, INFO, WARNING
from autopilot_analysis.wording import BETWEEN

MOST_OF_FIELDS = 160
"""Signs of a record's fields from which a title is made; the whole of them stands in `text`."""
OF_TELEMETRY = r'"PartA_PrivTags":\d+,?'
"""A field that every event of a trace carries and that says nothing of it."""
OWN_TRACK = "Records"
"""Row of a lane on which single records stand, beside the spans of that lane."""
OF_SEVERITY = {level: level for level in (ERROR, WARNING, INFO)}


def shorten(title: pl.Expr) -> pl.Expr:
    """Return a title on one line, cut to the length of a title."""
    flat = title.str.slice(0, 4 * LONGEST_TITLE).str.replace_all(r"\s+", " ").str.strip_chars()
    short = flat.str.len_chars() <= LONGEST_TITLE
    return pl.when(short).then(flat).otherwise(flat.str.slice(0, LONGEST_TITLE - 1) + CUT)


@cache
def lane_of(of: str) -> dict[str, str]:
    """Return which lane each stage, kind of install or mark stands in.

    Args:
        of: Which of the three.
    """
    rows = read_facts("timeline_lanes").filter(pl.col("of") == of)
    return dict(rows.select("name", "lane").iter_rows())


@cache
def event_titles() -> pl.DataFrame:
    """Return what is known of events: their provider in lower case, id, wording, lane, and whether noise.

    An event without a title of its own that is always one mark is called as the mark is.
    """
    titled = one_each(read_facts("event_titles"), "provider").select(
        low_provider=pl.col("provider").str.to_lowercase(),
        event_id=pl.col("event_id").cast(pl.Int64),
        wording="title",
        known_lane=pl.col("lane").cast(pl.Enum(LANES)),
        noise=pl.col("dim") == "yes",
    )
    return pl.concat([titled, _called_as_marks().join(titled, on=["low_provider", "event_id"], how="anti")])


def _called_as_marks() -> pl.DataFrame:
    """Return events by the one mark that each of them always is; what its fields decide is not known here."""
    events = one_each(read_facts("stages"), "provider").filter(
        pl.col("kind") == "event", pl.col("event_id").is_not_null()
    )
    mark, stage = pl.col("mark"), pl.col("stage")
    always_one = (pl.col("pattern").is_null().all() & (mark.n_unique() == 1)).over("provider", "event_id")
    return (
        events.filter(always_one)
        .unique(["provider", "event_id"], keep="first", maintain_order=True)
        .select(
            low_provider=pl.col("provider").str.to_lowercase(),
            event_id=pl.col("event_id").cast(pl.Int64),
            wording=mark.map_elements(wording.heading, return_dtype=pl.String),
            known_lane=pl.coalesce(
                stage.replace_strict(lane_of("stage"), default=None),
                mark.replace_strict(lane_of("mark"), default=None),
            ).cast(pl.Enum(LANES)),
            noise=pl.lit(value=False),
        )
    )


def title_of(provider: str, event_id: int) -> str:
    """Return the title of an event.

    Args:
        provider: As facts/event_titles.csv spells it.
        event_id: Its id there.
    """
    known = pl.col("low_provider") == provider.lower(), pl.col("event_id") == event_id
    return str(event_titles().filter(known)["wording"].item())


def _fields() -> pl.Expr:
    """What the fields of an event say, without the punctuation of JSON."""
    named = (
        pl.col("data")
        .str.slice(0, MOST_OF_FIELDS)
        .str.replace(OF_TELEMETRY, "")
        .str.replace_all('":', ": ", literal=True)
    )
    bare = named.str.replace_all(r'[{}"]|\\+[rnt]?', " ").str.replace_all(r"\s*,\s*(?:#\S*)?", ", ")
    return pl.when(pl.col("data").str.len_chars() > 2).then(bare.str.strip_chars(" ,"))


def _level(number: pl.Expr) -> pl.Expr:
    """The name of an event's level; "always" is neither good nor bad."""
    names = dict(zip(range(1, 6), LEVELS, strict=True))
    return number.replace_strict({0: INFO, **names}, default=None, return_dtype=pl.Enum(LEVELS))


def event_rows(events: pl.DataFrame) -> pl.DataFrame:
    """Return each event record as a row of the timeline.

    Args:
        events: The table `events`.
    """
    known = events.with_columns(low_provider=pl.col("provider").str.to_lowercase()).join(
        event_titles(), on=["low_provider", "event_id"], how="left", maintain_order="left"
    )
    channel = pl.coalesce("channel", "member")
    tail = pl.col("provider").fill_null("").str.replace(r"^Microsoft[-.]Windows[-.]", "")
    number = pl.when(pl.col("event_id") > 0).then(pl.col("event_id").cast(pl.String))  # traces number none
    name = pl.concat_str(tail, number, separator=" ", ignore_nulls=True)
    title = pl.concat_str(pl.coalesce("wording", name), _fields(), separator=BETWEEN, ignore_nulls=True)
    return known.select(
        "device",
        "at",
        "recorded_at",
        "clock",
        "code",
        "channel",
        "provider",
        "event_id",
        "member",
        "record",
        kind=pl.lit("event"),
        lane=pl.col("known_lane").fill_null("records"),
        track=pl.when(pl.col("known_lane").is_null()).then(channel).otherwise(pl.lit(OWN_TRACK)),
        level=_level(pl.col("level")),
        dim=pl.col("noise").fill_null(value=False),
        title=shorten(title),
        text=pl.col("data").fill_null("{}"),
    )


def line_rows(lines: pl.DataFrame) -> pl.DataFrame:
    """Return each record of a text log as a row of the timeline.

    Args:
        lines: The table `log_lines`.
    """
    file = pl.col("member").str.extract(r"([^/]+)$")
    return lines.select(
        "device",
        "at",
        "written_at",
        "clock",
        "member",
        "record",
        kind=pl.lit(LOG_LINE),
        lane=pl.lit("records", dtype=pl.Enum(LANES)),
        track=file,
        channel=file,
        provider="component",
        level=pl.col("severity")
        .cast(pl.String)
        .replace_strict(OF_SEVERITY, default=None, return_dtype=pl.Enum(LEVELS)),
        title=shorten(pl.col("message")),
        text="message",
    )
