"""Apps the agent's logs name and nothing was tried at: what was decided of each, and how that is known.

The agent writes at the head of each check-in what it stored of an app in earlier ones, so an app may be known
as installed although the lines of its install have long rolled away. An error beside an app that detection
finds is history. Nobody may call an app never started unless it was due and the log shows that nothing ran.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
import polars as pl

from autopilot_analysis.codes import code_of
from autopilot_analysis.facts import read_facts, shared_reasons
from autopilot_analysis.trace.installs.agent.apps import (
    NOT_LOGGED,
    UNINSTALL,
    is_stored_state,
    states,
    stored_number,
)
from autopilot_analysis.trace.installs.rows import reason_of

_KEYS = ["device", "item"]
_NUMBERS = {
    "detection": "DetectionState",
    "enforcement": "EnforcementState",
    "error": "EnforcementErrorCode",
    "applicable": "ApplicabilityState",
    "desired": "DesiredState",
    "intent": "Intent",
    "resultant": "ResultantAppState",
    "conflict": "ConflictReason",
}
"""Numbers of the agent's stored state that decide, and their names in its JSON."""

_DECIDING = ["skip", "applicability", "detect", "stored", "report", "wait", "winget_result", "esp", "verdict"]
"""Roles of the messages that may decide what becomes of an app nothing was tried at."""

_PLACE = ("member", "record", "turn", "page", "clock")

_FOUND, _MISSING = "1", "2"
_NOT_PRESENT, _NO_DESIRE = "1", "0"
AVAILABLE, REQUIRED, _NOT_TARGETED = "1", "3", "0"
_NOT_APPLICABLE = "-1"
_APPLICABLE = "0"
NOT_APPLICABLE = "applicability: NotApplicable"
"""All that the handler of an app says of one that does not fit; the agent's report may know more."""
ONLY_LISTED = "only the status page's own list tells"
"""Why an app ended as it did, of which the logs show no download and no installer,"""
NOT_COMPUTED = {
    "detect": "the agent could not compute its detection",
    "applicability": "the agent could not compute whether it applies",
}
"""and where the agent itself says that it came to no answer about it: by the role of that message."""
NO_ANSWER = "notcomputed"
"""The state that the agent gives such an app, in lower case."""
_NOT_AUTOMATIC = "2"
"""The agent's report of an app whose absent dependency may only be looked for (IntuneScriptLab: findings)."""


class Verdict(msgspec.Struct, frozen=True):
    """What is to be said of an app nothing was tried at."""

    outcome: str
    reason: str | None = None
    code: str | None = None


def build_untried(
    stream: pl.DataFrame, wanted: pl.DataFrame, begun: pl.DataFrame, ordered: pl.DataFrame
) -> pl.DataFrame:
    """Return one row for each app that the logs name, less the apps that were tried.

    Args:
        stream: Result of `app_stream.number_tries`.
        wanted: Result of `wanted.read_wanted`.
        begun: device and item of the apps that have a try.
        ordered: Result of `stream.order_messages`.
    """
    apps = _evidence(stream, wanted, ordered).join(begun, on=_KEYS, how="anti", maintain_order="left")
    scales = {scale: states(scale) for scale in ("enforcement", "applicability", "esp_app")}
    words = {
        scale: dict(zip(rows["value"], zip(rows["means"], rows["why"], strict=True), strict=True))
        for scale, rows in scales.items()
    }
    verdicts = [_judge(app, words) for app in apps.iter_rows(named=True)]
    known = pl.DataFrame(
        [(verdict.outcome, verdict.reason, verdict.code) for verdict in verdicts],
        schema={"outcome": pl.String, "reason": pl.String, "code": pl.String},
        orient="row",
    )
    return (
        pl.concat([apps, known], how="horizontal")
        .with_columns(
            code=code_of(pl.col("code"), "failure"),
            detected_before=pl.col("found"),
            detected=pl.col("found"),
            ended_at=pl.when(pl.col("outcome") == "skipped").then(pl.col("decided_at")),
        )
        .filter(pl.col("outcome") != "")
    )


def _evidence(stream: pl.DataFrame, wanted: pl.DataFrame, ordered: pl.DataFrame) -> pl.DataFrame:
    """Return one row an app with the last the logs say of each thing that may decide."""
    role, state = pl.col("role"), pl.col("state")
    word = state.str.to_lowercase()
    refused = (role == "applicability") & ~word.is_in(["applicable", NO_ANSWER])
    asked = role.is_in(list(NOT_COMPUTED))
    skip = (
        pl.when(refused)
        .then(pl.concat_str(pl.lit("applicability: "), state))
        .when(role == "skip")
        .then("reason")
    )
    found = (
        pl.when(is_stored_state())
        .then(stored_number("DetectionState").replace_strict({_FOUND: True, _MISSING: False}, default=None))
        .otherwise("detected")
    )
    reported = (
        stream.filter(role.is_in(_DECIDING))
        .with_columns(
            skip=skip,
            found=found,
            **{
                short: pl.when(is_stored_state()).then(stored_number(name))
                for short, name in _NUMBERS.items()
            },
        )
        .with_columns(deciding=pl.col("skip").is_not_null() | is_stored_state() | (role == "wait"))
    )
    first = pl.col("deciding") & (pl.col("skip").is_not_null() | ~pl.col("skip").is_not_null().any())
    decided_at = pl.col("at").filter(pl.col("skip").is_not_null()).first()
    places = [pl.coalesce(pl.col(name).filter(first).first(), pl.col(name).first()) for name in _PLACE]
    uncomputed = pl.when(word.filter(asked).last() == NO_ANSWER).then(role.filter(asked).last())
    facts = reported.group_by(_KEYS, maintain_order=True).agg(
        *(place.alias(name) for name, place in zip(_PLACE, places, strict=True)),
        pl.col("skip", "found", *_NUMBERS).drop_nulls().last(),
        decided_at=decided_at,
        uncomputed=uncomputed,
        waits=(role == "wait").any(),
        stored=is_stored_state().any(),
        listed=state.filter(role == "esp").last(),
        depends=pl.col("why").filter(role == "verdict").last() == reason_of("WaitingForDependency"),
    )
    return _with_wanted(facts, wanted, ordered)


def _with_wanted(facts: pl.DataFrame, wanted: pl.DataFrame, ordered: pl.DataFrame) -> pl.DataFrame:
    """Add which apps are due, and the apps that only a list of wanted ones names."""
    due = wanted.filter(pl.col("required") | pl.col("excluded")).sort("turn")
    here = ["device", "member", "record"]
    clocks = ordered.select(*here, "clock").join(due.select(here), on=here, how="semi").unique(here)
    asked = (
        due.with_columns(excluded=pl.col("excluded").fill_null(value=False))
        .group_by(_KEYS, maintain_order=True)
        .agg(
            pl.col("member", "record", "turn", "page").filter("required").first().name.prefix("due_"),
            excluded=pl.col("excluded").any(),
            due=pl.col("required").any(),
            planned=pl.col("planned").any(),
        )
        .join(
            clocks.rename({"member": "due_member", "record": "due_record", "clock": "due_clock"}),
            on=["device", "due_member", "due_record"],
            how="left",
            maintain_order="left",
        )
    )
    device = ordered.group_by("device").agg(
        restart=(pl.col("role") == "restart_stop").any(),
        installs_logged=(pl.col("stem").str.to_lowercase() == "appworkload").any()
        | pl.col("role").is_in(["install_begin", "download_begin", "retry"]).any(),
    )
    return (
        facts.join(asked, on=_KEYS, how="full", coalesce=True, maintain_order="left_right")
        .with_columns(
            pl.coalesce(name, f"due_{name}").alias(name)
            for name in ("member", "record", "turn", "page", "clock")
        )
        .filter(pl.col("member").is_not_null())
        .join(device, on="device", how="left", maintain_order="left")
    )


_Words = Mapping[str, Mapping[str, tuple[str, str | None]]]


def _judge(app: Mapping[str, object], words: _Words) -> Verdict:
    """Return what is to be said of one app: the first of these that its evidence decides."""
    steps = (_let_be, _drawn_in, _as_listed, _as_stored, _held, _due)
    return next((verdict for step in steps if (verdict := step(app, words)) is not None), Verdict("unknown"))


def _let_be(app: Mapping[str, object], words: _Words) -> Verdict | None:
    """The agent said that it let the app be, or the app is as it is wanted already."""
    if app["skip"] is not None:
        exact = words["applicability"].get(str(app["applicable"]), ("", None))[1]
        return Verdict("skipped", exact if exact and app["skip"] == NOT_APPLICABLE else str(app["skip"]))
    if app["excluded"]:
        return Verdict("skipped", f"excluded by an {shared_reasons()['assignment filter']}")
    removal = app["intent"] == UNINSTALL or app["desired"] == _NOT_PRESENT
    looked = app["uncomputed"] != "detect"
    if app["found"] is not None and app["found"] is not removal and looked:
        return Verdict("skipped", shared_reasons()["already absent" if removal else "already installed"])
    refused = words["applicability"].get(str(app["applicable"]))
    if refused is not None:
        return Verdict("skipped", refused[1])
    if app["applicable"] not in (None, _APPLICABLE) or app["resultant"] == _NOT_APPLICABLE:
        return Verdict("skipped", shared_reasons()["not applicable"])
    if app["intent"] == _NOT_TARGETED or app["desired"] == _NO_DESIRE:
        return Verdict("skipped", shared_reasons()["not targeted"])
    return None


def _drawn_in(app: Mapping[str, object], words: _Words) -> Verdict | None:
    """The last that the agent said of the app is that it waits for another; the page knows no end of it."""
    listed, _ = words["esp_app"].get(str(app["listed"]), (None, None))
    if app["depends"] and listed not in ("failed", "succeeded"):
        return Verdict("waiting", reason_of("WaitingForDependency"))
    return None


def _as_listed(app: Mapping[str, object], words: _Words) -> Verdict | None:
    """The status page's own list says how the app ended; that it is not installed yet says nothing."""
    outcome, _ = words["esp_app"].get(str(app["listed"]), (None, None))
    if outcome is None or outcome == "never_started":
        return None
    broken = NOT_COMPUTED.get(str(app["uncomputed"])) if outcome == "failed" else None
    return Verdict(outcome, broken or ONLY_LISTED)


def _as_stored(app: Mapping[str, object], words: _Words) -> Verdict | None:
    """An earlier try, of which no line is left, ended as the agent stored it."""
    outcome, reason = words["enforcement"].get(str(app["enforcement"]), (None, None))
    if outcome is None or outcome == "never_started":
        return None
    if outcome == "succeeded" and app["found"] is False:
        return Verdict("not_detected", "installed in an earlier check-in, detection does not find the app")
    return Verdict(outcome, reason or "as the agent stored it of an earlier check-in", _text(app["error"]))


def _held(app: Mapping[str, object], _: _Words) -> Verdict | None:
    """The retry lock or a dependency holds the app back, or nobody has asked for it."""
    if app["waits"]:
        return Verdict("waiting", _lock())
    if app["conflict"] == _NOT_AUTOMATIC and app["due"]:
        return Verdict("never_started", shared_reasons()["dependency not set to install by itself"])
    if app["intent"] == AVAILABLE:
        return Verdict("skipped", "offered, and nobody asked for it")
    return None


def _due(app: Mapping[str, object], _: _Words) -> Verdict | None:
    """The app was due and nothing ran; where the log that would show it is absent, nobody knows."""
    if not app["due"]:
        return Verdict("unknown", "no line says what became of it") if app["stored"] else Verdict("")
    if not app["installs_logged"]:
        return Verdict("unknown", NOT_LOGGED)
    if app["restart"]:
        return Verdict("waiting", "waits for a restart")
    return Verdict("never_started") if app["planned"] else Verdict("unknown", "its turn is not in the log")


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _lock() -> str:
    return str(read_facts("ime_patterns").filter(pl.col("id") == "grs_skip")["reason"][0])
