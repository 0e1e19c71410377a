"""Messages of all logs of a device in one order, each with its pass, its page phase and its item."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.clock import best_instant
from autopilot_analysis.tables.story import AS_SYSTEM, AS_USER

BOUNDARIES = ("restart", "stop", "pass", "pass_end", "subgraph")
"""Roles that end what the agent was doing: nothing before one belongs to a try that goes on after it."""

EXITS = ("install_end", "exit", "exit_class")
"""Roles of the lines that tell how an installer ended, none of which names its app."""

WAITS = ("install_limit", "install_returned")
"""Roles of the lines between which the agent waits for an installer, none of which names its app."""

NOT_NAMED = "that the log does not name"
UNNAMED_APP = f"app {NOT_NAMED}"
"""Item of what a part of a log tells of apps while none of its lines holds an id."""

CARRIERS = ("current", "kind", "download_begin", "install_begin", "detect", "applicability")
"""Roles whose id stays the item of the lines after it that name none."""

_PASS = ["device", "stem", "passage"]

PHASES = {"DeviceSetup": "device", "AccountSetup": "account"}

CONTEXTS = {"machine": AS_SYSTEM, "system": AS_SYSTEM, "user": AS_USER}
"""The agent's words for the account that an installer or a script runs as, in lower case."""


def order_messages(messages: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of `find_messages` in the order they happened, with what only their neighbours tell.

    Within one file the order of records is kept, whatever the clock did; files of a device are merged by the
    latest time seen so far in each.

    Returns:
        The columns of `find_messages`, and: moment (naive; the best instant, or as written where that is
        unknown), turn (position), passage (number of the pass), page ("device", "account" or null), item.
    """
    dated = messages.with_columns(moment=best_instant())
    ordered = (
        _in_order(dated)
        .with_row_index("turn")
        .with_columns(passage=pl.col("role").is_in(BOUNDARIES).cum_sum().over("device"))
    )
    return _with_items(_with_page(ordered))


def _in_order(dated: pl.DataFrame) -> pl.DataFrame:
    """Return messages in the order they happened; those of one log mostly lie so, and are not copied then."""
    latest = pl.col("moment").forward_fill().cum_max().over("device", "member", order_by="order")
    keys = dated.select("device", "member", "order", "pattern", latest=latest)
    order = keys.select(
        pl.arg_sort_by("device", "latest", "member", "order", "pattern", nulls_last=True)
    ).to_series()
    return dated if order.is_sorted() else dated[order]


def _with_page(ordered: pl.DataFrame) -> pl.DataFrame:
    """Add the page phase in force; one that was left does not come back until the sidecar starts anew.

    Someone signing in ends the phase too: which one follows is unknown until the agent says so.
    """
    entered = pl.when(pl.col("role").is_in(["phase", "esp"])).then(
        pl.col("phase").replace_strict(PHASES, default=None)
    )
    fresh = ((pl.col("role") == "sidecar") & (pl.col("state") == "1")).cum_sum().over("device")
    rank = pl.when(pl.col("entered") == "account").then(2).when(pl.col("entered") == "device").then(1)
    stood = pl.col("rank").cum_max().forward_fill().over("device", "fresh")
    signed_in = (pl.col("pattern") == "session_change") & (pl.col("state") == "Logon")
    left = ((pl.col("role") == "phase") & ~pl.col("phase").is_in(list(PHASES))) | signed_in
    outside = pl.when(left).then(True).when(pl.col("entered").is_not_null()).then(False)
    page = (
        pl.when(pl.col("outside"))
        .then(None)
        .when(pl.col("stood") == 2)
        .then(pl.lit("account"))
        .when(pl.col("stood") == 1)
        .then(pl.lit("device"))
    )
    return (
        ordered.with_columns(entered=entered, fresh=fresh)
        .with_columns(rank=rank, outside=outside)
        .with_columns(outside=pl.col("outside").forward_fill().over("device"), stood=stood)
        .with_columns(page=page)
        .drop("entered", "fresh", "outside", "rank", "stood")
    )


def _with_items(ordered: pl.DataFrame) -> pl.DataFrame:
    """Add the item: named in the line, told by its download job, or carried over from the lines before it.

    An installer that runs on the line's own thread and has not been judged yet goes before what another
    thread took up since. Where a log begins in the midst of an install, how it ended is told to the app that
    the same thread looks for next.
    """
    opened = pl.when(pl.col("role") == "job").then(pl.col("job"))
    jobs = ordered.with_columns(running=opened.forward_fill().over("device", "member", "thread"))
    owners = (
        jobs.filter(pl.col("pattern") == "do_file", pl.col("running").is_not_null())
        .select("device", job="running", owner=pl.col("id").str.to_lowercase())
        .unique(["device", "job"], keep="last", maintain_order=True)
    )
    carried = pl.when(pl.col("role").is_in(CARRIERS)).then(pl.col("id"))
    named = (
        ordered.select("turn", "device", "job", "id", carried=carried.forward_fill().over(_PASS))
        .join(owners, on=["device", "job"], how="left", maintain_order="left")
        .join(_installers(ordered), on="turn", how="left", maintain_order="left")
    )
    item = pl.coalesce("id", "owner", "own", "carried", "ahead").str.to_lowercase()
    return _with_unnamed(ordered.with_columns(named.select(item=item)))


def _with_unnamed(ordered: pl.DataFrame) -> pl.DataFrame:
    """Give the lines of a download or an install an item where no line of their device names any."""
    acts = pl.col("role").is_in(
        ["download", "download_end", "install_begin", "install_process", *WAITS, *EXITS]
    )
    alone = pl.col("item").is_null().all().over("device")
    item = pl.when(alone & acts).then(pl.lit(UNNAMED_APP)).otherwise("item")
    return ordered.with_columns(item=item)


def _installers(ordered: pl.DataFrame) -> pl.DataFrame:
    """Return turn, own and ahead for the lines of an installer's end.

    `own` is the app whose installer runs on the line's thread, `ahead` the one that this thread looks for
    next.
    """
    here = ["device", "stem", "thread", "passage"]
    role, id_ = pl.col("role"), pl.col("id").str.to_lowercase()
    begun = pl.when((role == "install_begin") & id_.is_not_null())
    close = ordered.lazy().filter(role.is_in(["install_begin", "detect", "error", *EXITS]))
    next_looked_for = pl.when(role == "detect").then(id_).backward_fill()
    around = close.with_columns(
        begun=begun.then("turn").forward_fill().over(here),
        own=begun.then(id_).forward_fill().over(here),
        ahead=next_looked_for.over(here),
    )
    ends = (
        around.filter(role.is_in(["error", *EXITS]))
        .with_columns(ahead=pl.when(role.is_in(EXITS)).then("ahead"))
        .select("device", "turn", "begun", "own", "ahead")
        .collect()
    )
    verdicts = ordered.filter(role == "verdict", id_.is_not_null()).select("device", own=id_, judged="turn")
    paired = ends.join_asof(
        verdicts,
        left_on="turn",
        right_on="judged",
        by=["device", "own"],
        check_sortedness=False,
        coalesce=False,
    )
    runs = (pl.col("judged") < pl.col("begun")).fill_null(value=True)
    return paired.select("turn", own=pl.when(runs).then("own"), ahead="ahead")
