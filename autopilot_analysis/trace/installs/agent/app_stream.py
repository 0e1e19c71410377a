"""Messages about apps, each with its place in a try, what it decides, and the number of the try."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.facts import read_facts
from autopilot_analysis.facts.guids import GUID
from autopilot_analysis.trace.installs.rows import reason_of

DOWNLOAD, DOWNLOADED, INSTALL, EXITED, DECIDED = 1, 2, 3, 4, 6
"""Where in a try a message stands; a try never goes back."""

PACKAGE_OF = "package of "
"""Begins the item of a package of which nothing but its size is known."""
_PLACES = {
    "download_begin": DOWNLOAD,
    "download": DOWNLOAD,
    "download_end": DOWNLOADED,
    "telemetry": DOWNLOADED,
    "job_end": DOWNLOADED,
    "job_done": DOWNLOADED,
    "install_begin": INSTALL,
    "intent": INSTALL,
    "retry": INSTALL,
    "install_end": EXITED,
    "exit": EXITED,
    "exit_class": EXITED,
    "error": DECIDED,
}
_TELLING = [
    *_PLACES,
    "package",
    "package_state",
    "winget_progress",
    "winget_result",
    "verdict",
    "download_result",
    "detect",
    "applicability",
    "skip",
    "wait",
    "interrupted",
    "esp",
    "kind",
    "current",
    "stored",
    "report",
    "lock",
    "app_context",
    "cached",
    "download_code",
    "install_process",
    "install_limit",
    "install_returned",
]
_HARD = ["download_begin", "install_begin", "intent", "retry"]
_KEYS = ["device", "item"]
_SCALES = {
    "verdict": "enforcement_word",
    "winget_result": "winget",
    "package_state": "winget",
    "exit_class": "exit_class",
    "esp": "esp_app",
    "download_result": "download_result",
}
"""The scale of facts/install_states.csv on which each role states how an app stands."""
WORD_SHAPES = "enforcement_shape"
"""The scale there of patterns of enforcement words, in lower case; the first that fits decides."""


def app_stream(ordered: pl.DataFrame) -> pl.DataFrame:
    """Return the messages that tell about apps, each with its place in a try and what it decides.

    Args:
        ordered: Result of `stream.order_messages`.

    Returns:
        The columns of `ordered`, and place (see `DOWNLOAD` …, null for a message that is no part of a try),
        hard (true when it can only begin a try), means (an outcome, or null), why, detected.
    """
    named = _share_out(_name_packages(ordered))
    state_word = pl.col("state").str.to_lowercase()
    scale = pl.col("role").replace_strict(_SCALES, default=None, return_dtype=pl.String)
    about_items = named.filter(pl.col("item").is_not_null(), pl.col("role").is_in(_TELLING))
    scales = read_facts("install_states").select(
        "scale", state_word=pl.col("value").str.to_lowercase(), means="outcome", why="reason"
    )
    stated = about_items.select(scale=scale, state_word=state_word).join(
        scales, on=["scale", "state_word"], how="left", maintain_order="left", validate="m:1"
    )
    stated = _by_their_shape(stated)
    return (
        about_items.with_columns(stated.select("means", "why"))
        .with_columns(_means(), _detected())
        .with_columns(
            _place(),
            hard=pl.col("role").is_in(_HARD),
            why=pl.coalesce("why", pl.when(_gave_up()).then("reason")),
        )
    )


def _by_their_shape(stated: pl.DataFrame) -> pl.DataFrame:
    """Give words that the table does not list what their shape says: builds name one state otherwise."""
    shapes = read_facts("install_states").filter(pl.col("scale") == WORD_SHAPES)
    unlisted = (pl.col("scale") == _SCALES["verdict"]) & pl.col("means").is_null()
    rows = list(shapes.select("value", "outcome", "reason").iter_rows())
    met = [(unlisted & pl.col("state_word").str.contains(shape), means, why) for shape, means, why in rows]
    return stated.with_columns(
        means=pl.coalesce("means", *(pl.when(has).then(pl.lit(means)) for has, means, _ in met)),
        why=pl.coalesce("why", *(pl.when(has).then(pl.lit(why)) for has, _, why in met)),
    )


def _name_packages(ordered: pl.DataFrame) -> pl.DataFrame:
    """Give the package manager's lines, which name no app, the WinGet app under way or the package's size."""
    own = ["package", "package_state"]
    began = pl.when(pl.col("pattern").is_in(["winget_execution", "winget_progress"])).then(pl.col("item"))
    size = pl.col("total").filter((pl.col("role") == "package") & (pl.col("total") != "0")).first()
    grouped = size.over("device", "member", "thread", "passage")
    unnamed = pl.when(grouped.is_not_null()).then(
        pl.concat_str(pl.lit(PACKAGE_OF), grouped, pl.lit(" bytes"))
    )
    return ordered.with_columns(
        item=pl.when(pl.col("role").is_in(own))
        .then(pl.coalesce(began.forward_fill().over("device", "passage"), unnamed))
        .otherwise(pl.col("item"))
    )


def _share_out(named: pl.DataFrame) -> pl.DataFrame:
    """Give a line that lets a whole subgraph be to every app of the subgraph before it."""
    whole = ((pl.col("role") == "skip") & pl.col("item").is_null()).fill_null(value=False)
    group = pl.when(pl.col("role") == "subgraph").then("payload")
    marked = named.filter(whole | (pl.col("role") == "subgraph")).with_columns(
        item=group.forward_fill().over("device", "stem"), whole=whole
    )
    lists = marked.filter("whole").drop("whole")
    if lists.is_empty():
        return named
    shared = lists.with_columns(item=pl.col("item").str.to_lowercase().str.extract_all(GUID)).explode("item")
    return pl.concat([named.filter(~whole), shared])


def _gave_up() -> pl.Expr:
    """A download that the agent says did not come to its end."""
    return (pl.col("role") == "download_result") & (pl.col("state").str.to_lowercase() != "success")


def _means() -> pl.Expr:
    """What a message decides: by its scale, or because it is an error or an early end by itself."""
    role, state = pl.col("role"), pl.col("state")
    execution = (role == "winget_result") & pl.col("phase").str.to_lowercase().is_in(["execution", "install"])
    failed = (
        role.is_in(["error"])
        | ((role == "winget_progress") & (state.str.to_lowercase() == "error"))
        | _gave_up()
        | (execution & pl.col("means").is_null())
    )
    ended = (role == "package_state") & (state == "Download Complete")
    return (
        pl.when(failed)
        .then(pl.lit("failed"))
        .when(role == "interrupted")
        .then(pl.lit("waiting"))
        .when(role.is_in(["winget_result"]) & ~execution | ended)
        .then(None)
        .otherwise(pl.col("means"))
        .alias("means")
    )


def _detected() -> pl.Expr:
    """What detection said in a message, null where it is not about detection."""
    role, state = pl.col("role"), pl.col("state").str.to_lowercase()
    looked = (role == "detect") | (
        (role == "winget_result") & (pl.col("phase").str.to_lowercase() == "detection")
    )
    return (
        pl.when(looked & state.is_in(["detected", "true", "ok"]))
        .then(True)
        .when(looked & state.is_in(["notdetected", "false"]))
        .then(False)
        .alias("detected")
    )


def _place() -> pl.Expr:
    """Where in a try a message stands."""
    role, state = pl.col("role"), pl.col("state").str.to_lowercase()
    decided = ["succeeded", "failed", "waiting"]
    installing = pl.col("state").cast(pl.Float64, strict=False) > 0
    complete = (role == "package_state") & (state == "download complete")
    downloaded = complete | ((role == "download_result") & (state == "success"))
    judges = role.is_in(["verdict", "winget_result", "winget_progress", "package_state", "download_result"])
    ends = pl.when(pl.col("means").is_in(decided), ~_waits_for_another()).then(DECIDED)
    place = (
        pl.when((role == "winget_progress") & (state == "installing"))
        .then(INSTALL)
        .when((role == "winget_progress") & (state != "error"))
        .then(DOWNLOAD)
        .when(role == "package")
        .then(pl.when(installing).then(INSTALL).otherwise(DOWNLOAD))
        .when(downloaded)
        .then(DOWNLOADED)
        .when(judges)
        .then(ends)
    )
    return place.otherwise(role.replace_strict(_PLACES, default=None)).cast(pl.Int64).alias("place")


def _waits_for_another() -> pl.Expr:
    """Return whether a message says that an app waits for one it depends on: that is no part of a try."""
    return (pl.col("role") == "verdict") & pl.col("why").eq_missing(reason_of("WaitingForDependency"))


def number_tries(stream: pl.DataFrame) -> pl.DataFrame:
    """Return the stream with number_of_try, the try a message belongs to; 0 before the first.

    A new try begins when something only a beginning can say comes after an exit or a verdict, when the agent
    counts a retry, or when the app is taken up again in another pass.
    """
    stream = stream if stream["turn"].is_sorted() else stream.sort("turn", maintain_order=True)
    acting = stream.lazy().filter(pl.col("place").is_not_null())
    last = pl.col("place").shift().over(_KEYS)
    other = pl.col("passage") != pl.col("passage").shift().over(_KEYS)
    again = (pl.col("role") == "retry") & (pl.col("number").cast(pl.Int64, strict=False) > 0)
    begins = pl.col("place") < EXITED
    back = pl.col("hard") & (
        (last >= EXITED) | ((pl.col("place") < last) & (last == INSTALL)) | (again & (last >= INSTALL))
    )
    late = pl.col("role").is_in(["telemetry", "job_done", "job_end"])
    given_up = (pl.col("place") == DECIDED) & (pl.col("means") == "failed")
    came_true = (
        (pl.col("role") == "verdict")
        & (pl.col("means") == "succeeded")
        & pl.col("before").str.starts_with("InProgress")
    )
    opens = (
        (begins & ~late & (last.is_null() | other | back))
        | (last.is_null() & ((pl.col("place") == EXITED) | given_up | came_true))
        | (given_up & (pl.col("why") == reason_of("DependencyFailed")) & other)
    )
    opening = acting.filter(opens.fill_null(False)).select("turn").collect()["turn"]
    begun = pl.col("place").is_not_null() & pl.col("turn").is_in(opening.implode())
    return stream.with_columns(_known(), number_of_try=begun.cast(pl.Int64).cum_sum().over(_KEYS))


def _known() -> pl.Expr:
    """What detection, or the agent's stored state of it, last said of the app before each message."""
    stored = (
        pl.col("payload")
        .str.extract(r'"+DetectionState"+: ?(\d)')
        .replace_strict({"1": True, "2": False}, default=None, return_dtype=pl.Boolean)
    )
    found = pl.when(pl.col("role") == "stored").then(stored).otherwise("detected")
    return found.forward_fill().shift().over(_KEYS, order_by="turn").alias("known")
