"""The answer on many deployments: who fails, who is slow, since when, what it costs, what to check."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.codes import explain as explain_code
from autopilot_analysis.facts.addresses import address_of
from autopilot_analysis.findings import Answer, Line, Part, Section
from autopilot_analysis.findings.answers.device_answer import NO_REMEDY, proofs_of
from autopilot_analysis.fleet.dataset.loading import Fleet
from autopilot_analysis.fleet.explanation.explain import Explanation, explain
from autopilot_analysis.fleet.explanation.fleet_findings import in_words, items_in_words, name_of
from autopilot_analysis.fleet.explanation.one_attempt import is_alone, not_compared, tell_attempt
from autopilot_analysis.fleet.explanation.service_failures import (
    prove_failure,
    tell_reasons,
    tell_remedies,
)
from autopilot_analysis.fleet.intervals import share_columns
from autopilot_analysis.fleet.measures.rates import measure_failures, measure_rates
from autopilot_analysis.tables.outcomes import FINISHED

MOST = 2
"""Groups and days told of each kind; the rest stand in the tables."""
MOST_FAILURES = 5
"""Failures told one by one where no group stands out and no capture proves a cause, the newest first."""
MOST_CAUSES = 3
"""Further causes that are named."""
ALONE = (
    "No deployment is told of here; 01_device_trace shows what single devices say",
    "Use the notebook 01_device_trace for this export.",
)
NOTHING = (
    "No deployment and no device's own log is here, so no notebook fits; the verb tables writes it out",
    "Read it with the verb tables, or hand in what tells of deployments or of a device.",
)
"""What is said of an export without deployments: of one with a device's own records, and of any other."""
VERBS = {"failed": "failed", "slow": "were slow"}


def answer_fleet(fleet: Fleet, *, subject: str = "") -> Answer:
    """Return what goes wrong in a fleet: failing and slow together, as sections.

    Args:
        fleet: What `load_deployments` returned.
        subject: What the answer is about; empty means the only device there is, else the fleet.

    Example:
        >>> from autopilot_analysis import load_deployments
        >>> answer_fleet(load_deployments("data/fleet")).outcome
        'failed'
    """
    rows = fleet.deployments
    alone = rows["device"].n_unique() == 1
    first = rows.row(0, named=True) if alone else {}
    subject = subject or (str(first["serial"] or name_of(first)) if alone else "fleet")
    if rows.is_empty():
        text, use = ALONE if fleet.captured else NOTHING
        return Answer(subject, text, "misfit", (Section(Part.TO_DO, (Line(use),)),))
    explained = {name: explain(rows, outcome=name, candidates=fleet.candidates) for name in VERBS}
    causes, others = fleet.causes.head(1).to_dicts(), fleet.causes.slice(1)
    happened = (
        *_still_open(rows),
        *_happened(explained),
        *_frequent(fleet, causes),
        *_newest(rows, explained, causes),
        *_items(fleet, causes),
    )
    kinds = [] if causes or _differs(explained) else measure_failures(rows).head(MOST).to_dicts()
    one = rows.row(0, named=True) if is_alone(rows) else None
    attempt = tuple(tell_attempt(one, fleet.item_statuses)) if one else ()
    parts = {
        Part.HAPPENED: happened or attempt,
        Part.SINCE: () if one else (*_since(explained), *_between(explained, causes)),
        Part.WHY: (*(Line(_sentence(cause["meaning"])) for cause in causes), *tell_reasons(kinds)),
        Part.TO_DO: (*_remedies(causes), *tell_remedies(kinds), *_to_check(explained, causes, fleet)),
        Part.PROOF: (*_records(fleet, causes), *_proof(explained), *_row_told(kinds, fleet)),
        Part.OTHERS: _others(fleet, others),
        Part.ATTEMPT: attempt if happened else (),
        Part.COSTS: () if one else (*_costs(explained), *_lost(explained, rows)),
        Part.UNSEEN: _not_seen(explained, one) if _ended(rows).height else (),
    }
    sections = [Section(label, tuple(lines)) for label, lines in parts.items()]
    filled = tuple(section for section in sections if section.lines)
    outcome = _outcome(rows, found=bool(causes) or _differs(explained))
    return Answer(subject, _verdict(rows), outcome, filled, alone=is_alone(rows))


def _row_told(kinds: list[dict[str, Any]], fleet: Fleet) -> Iterator[Line]:
    """Return the row of the service that proves the newest failure, where nothing nearer proves any."""
    if kinds:
        yield from prove_failure(_failed(fleet.deployments), fleet)


def _differs(explained: dict[str, Explanation]) -> bool:
    """Whether a group stands out, or a day on which something moved."""
    return any(one.contrasts.height or one.changes.height for one in explained.values())


def _outcome(rows: pl.DataFrame, *, found: bool) -> str:
    """Return how the fleet stands; one attempt stands as it ended itself."""
    if is_alone(rows) and _ended(rows).height:
        return str(rows["outcome"][0])
    return "failed" if found else "unknown" if _ended(rows).height else "unfinished"


def _ended(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.filter(pl.col("outcome").cast(pl.String).is_in(FINISHED))


def _still_open(rows: pl.DataFrame) -> Iterator[Line]:
    """Return that no attempt was seen to end, where that is all there is to say."""
    if _ended(rows).is_empty():
        counted = rows["outcome"].cast(pl.String).value_counts(sort=True).iter_rows()
        states = ", ".join(f"{number:,} {wording.words(outcome)}" for outcome, number in counted)
        yield Line(f"No attempt had ended when last seen: {states}.")


def _verdict(rows: pl.DataFrame) -> str:
    """Return how many attempts there are on how many devices, and how many of the ended ones failed."""
    ended = _ended(rows)
    counts = (
        f"{wording.count(rows.height, 'attempt')} on {wording.count(rows['device'].n_unique(), 'device')}"
    )
    if ended.is_empty():
        return f"{counts}; none of them ended"
    failed, low, high = measure_rates(ended).select("k", "low", "high").row(0)
    open_ = rows.height - ended.height
    left = f"; {open_:,} not ended" if open_ else ""
    if not failed:
        every = "the one" if ended.height == 1 else f"every one of the {ended.height:,}"
        return f"{counts}; {every} that ended succeeded{left}"
    if ended.height == 1:
        return f"{counts}; the one that ended failed{left}"
    return f"{counts}; {wording.share(failed, ended.height, low, high)} of those that ended failed{left}"


def _failed(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the deployments that failed, the newest first."""
    failed = rows.filter(pl.col("outcome").cast(pl.String) == "failed")
    return failed.sort("started_at", descending=True, nulls_last=True, maintain_order=True)


def _share(k: int, n: int) -> str:
    """Return k of n with its share and its interval in words."""
    low, high = pl.DataFrame({"k": [k], "n": [n]}).select(share_columns()).row(0)[1:]
    return wording.share(k, n, low, high)


def _groups(explained: dict[str, Explanation]) -> Iterator[tuple[str, dict[str, Any]]]:
    for outcome, one in explained.items():
        yield from ((outcome, row) for row in one.contrasts.head(MOST).iter_rows(named=True))


def _days(explained: dict[str, Explanation]) -> Iterator[tuple[str, dict[str, Any]]]:
    for outcome, one in explained.items():
        yield from ((outcome, row) for row in one.changes.head(MOST).iter_rows(named=True))


def _group(row: dict[str, Any]) -> str:
    text = wording.group(json.loads(row["where"]))
    return text[:1].upper() + text[1:]


def _happened(explained: dict[str, Explanation]) -> Iterator[Line]:
    for outcome, row in _groups(explained):
        here = wording.share(row["k"], row["n"], row["low"], row["high"])
        rest = row["rest_share"]
        beside = "" if rest is None else f", against {wording.percent(rest, 0)} elsewhere"
        yield Line(f"{_group(row)}: {here} {VERBS[outcome]}{beside}.")
    for outcome, one in explained.items():
        if one.contrasts.is_empty() and not one.few:
            yield Line(f"No group stands out as {outcome}.")


def _frequent(fleet: Fleet, causes: list[dict[str, Any]]) -> Iterator[Line]:
    """Return on how many devices captures prove which cause; without captures, what fails most."""
    yield from (Line(_hit(fleet, one)) for one in causes)
    failures = measure_failures(fleet.deployments)
    several = failures.height and failures["n"][0] > 1  # one failure is told by itself
    for one in failures.head(MOST).iter_rows(named=True) if several and not causes else ():
        on = f"on {wording.count(one['devices'], 'device')}"
        yield Line(f"{_failure(one)}: {_share(one['k'], one['n'])} failures, {on}.")


def _hit(fleet: Fleet, cause: dict[str, Any]) -> str:
    """Return a cause, and on how many of the devices that were captured it was found."""
    captured = fleet.deployments.filter(pl.col("origin").cast(pl.String) == "capture")["device"].n_unique()
    if captured == 1:
        return f"{cause['title']}."
    counted = _share(cause["devices"], max(captured, cause["devices"]))
    return f"{cause['title']}: on {counted} devices that were captured."


def _others(fleet: Fleet, causes: pl.DataFrame) -> Iterator[Line]:
    """Return the further causes, each with what mends it and a device that shows it."""
    for one in causes.head(MOST_CAUSES).iter_rows(named=True):
        remedy = f" {one['remedy'].rstrip('.')}." if one["remedy"] else ""
        yield Line(f"{_hit(fleet, one)}{remedy} See {one['device']}.")
    if causes.height > MOST_CAUSES:
        yield Line(f"And {wording.count(causes.height - MOST_CAUSES, 'more cause')}, in 04_root_cause.")


def _failure(one: dict[str, Any]) -> str:
    """Return a row of `measure_failures` in words: stage, code and what it means."""
    code = explain_code(one["code"], stage=one["failed_stage"]) if one["code"] else None
    means = f" ({code.meaning})" if code and code.meaning and code.certainty != "unknown" else ""
    return f"{wording.heading(one['failed_stage'] or 'stage unknown')}, {one['code'] or 'no code'}{means}"


def _newest(
    rows: pl.DataFrame, explained: dict[str, Explanation], causes: list[dict[str, Any]]
) -> Iterator[Line]:
    """Return the newest failures one by one, where no group, no day and no capture explains any."""
    if causes or any(True for _ in (*_groups(explained), *_days(explained))):
        return
    failed = _failed(rows)
    yield from (Line(in_words(row)) for row in failed.head(MOST_FAILURES).iter_rows(named=True))
    if (left := failed.height - MOST_FAILURES) > 0:
        yield Line(f"And {wording.count(left, 'older failure')}.")


def _items(fleet: Fleet, causes: list[dict[str, Any]]) -> Iterator[Line]:
    """Return which items failed in what failed, where a report names them and no capture proves a cause."""
    failed = _failed(fleet.deployments)
    named = [] if causes else items_in_words(failed, fleet.item_statuses)
    if named:
        where = "it" if failed.height == 1 else "these deployments"
        yield Line(f"Failed in {where}: {', '.join(named[:MOST_FAILURES])}.")


def _between(explained: dict[str, Explanation], causes: list[dict[str, Any]]) -> Iterator[Line]:
    """Return when causes were first and last met, where no day is known on which the level moved."""
    if not any(True for _ in _days(explained)):
        for one in causes:
            if one["first_at"]:
                days = list(dict.fromkeys(f"{one[name]:%Y-%m-%d}" for name in ("first_at", "last_at")))
                when = f"on {days[0]}" if len(days) == 1 else f"first {days[0]}, last {days[1]}"
                yield Line(f"{one['title']}: {when}.")


def _since(explained: dict[str, Explanation]) -> Iterator[Line]:
    for _, row in _days(explained):
        until = f" until {row['until']:%Y-%m-%d}" if row["until"] else ""
        measure = "median time" if row["measure"] == "total" else f"share {row['measure']}"
        yield Line(f"{row['at']:%Y-%m-%d}{until}: {_group(row)}: {measure} {wording.levels(row)}.")


def _costs(explained: dict[str, Explanation]) -> Iterator[Line]:
    """Return what groups and days cost, as `explain` counts it: devices hit, time lost, longer waits."""
    named = set()
    for _, row in _groups(explained):
        named.add(row["where"])
        hit = [f"{wording.count(row['devices'], 'device')} hit"] if row["devices"] else []
        lost = [f"{wording.span(timedelta(minutes=round(row['lost'])))} lost"] if row["lost"] else []
        if hit or lost:
            yield Line(f"{_group(row)}: {', '.join(hit + lost)}.")
    for _, row in _days(explained):
        if row["measure"] == "total" and None not in (row["before"], row["after"]):
            longer = timedelta(minutes=row["after"] - row["before"])
            whole = "" if row["where"] in named else f", {wording.span(longer * row['n_after'])} in all"
            yield Line(f"{_group(row)}: {wording.span(longer)} longer in each of {row['n_after']:,}{whole}.")


def _lost(explained: dict[str, Explanation], rows: pl.DataFrame) -> Iterator[Line]:
    """Return how long what failed took, where no group stands out."""
    spent = [one for one in _failed(rows)["total"] if one is not None]
    if spent and not any(True for _ in _groups(explained)):
        whole = wording.span(sum(spent, timedelta()))
        yield Line(f"{wording.count(len(spent), 'failed attempt')} took {whole} in all.")


def _changed(explained: dict[str, Explanation]) -> Iterator[Line]:
    known = {row["candidate"]: row for _, row in _days(explained) if row["candidate"]}
    for candidate, row in known.items():
        yield Line(f"Check first what was changed near {row['at']:%Y-%m-%d}: {candidate} (no cause yet).")


def _remedies(causes: list[dict[str, Any]]) -> Iterator[Line]:
    """Return what mends a cause, with the page that says so."""
    for one in causes:
        remedy = f"{one['remedy'].rstrip('.')}." if one["remedy"] else NO_REMEDY
        yield Line(remedy, "remedy", one["page"] or "", address_of(one["page"]))


def _to_check(
    explained: dict[str, Explanation], causes: list[dict[str, Any]], fleet: Fleet
) -> Iterator[Line]:
    hit = next((row for _, row in (*_days(explained), *_groups(explained))), None)
    if hit is None:
        yield Line(_one_device(causes, fleet))
        return
    yield from _changed(explained)
    where = wording.group(json.loads(hit["where"]))
    yield Line(f"Open one device of {where} in 01_device_trace; 04_root_cause lists typical ones.")


def _one_device(causes: list[dict[str, Any]], fleet: Fleet) -> str:
    """Return which device to look at, where no group stands out."""
    rows = fleet.deployments
    failed = measure_failures(rows).head(1).to_dicts()
    if causes:
        return f"Open {causes[0]['device']} in 01_device_trace: it shows this."
    if failed:
        what = (
            failed[0]["code"] or f"no code, in {wording.words(failed[0]['failed_stage'] or 'no known stage')}"
        )
        named = items_in_words(_failed(rows), fleet.item_statuses)
        why = "." if named else ": a report does not say why."
        newest = name_of(_failed(rows).row(0, named=True))
        if failed[0]["n"] == 1:
            return f"Collect diagnostics from {newest}: the service tells how it ended, not what led to it."
        device = f"a device that failed with {what} (the newest failure is of {newest})"
        return f"Collect diagnostics from {device}{why}"
    if _ended(rows).is_empty():
        device = name_of(rows.row(0, named=True))
        return f"Open {device} in 01_device_trace: it shows how far the attempt came."
    return "Nothing that was read asks for a remedy."


def _records(fleet: Fleet, causes: list[dict[str, Any]]) -> Iterator[Line]:
    """Return the first records of a cause, of the device named with it."""
    for one in causes:
        for proof in proofs_of(one, fleet.evidence).head(MOST).iter_rows(named=True):
            place = f"{proof['member']}, record {proof['record']}" if proof["record"] else proof["member"]
            yield Line(wording.fields(proof["quote"]), "proof", place, device=one["device"])


def _chance(row: dict[str, Any]) -> str:
    return f"q {wording.chance(row['q'])}"


def _proof(explained: dict[str, Explanation]) -> Iterator[Line]:
    groups, days = list(_groups(explained)), list(_days(explained))
    for outcome, row in groups:
        yield Line(f"{_group(row)}, {outcome}: {row['n']:,} attempts against the rest, {_chance(row)}.")
    for outcome, row in days:
        counted = f"{row['n_after']:,} attempts since {row['at']:%Y-%m-%d} against those before"
        yield Line(f"{_group(row)}, {outcome}: {counted}, {_chance(row)}.")
    if groups or days:
        yield Line("Going together is not causing.")


def _not_seen(explained: dict[str, Explanation], one: dict[str, Any] | None) -> Iterator[Line]:
    """Return why groups could not be compared, and what no deployment tells."""
    if one:
        yield from not_compared(one, _limits(explained))
        return
    few = next((each.few for each in explained.values() if each.few), None)
    if few:
        yield Line(f"Which groups are hit: {few[:1].lower()}{few[1:]}")
    unseen = (text for text in _limits(explained) if not (few and text.startswith("which group")))
    yield from (Line(_sentence(f"Not told, {text}")) for text in unseen)


def _limits(explained: dict[str, Explanation]) -> list[str]:
    return list(dict.fromkeys(text for one in explained.values() for text in one.limits))


def _sentence(text: str) -> str:
    return text if text.endswith(".") else f"{text}."
