"""What the device wrote -> an instant in UTC with its provenance, or unknown.

Windows corrects a wrong clock during OOBE, sometimes by hours; what was recorded before the correction lies
on the wrong side of it. Event logs are therefore ordered by record id, and `find_steps` and `correct` place
the records before a step on the corrected clock. Text logs hold local time without an offset; `place_lines`
finds the offset from instants the log itself states, else from pairs with events, else from the device's
zone, else leaves the instant unknown.
"""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import polars as pl
from babel.core import get_global

from autopilot_analysis.facts import read_facts

SMALLEST_STEP = timedelta(seconds=2)
"""Corrections below this are the time service's ordinary slewing, not a step."""
SAME_AMOUNT, SAME_TIME = timedelta(seconds=30), timedelta(minutes=30)
"""Two sources that differ by less tell of one step."""
SLACK = timedelta(seconds=5)
NEARBY = timedelta(minutes=10)
"""Records of a channel without a fall may lie this long before what others wrote on the wrong clock."""
MOST_STEPS = 200
"""Records of steps kept of one device, named and widest first; a genuine one has a handful."""
POSSIBLE_YEARS = (1601, 9998)
"""Windows counts from 1601; years behind 9999 can be shown nowhere."""
UNNAMED_STEP = timedelta(minutes=1)
"""A fall of recorded time along record ids that nothing explains counts as a step from here on."""
QUARTER = 900
OFFSETS = range(-14 * 3600, 14 * 3600 + 1, QUARTER)
"""Every offset that local time may have from UTC, in seconds."""
FORWARD_PROCESSES = r"(?i)\\svchost\.exe$"
"""The time service runs in svchost; others set the clock of a resumed machine, whose past was right."""


@cache
def zone_name(windows_name: str | None) -> str | None:
    """Return the IANA name of a Windows time zone such as "Eastern Standard Time"; None when unknown.

    An IANA name is returned as it is. Source: Unicode CLDR windowsZones, through babel.
    """
    if not windows_name:
        return None
    name = get_global("windows_zone_mapping").get(windows_name.strip())
    if name is None:
        try:
            name = ZoneInfo(windows_name.strip()).key
        except (ZoneInfoNotFoundError, ValueError, OSError):
            return None
    return str(name) if _known_to_polars(str(name)) else None


def _known_to_polars(zone: str) -> bool:
    """Tell whether a zone of this machine can place columns: `right/UTC` and the like cannot."""
    try:
        pl.select(pl.lit(0).cast(pl.Datetime("us")).dt.replace_time_zone(zone))
    except pl.exceptions.PolarsError:
        return False
    return True


def _field(name: str) -> pl.Expr:
    return pl.col("data").str.json_path_match(f"$.{name}")


def _instant(expression: pl.Expr) -> pl.Expr:
    text = expression.str.strip_chars().str.strip_suffix("Z").str.replace(" ", "T")
    return text.str.to_datetime("%Y-%m-%dT%H:%M:%S%.f", time_unit="us", strict=False).dt.replace_time_zone(
        "UTC"
    )


def _of(events: pl.DataFrame, provider: str, event_id: int) -> pl.DataFrame:
    of_id = events.filter(pl.col("event_id") == event_id)
    return of_id.filter(pl.col("provider").str.to_lowercase() == provider.lower())


SERIES = ["member", "channel"]
"""Records of one channel in one file have ids of their own; an exported file may mix two channels."""


def _series(rows: pl.DataFrame) -> pl.DataFrame:
    """Return rows by channel and record id, as they were written."""
    channel = pl.col("channel").cast(pl.String).str.to_lowercase().fill_null("")
    return rows.with_columns(channel=channel).sort(*SERIES, "record")


def _kernel_steps(events: pl.DataFrame) -> pl.DataFrame:
    """Kernel-General 1 of the System log; reason 3 is a change of zone, reason 2 a wake-up from sleep."""
    return (
        _of(events, "Microsoft-Windows-Kernel-General", 1)
        .filter(_field("Reason").fill_null("1").is_in(["1"]))
        .select(
            old_at=_instant(_field("OldTime")),
            new_at=_instant(_field("NewTime")),
            sure=_field("ProcessName").fill_null("").str.contains(FORWARD_PROCESSES),
            member="member",
            channel="channel",
            record="record",
        )
    )


def _time_service_steps(events: pl.DataFrame) -> pl.DataFrame:
    """Time-Service 261: the time service set the time."""
    return _of(events, "Microsoft-Windows-Time-Service", 261).select(
        old_at=_instant(_field("OldTime")), new_at=_instant(_field("NewTime")), sure=pl.lit(value=True),
        member="member", channel="channel", record="record",
    )  # fmt: skip


def _autopilot_steps(ordered: pl.DataFrame) -> pl.DataFrame:
    """Autopilot 751 straight after 753: the client found its clock off and had it set."""
    autopilot = ordered.filter(
        pl.col("provider").str.to_lowercase() == "microsoft-windows-moderndeployment-diagnostics-provider"
    ).with_columns(
        before_id=pl.col("event_id").shift().over(SERIES),
        before_at=pl.col("recorded_at").shift().over(SERIES),
    )
    return autopilot.filter((pl.col("event_id") == 751) & (pl.col("before_id") == 753)).select(
        old_at="before_at",
        new_at="recorded_at",
        sure=pl.lit(value=True),
        member="member",
        channel="channel",
        record="record",
    )


def _unnamed_steps(ordered: pl.DataFrame) -> pl.DataFrame:
    """Time that falls by a minute or more along the record ids of one channel, and stays down.

    Single records written late, as after a wake-up, are no step: the five records that follow a fall must all
    lie before what stood there.
    """
    series, recorded_at = pl.struct(SERIES).rle_id(), pl.col("recorded_at")

    def near(places: int) -> pl.Expr:
        return pl.when(series == series.shift(places)).then(recorded_at.shift(places))

    after = pl.max_horizontal(recorded_at, *(near(-n) for n in range(1, 5)))
    return (
        ordered.with_columns(before_at=near(1), highest=after)
        .filter(pl.col("before_at") - pl.col("highest") >= UNNAMED_STEP)
        .select(
            old_at="before_at",
            new_at="recorded_at",
            sure=pl.lit(value=True),
            member="member",
            channel="channel",
            record="record",
        )
    )


def _late(falls: pl.DataFrame, ordered: pl.DataFrame) -> pl.DataFrame:
    """Return the falls that are records kept from before a standby and written after it: no steps.

    Kernel-General 1 with reason 2 spans the standby: from the clock before it to the clock after it.
    """
    standby = _of(ordered, "Microsoft-Windows-Kernel-General", 1).filter(_field("Reason") == "2")
    asleep = standby.select(slept_at=_instant(_field("OldTime")), woke_at=_instant(_field("NewTime")))
    kept = pl.col("new_at").is_between(pl.col("slept_at") - NEARBY, pl.col("slept_at") + NEARBY)
    return falls.join(asleep.drop_nulls(), how="cross").filter(
        kept, pl.col("old_at") >= pl.col("woke_at") - NEARBY
    )


def find_steps(events: pl.DataFrame) -> pl.DataFrame:
    """Return the clock steps that events tell of, one row a step, in order of time.

    Args:
        events: Rows of `events` with member, channel, record, recorded_at, provider, event_id and data.

    Returns:
        A frame of old_at and new_at (the clock before and after), amount, member, channel and record of
        the event that shows it, and corrects: whether what was recorded before must be moved. Sources:
        Kernel-General 1, Time-Service 261, Autopilot 753/751, else a fall of time along record ids.
    """
    return keep_steps(told_steps(events))


def told_steps(events: pl.DataFrame) -> pl.DataFrame:
    """Return every record that tells of a clock step, several of one step included.

    Args:
        events: As for `find_steps`.
    """
    written = events.filter(pl.col("recorded_at").is_not_null())
    ordered = _series(written.select(*SERIES, "record", "recorded_at", "provider", "event_id", "data"))
    named = pl.concat([_kernel_steps(ordered), _time_service_steps(ordered), _autopilot_steps(ordered)])
    falls = _unnamed_steps(ordered)
    falls = falls.join(_late(falls, ordered), on=[*SERIES, "record"], how="anti")
    return (
        pl.concat([named.with_columns(named=True), falls.with_columns(named=False)])
        .drop_nulls(["old_at", "new_at"])
        .with_columns(amount=pl.col("new_at") - pl.col("old_at"))
        .filter(pl.col("amount").abs() >= SMALLEST_STEP)
        .filter(pl.col(name).dt.year().is_between(*POSSIBLE_YEARS) for name in ("old_at", "new_at"))
    )


def keep_steps(told: pl.DataFrame) -> pl.DataFrame:
    """Return one row a step, as `find_steps` does; of more than MOST_STEPS records the widest count.

    Args:
        told: What `told_steps` returned.
    """
    return (
        _told_apart(told.top_k(MOST_STEPS, by=[pl.col("named"), pl.col("amount").abs()]))
        .with_columns(corrects=(pl.col("amount") < timedelta()) | pl.col("sure"))
        .select("old_at", "new_at", "amount", "corrects", *SERIES, "record")
        .sort(pl.min_horizontal("old_at", "new_at"), "member", "record")
    )


def _told_apart(found: pl.DataFrame) -> pl.DataFrame:
    """Keep one row of several that tell of one step: the named first, then the widest.

    A fall between records hours apart shows less than the whole step; it tells of a known one when its two
    records lie on the two sides of it.
    """
    kept: list[dict[str, Any]] = []
    widest_first = found.sort(pl.col("named"), pl.col("amount").abs(), descending=True)
    for step in widest_first.iter_rows(named=True):  # a handful of rows
        for other in kept:
            straddles = (
                step["amount"] < timedelta() > other["amount"]
                and other["new_at"] < step["old_at"] <= other["old_at"] + SLACK
                and step["new_at"] >= other["new_at"] - SLACK
            )
            same = abs(step["amount"] - other["amount"]) <= SAME_AMOUNT and (
                abs(step["new_at"] - other["new_at"]) <= SAME_TIME
            )
            if same or (straddles and not step["named"]):
                break
        else:
            kept.append(step)
    return pl.DataFrame(kept, schema=found.schema)


def _boundaries(ordered: pl.DataFrame, step: dict[str, Any], floor: pl.DataFrame) -> pl.DataFrame:
    """Return, a series, the first record after the step; series that do not show it are not in the frame.

    After a step back that is where time falls the most between the two clocks: records that merely changed
    places fall by seconds, on one side of it. The record that tells of a step may follow one that has the new
    time already.
    """
    later = (
        ordered.join(floor, on=SERIES, how="left")
        .filter(pl.col("record") >= pl.col("from_record").fill_null(-1))
        .with_columns(before_at=pl.col("recorded_at").shift().over(SERIES))
    )
    new_at, old_at = pl.lit(step["new_at"]), pl.lit(step["old_at"])
    fall = pl.col("before_at") - pl.col("recorded_at")
    if step["amount"] < timedelta():
        after = later.filter(
            (fall > pl.lit(SMALLEST_STEP) / 2)
            & (pl.col("before_at") > new_at)
            & (pl.col("before_at") <= old_at + SLACK)
            & (pl.col("recorded_at") >= new_at - SLACK)
        ).sort(fall, descending=True, maintain_order=True)
    else:
        after = later.filter(pl.col("recorded_at") >= new_at - SLACK)
    first = after.unique(SERIES, keep="first", maintain_order=True).select(*SERIES, "record")
    own = pl.DataFrame([{name: step[name] for name in (*SERIES, "record")}], schema=first.schema)
    return pl.concat([own, first]).group_by(SERIES).agg(boundary=pl.col("record").min())


def _without_fall(ordered: pl.DataFrame, step: dict[str, Any], edge: pl.DataFrame) -> pl.DataFrame:
    """Return, for series that wrote nothing until the time had passed again, the records before a step back.

    Those lie where others wrote on the wrong clock, and before any wrote there on the right one; what cannot
    be told apart stays as it was written.
    """
    divided = ordered.join(edge, on=SERIES)
    between = pl.col("recorded_at").is_between(pl.lit(step["new_at"]) + SLACK, pl.lit(step["old_at"]) + SLACK)
    wrong = divided.filter((pl.col("record") < pl.col("boundary")) & between)["recorded_at"].min()
    since = pl.lit(wrong, dtype=ordered.schema["recorded_at"]) - NEARBY
    right = divided.filter(
        (pl.col("record") >= pl.col("boundary")) & between & (pl.col("recorded_at") >= since)
    )
    until = pl.lit(right["recorded_at"].min(), dtype=ordered.schema["recorded_at"])
    quiet = ordered.join(edge, on=SERIES, how="anti").filter(
        between, pl.col("recorded_at") >= since, (pl.col("recorded_at") < until).fill_null(value=True)
    )
    return quiet.group_by(SERIES).agg(start=pl.col("record").min(), boundary=pl.col("record").max() + 1)


def _moves(ordered: pl.DataFrame, steps: pl.DataFrame) -> list[pl.DataFrame]:
    """Return, a step that corrects, the records from start up to boundary of each series, and their move."""
    schema = {**{name: ordered.schema[name] for name in SERIES}, "from_record": pl.Int64()}
    floor = pl.DataFrame(schema=schema)
    moves: list[pl.DataFrame] = []
    earlier: list[tuple[dict[str, Any], pl.DataFrame]] = []
    for step in steps.iter_rows(named=True):  # a handful of rows
        edge = _boundaries(ordered, step, floor)
        undone = next((e for s, e in reversed(earlier) if s["old_at"] <= step["new_at"] < s["new_at"]), None)
        start = (
            edge.with_columns(start=pl.lit(-1, dtype=pl.Int64))
            if undone is None
            else edge.join(undone.rename({"boundary": "start"}), on=SERIES)
        )
        if step["corrects"]:
            moves.append(start.with_columns(move=pl.lit(step["amount"])))
        if step["corrects"] and step["amount"] <= -UNNAMED_STEP and undone is None:
            quiet = _without_fall(ordered, step, edge).with_columns(move=pl.lit(step["amount"]))
            moves.append(quiet.select(moves[-1].columns))
        earlier.append((step, edge))
        floor = (
            pl.concat([floor, edge.rename({"boundary": "from_record"})])
            .group_by(SERIES)
            .agg(pl.col("from_record").max())
        )
    return moves


def correct(rows: pl.DataFrame, steps: pl.DataFrame) -> pl.DataFrame:
    """Return `rows` with `at` placed on the corrected clock and `clock` saying so.

    Args:
        rows: Rows with member, channel, record, recorded_at, at and clock; `recorded_at` is never changed.
        steps: What `find_steps` returned.

    Note:
        A step divides each channel at that channel's own record of it. A channel without a fall is moved
        where others wrote on the wrong clock and nobody yet on the right one, else left as it was written.
    """
    if steps.is_empty():
        return rows
    known = rows.filter(pl.col("recorded_at").is_not_null()).select(*SERIES, "record", "recorded_at")
    shift = pl.col("move").fill_null(timedelta())
    channel = pl.col("channel").cast(pl.String).str.to_lowercase().fill_null("")
    placed = rows.with_columns(series=channel)
    for move in _moves(_series(known), steps):
        inside = (pl.col("record") < pl.col("boundary")) & (pl.col("record") >= pl.col("start"))
        placed = (
            placed.join(move.rename({"channel": "series"}), on=["member", "series"], how="left")
            .with_columns(move=pl.when(inside).then("move"))
            .with_columns(
                at=pl.col("at") + shift,
                clock=pl.when(pl.col("move").is_not_null() & pl.col("at").is_not_null())
                .then(pl.lit("corrected", dtype=rows.schema["clock"]))
                .otherwise("clock"),
            )
            .drop("move", "boundary", "start")
        )
    return placed.drop("series")


def _stated_offsets(lines: pl.DataFrame) -> pl.DataFrame:
    """Return lines that state the present instant in UTC, with the offset of local time in seconds."""
    stated = []
    for fact in read_facts("anchors").iter_rows(named=True):
        hits = lines.filter(pl.col("message").str.contains(fact["literal"], literal=True))
        utc = (
            pl.col("message")
            .str.extract(fact["pattern"])
            .str.to_datetime(fact["format"], time_unit="us", strict=False)
        )
        stated.append(
            hits.select("member", "record", "written_at", off=(pl.col("written_at") - utc).dt.total_seconds())
        )
    rounded = (pl.col("off") / QUARTER).round(0).cast(pl.Int64) * QUARTER
    return (
        pl.concat(stated)
        .drop_nulls()
        .with_columns(offset=rounded)
        .filter((pl.col("off") - pl.col("offset")).abs() <= 60, pl.col("offset").abs() <= 14 * 3600)
        .select("member", "record", "written_at", "offset")
    )


def _paired_offset(lines: pl.DataFrame, events: pl.DataFrame) -> int | None:
    """Return the one offset, in seconds, at which log lines follow the events they answer; else None."""
    votes = np.zeros(len(OFFSETS), dtype=np.int64)
    for pair in read_facts("anchor_pairs").iter_rows(named=True):
        acts = _seconds(_of(events, pair["provider"], int(pair["event_id"]))["at"])
        said = _seconds(
            lines.filter(pl.col("message").str.contains(pair["literal"], literal=True))["written_at"]
        )
        acts.sort()
        longest = int(pair["longest_lag_seconds"]) + 1
        for place, offset in enumerate(OFFSETS):  # pairs whose line follows its event at this offset
            latest, first = (said - offset, said - offset - longest)
            votes[place] += (
                np.searchsorted(acts, latest, "right") - np.searchsorted(acts, first, "right")
            ).sum()
    best, second = np.argsort(votes)[:-3:-1]
    if votes[best] == 0 or votes[best] < 2 * votes[second]:
        return None
    return int(OFFSETS[best])


def _seconds(instants: pl.Series) -> np.ndarray[Any, np.dtype[np.float64]]:
    return instants.drop_nulls().dt.epoch("us").to_numpy() / 1e6


def _written_clock(name: str) -> pl.Expr:
    return pl.when(pl.col("placed").is_not_null()).then(pl.lit(name)).otherwise(pl.lit("unknown"))


def _by_zone(lines: pl.DataFrame, zone: str) -> pl.Series:
    """Return what was written as instants of the zone, null where no clock showed it.

    The hour that autumn gives twice is its second round once the log's own times have fallen within it.
    """
    written = pl.col("written_at")
    once = lines.select(at=written.dt.replace_time_zone(zone, ambiguous="null", non_existent="null"))["at"]
    if not once.has_nulls():
        return once
    early, late = (
        written.dt.replace_time_zone(zone, ambiguous=which, non_existent="null")
        for which in ("earliest", "latest")
    )
    twice = early != late
    highest = pl.when(twice).then(written).cum_max().over("member", order_by="record")
    fell = (twice & (highest - written >= UNNAMED_STEP)).fill_null(value=False)
    again = fell.cum_max().over("member", written.dt.date(), order_by="record")
    return lines.select(at=pl.when(twice & again).then(late).otherwise(early))["at"]


def _bias(events: pl.DataFrame) -> int | None:
    """Return the minutes to add to local time that every Kernel-General 1 names; None when they differ."""
    named = _of(events, "Microsoft-Windows-Kernel-General", 1).select(
        _field("TimeZoneBias").cast(pl.Int64, strict=False)
    )
    biases = named.to_series().drop_nulls().unique().to_list()
    possible = len(biases) == 1 and abs(biases[0]) * 60 <= OFFSETS[-1]
    return int(biases[0]) if possible else None


def place_lines(lines: pl.DataFrame, events: pl.DataFrame, zone: str | None) -> pl.DataFrame:
    """Return `lines` with `at` and `clock` filled where the device's local time can be turned into UTC.

    Args:
        lines: Rows of `log_lines` of one device; rows that carry an offset of their own stay as they are.
        events: Rows of `events` of the same device, already corrected.
        zone: IANA name of the device's zone, or None.

    Returns:
        The same rows. `clock` is anchored where the log itself states the instant nearby (a log may change
        its zone midway: the nearest statement before a line counts, else the first after it) or where pairs
        of an event and a line agree on one offset; device_zone where only the zone is known, by its name or
        by the bias that every Kernel-General 1 names; else unknown, and `at` stays null.
    """
    kind = lines.schema["clock"]
    ours = (pl.col("clock") == "unknown") & pl.col("written_at").is_not_null()
    open_lines = lines.filter(ours).sort("written_at")
    if open_lines.is_empty():
        return lines
    stated = _stated_offsets(open_lines)
    if stated.is_empty():
        offset = _paired_offset(open_lines, events)
        offsets = pl.lit(offset, dtype=pl.Int64)
    else:
        nearest = open_lines.select("written_at").unique().sort("written_at")
        marks = stated.select("written_at", "offset").unique("written_at").sort("written_at")
        nearest = nearest.join_asof(marks, on="written_at", strategy="backward").with_columns(
            pl.col("offset").fill_null(strategy="backward")
        )
        open_lines = open_lines.join(nearest, on="written_at", how="left", maintain_order="left")
        offsets = pl.col("offset")
    agents = pl.col("anchorable")
    anchored = open_lines.with_columns(
        anchorable=~pl.col("member").str.to_lowercase().str.contains("setupact", literal=True)
    ).with_columns(
        placed=pl.when(agents).then(
            (pl.col("written_at") - pl.duration(seconds=offsets)).dt.replace_time_zone("UTC")
        )
    )
    clock = _written_clock("anchored")
    if (zone := zone_name(zone)) is not None:
        anchored = anchored.with_columns(by_zone=_by_zone(anchored, zone))
        clock = (
            pl.when(pl.col("placed").is_not_null())
            .then(pl.lit("anchored"))
            .when(pl.col("by_zone").is_not_null())
            .then(pl.lit("device_zone"))
            .otherwise(pl.lit("unknown"))
        )
        at = pl.coalesce("placed", pl.col("by_zone").dt.convert_time_zone("UTC"))
    elif (bias := _bias(events)) is not None:
        by_bias = (pl.col("written_at") + pl.duration(minutes=bias)).dt.replace_time_zone("UTC")
        clock = (
            pl.when(pl.col("placed").is_not_null()).then(pl.lit("anchored")).otherwise(pl.lit("device_zone"))
        )
        at = pl.coalesce("placed", by_bias)
    else:
        at = pl.col("placed")
    placed = anchored.with_columns(at=at, clock=clock.cast(kind)).select(lines.columns)
    return pl.concat([lines.filter(~ours.fill_null(value=False)), placed]).sort("member", "record")
