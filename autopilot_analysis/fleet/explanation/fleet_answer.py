"""The answer on many deployments: who fails, who is slow, since when, what it costs, what to check."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.findings import Answer, Line, Section
from autopilot_analysis.fleet.dataset.loading import Fleet
from autopilot_analysis.fleet.explanation.explain import Explanation, explain
from autopilot_analysis.fleet.measures.rates import measure_rates

MOST = 2
"""Groups and days told of each kind; the rest stand in the tables."""
ENDED = ("succeeded", "failed")
VERBS = {"failed": "failed", "slow": "were slow"}


def answer_fleet(fleet: Fleet, *, subject: str = "fleet") -> Answer:
    """Return what goes wrong in a fleet: failing and slow together, as sections.

    Args:
        fleet: What `load_deployments` returned.
        subject: What the answer is about.

    Example:
        >>> from autopilot_analysis import load_deployments
        >>> answer_fleet(load_deployments("data/fleet")).outcome
        'failed'
    """
    rows = fleet.deployments
    if rows.is_empty():
        text = "No deployment is told of here; 01_device_trace shows what single devices say"
        use = Section("What to do", (Line("Use the notebook 01_device_trace for this export."),))
        return Answer(subject, text, "misfit", (use,))
    told = {name: explain(rows, outcome=name, candidates=fleet.candidates) for name in VERBS}
    parts = {
        "What happened": _happened(told),
        "Since when": _since(told),
        "What it costs": _costs(told),
        "Changed nearby": _changed(told),
        "What to do": _to_check(told),
        "Proof": _proof(told),
        "Not seen": (Line(_sentence(f"Not told, {text}")) for text in _untold(told)),
    }
    sections = [Section(label, tuple(lines)) for label, lines in parts.items()]
    found = any(one.contrasts.height or one.changes.height for one in told.values())
    filled = tuple(section for section in sections if section.lines)
    return Answer(subject, _verdict(rows), "failed" if found else "unknown", filled)


def _verdict(rows: pl.DataFrame) -> str:
    """Return how many attempts there are on how many devices, and how many of the ended ones failed."""
    ended = rows.filter(pl.col("outcome").cast(pl.String).is_in(ENDED))
    counted = measure_rates(ended)
    failed, low, high = counted.select("k", "low", "high").row(0)
    counts = (
        f"{wording.count(rows.height, 'attempt')} on {wording.count(rows['device'].n_unique(), 'device')}"
    )
    open_ = rows.height - ended.height
    left = f"; {open_:,} not ended" if open_ else ""
    return f"{counts}; {wording.share(failed, ended.height, low, high)} of those that ended failed{left}"


def _groups(told: dict[str, Explanation]) -> Iterator[tuple[str, dict[str, Any]]]:
    for outcome, one in told.items():
        yield from ((outcome, row) for row in one.contrasts.head(MOST).iter_rows(named=True))


def _days(told: dict[str, Explanation]) -> Iterator[tuple[str, dict[str, Any]]]:
    for outcome, one in told.items():
        yield from ((outcome, row) for row in one.changes.head(MOST).iter_rows(named=True))


def _group(row: dict[str, Any]) -> str:
    text = wording.group(json.loads(row["where"]))
    return text[:1].upper() + text[1:]


def _happened(told: dict[str, Explanation]) -> Iterator[Line]:
    for outcome, row in _groups(told):
        here = wording.share(row["k"], row["n"], row["low"], row["high"])
        rest = row["rest_share"]
        beside = "" if rest is None else f", against {wording.percent(rest, 0)} elsewhere"
        yield Line(f"{_group(row)}: {here} {VERBS[outcome]}{beside}.")
    for outcome, one in told.items():
        if one.contrasts.is_empty():
            yield Line(one.few or f"No group stands out as {outcome}.")


def _since(told: dict[str, Explanation]) -> Iterator[Line]:
    for _, row in _days(told):
        until = f" until {row['until']:%Y-%m-%d}" if row["until"] else ""
        measure = "median time" if row["measure"] == "total" else f"share {row['measure']}"
        yield Line(f"{row['at']:%Y-%m-%d}{until}: {_group(row)}: {measure} {wording.levels(row)}.")


def _costs(told: dict[str, Explanation]) -> Iterator[Line]:
    """Return what groups and days cost, as `explain` counts it: devices hit, time lost, longer waits."""
    named = set()
    for _, row in _groups(told):
        named.add(row["where"])
        hit = [f"{wording.count(row['devices'], 'device')} hit"] if row["devices"] else []
        lost = [f"{wording.span(timedelta(minutes=round(row['lost'])))} lost"] if row["lost"] else []
        if hit or lost:
            yield Line(f"{_group(row)}: {', '.join(hit + lost)}.")
    for _, row in _days(told):
        if row["measure"] == "total" and None not in (row["before"], row["after"]):
            longer = timedelta(minutes=row["after"] - row["before"])
            whole = "" if row["where"] in named else f", {wording.span(longer * row['n_after'])} in all"
            yield Line(f"{_group(row)}: {wording.span(longer)} longer in each of {row['n_after']:,}{whole}.")


def _changed(told: dict[str, Explanation]) -> Iterator[Line]:
    known = {row["candidate"]: row for _, row in _days(told) if row["candidate"]}
    for candidate, row in known.items():
        yield Line(f"{candidate} (near {row['at']:%Y-%m-%d}). A thing to check, and no cause yet.")


def _to_check(told: dict[str, Explanation]) -> Iterator[Line]:
    hit = next((row for _, row in (*_days(told), *_groups(told))), None)
    changed = next((row["candidate"] for _, row in _days(told) if row["candidate"]), None)
    if hit is None:
        yield Line("Nothing that was read asks for a remedy of the fleet; look at single devices.")
        return
    if changed:
        yield Line(f"Check first what was changed nearby: {changed}.")
    yield Line(
        f"Open one device of {wording.group(json.loads(hit['where']))} in 01_device_trace for the cause."
    )
    yield Line("04_root_cause shows the days and typical attempts; 05_postmortem writes the document.")


def _proof(told: dict[str, Explanation]) -> Iterator[Line]:
    for outcome, row in (*_groups(told), *_days(told)):
        kind = f"{outcome}, {wording.group(json.loads(row['where']))}"
        counted = row["n"] if "n" in row else row["n_after"]
        yield Line(f"{kind}: {counted:,} attempts, q {row['q']:.2g}. Going together is not causing.", "text")


def _untold(told: dict[str, Explanation]) -> list[str]:
    return list(dict.fromkeys(text for one in told.values() for text in one.untold))


def _sentence(text: str) -> str:
    return text if text.endswith(".") else f"{text}."
