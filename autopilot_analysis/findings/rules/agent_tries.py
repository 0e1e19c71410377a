"""Second tries and waits of the Intune agent itself: what came later, and what it leaves alone."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.clock.offsets import FURTHEST
from autopilot_analysis.findings.looking import exit_code
from autopilot_analysis.findings.rule import all_proofs, no_proof, proof, rule
from autopilot_analysis.findings.rules.page_tries import download_words
from autopilot_analysis.tables import Tables, Trace
from autopilot_analysis.tables.items import CALLED
from autopilot_analysis.tables.outcomes import FAILED_TRIES
from autopilot_analysis.tables.story import APPS
from autopilot_analysis.tables.verdict import ERROR
from autopilot_analysis.trace.installs.agent.apps import LEFT_ALONE
from autopilot_analysis.wording import IN_ZONE, TO_THE_MINUTE, span

_KEYS = ["device", "item"]
HELD = r"is in GRS\. The app will not|\[GRSManager\] App with id: \S+ is not expired"
"""What the agent writes at a check-in of an app that it leaves alone."""
CLEARED = "Clearing GRS"
"""What it writes where it may try an app at the next check-in all the same."""
SHOWN = 3
"""So many of its lines are cited of an app."""


@rule("APP-CAME-LATER", needs="install=succeeded")
def came_later(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Apps that the agent got at a later try than the first, with what each try met and how long all took."""
    apps = trace.installs.filter(pl.col("kind").is_in(APPS))
    last = apps.group_by(_KEYS, maintain_order=True).last().filter(pl.col("outcome") == "succeeded")
    failed = apps.filter(pl.col("outcome") == "failed").join(last.select(_KEYS), on=_KEYS, how="semi")
    if failed.is_empty():
        return no_proof()
    again = apps.join(failed.select(_KEYS), on=_KEYS, how="semi", maintain_order="left")
    ended = again.filter(pl.col("outcome").is_in(["failed", "succeeded"]))
    met = _called(ended).with_columns(at=pl.coalesce("ended_at", "started_at")).drop("code")
    return all_proofs([proof(met, _try_words(), pl.col("called")), _error_lines(tables, met)])


def _written(name: str) -> pl.Expr:
    """Return a time of a try by the clock of the log, which all its tries share."""
    stored = pl.col("detail").str.json_path_match(f"$.{name}_written")
    return stored.str.to_datetime("%Y-%m-%dT%H:%M:%S%.f", time_unit="us", strict=False)


def _called(tries: pl.DataFrame) -> pl.DataFrame:
    """Add to tries what their app is called: why its first one failed, and the time that all of them took."""
    failed = pl.col("outcome") == "failed"
    why = pl.coalesce("reason", exit_code(), pl.lit("a try failed"))
    began = pl.coalesce(_written("download_started"), _written("started"))
    app = tries.group_by(_KEYS, maintain_order=True).agg(
        name=CALLED.last(),
        why=why.filter(failed).first(),
        took=_written("ended").max() - began.min(),
        ran=pl.col("waited").filter(~failed).last(),
    )
    words = [
        f"{name}: {why}{'' if took is None else f', {span(took)} from its first try to its end'}"
        f"{'' if ran is None else f', its installer ran for {span(ran)} of it'}"
        for name, why, took, ran in app.select("name", "why", "took", "ran").iter_rows()
    ]
    named = app.select(_KEYS).with_columns(called=pl.Series(words, dtype=pl.String))
    return tries.join(named, on=_KEYS, how="left", maintain_order="left")


def _try_words() -> pl.Expr:
    """Return what a try met: how far its download came, how long its installer ran, what it ended with."""
    why = pl.coalesce("reason", pl.col("outcome").cast(pl.String))
    lost = pl.when(pl.col("download_outcome") == "failed").then(download_words()).fill_null("")
    minutes = pl.col("waited").dt.total_minutes()
    whole = pl.when(minutes > 0).then(minutes)
    ran = pl.format(", its installer ran for {} minutes", whole).fill_null("")
    ended_with = pl.format(", {}", exit_code()).fill_null("")
    return pl.format("try {}: {}{}{}{}", "try_number", why, lost, ran, ended_with)


def _error_lines(tables: Tables, tries: pl.DataFrame) -> pl.DataFrame:
    """Return the errors of the log that name such an app and stand between its first and its last try."""
    record = pl.col("record")
    bounds = tries.group_by(*_KEYS, "member", "called").agg(first=record.min(), last=record.max())
    errors = tables.log_lines.filter(pl.col("severity") == ERROR)
    near = errors.join(bounds, on=["device", "member"], maintain_order="left")
    named = pl.col("message").str.to_lowercase().str.contains(pl.col("item"), literal=True)
    own = near.filter(record.is_between("first", "last"), named).drop("severity")
    return proof(own, pl.col("message"), pl.col("called"))


@rule("APP-LEFT-ALONE", needs="install=failed,not_detected,waiting", limits={"again": LEFT_ALONE})
def left_alone(tables: Tables, trace: Trace) -> pl.DataFrame:
    """Apps that the agent says it leaves alone, until when; in a deployment its failed try says so."""
    apps = trace.installs.filter(pl.col("kind").is_in(APPS))
    last = apps.group_by(_KEYS, maintain_order=True).last().join(trace.attempts, on="device", how="anti")
    locked = last.filter(pl.col("outcome").is_in([*FAILED_TRIES, "waiting"])).drop_nulls("next_retry_at")
    again = pl.col("next_retry_at").dt.strftime(TO_THE_MINUTE)
    called = pl.format(f"{{}}, not before {{}}{IN_ZONE}", CALLED, again)
    lines = _of_the_agent(tables).join(
        locked.select(*_KEYS, "next_retry_at", called=called), on="device", maintain_order="left"
    )
    own = lines.filter(pl.col("message").str.to_lowercase().str.contains(pl.col("item"), literal=True))
    due = pl.col("next_retry_at") + FURTHEST > pl.col("seen_at")
    held = own.filter(pl.col("message").str.contains(HELD), due, ~pl.col("cleared"))
    shown = held.drop("severity").group_by(_KEYS, maintain_order=True).head(SHOWN)
    return proof(shown, pl.col("message"), pl.col("called"))


def _of_the_agent(tables: Tables) -> pl.DataFrame:
    """Return lines of logs with when the device was last seen, and whether locks are cleared after them."""
    moment = pl.coalesce("at", pl.col("written_at").dt.replace_time_zone("UTC"))
    place = ["device", "member"]
    cleared_at = pl.col("record").filter(pl.col("message").str.contains(CLEARED, literal=True)).max()
    return tables.log_lines.with_columns(
        seen_at=moment.max().over("device"),
        cleared=(cleared_at.over(place) > pl.col("record")).fill_null(value=False),
    )
