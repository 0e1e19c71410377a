"""One line a device: what came of it, why, and what nobody could have seen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.export.sources import title_of
from autopilot_analysis.facts.marks import ENROLLMENT_FAILED
from autopilot_analysis.facts.quote_groups import PAGE
from autopilot_analysis.facts.quotes import kinds
from autopilot_analysis.findings.answers.calm import calm_end
from autopilot_analysis.findings.answers.history import settled_since
from autopilot_analysis.findings.answers.made_good import made_good, phrases, seen_no_further
from autopilot_analysis.findings.answers.to_do import happened
from autopilot_analysis.findings.answers.went_well import went_well
from autopilot_analysis.findings.answers.without_attempt.join_words import join_words
from autopilot_analysis.findings.answers.without_attempt.own_answers import own_answers
from autopilot_analysis.findings.answers.without_attempt.strangers import strange_verdict
from autopilot_analysis.findings.answers.without_attempt.unknown_errors import unexplained
from autopilot_analysis.findings.looking import once, undated_failures
from autopilot_analysis.findings.not_run import sources_asked
from autopilot_analysis.findings.rules.enrollment import FAILURES_APART
from autopilot_analysis.findings.rules.evidence import DECISIVE
from autopilot_analysis.findings.rules.later_looks import with_last_look
from autopilot_analysis.findings.rules.page_tries import IS_REMOVAL, on_the_page, outside
from autopilot_analysis.readers.device.enrollment import ALREADY_ENROLLED
from autopilot_analysis.tables import Findings, Tables, Trace
from autopilot_analysis.tables.capture import ABSENT, HELD, NOT_WHOLE
from autopilot_analysis.tables.items import APP, CALLED, NOUNS, POLICY, SCRIPT
from autopilot_analysis.tables.outcomes import FAILED_TRIES
from autopilot_analysis.tables.story import APPS
from autopilot_analysis.tables.verdict import CAUSE, INFO
from autopilot_analysis.trace.attempts import BY_OTHERS
from autopilot_analysis.trace.installs.policies import no_fault
from autopilot_analysis.trace.place import place, spans_of

OPEN = ("unfinished", "unknown")
"""Outcomes of a device on which something may have gone through that no whole attempt shows."""
COUNTED = {"failed": "failed", "unfinished": "whose end was not seen", "succeeded": "succeeded"}
CAME = {SCRIPT: "ran well", APP: "installed"}
"""What is said of an item that came, by what it is called."""
BROUGHT = {kind: noun for kind, noun in NOUNS.items() if kind != "modern"}
"""What items are called that management brings; Windows brings and updates modern apps of its own accord."""
OTHERS = (SCRIPT, POLICY)
"""What else may not have gone through."""
PREPARED = "device_preparation"
"""The scenario that needs no registration: whether there is one is not said of it."""
NO_ATTEMPT = "no attempt was seen"
"""Stands behind what leads, and only where attempts would have been seen."""
BARE_CODE = "BARE-CODE"
"""The rule of a code of which nothing tells what gave it."""
WOULD_SHOW = 2
"""With so many of the decisive sources an export is a collection that would have shown an attempt."""
NOT_FOUND = "cause not found"
"""What is said of a failure that nothing explains."""
QUOTED = "quotes"
"""The source of errors that somebody wrote down: nobody can hand in more of it."""
TOO_LITTLE = "outcome unknown: what was read does not show whether anything failed"
VERDICT: dict[str, pl.DataType] = {
    "device": pl.String(),
    "verdict": pl.String(),
    "cause": pl.String(),
    "confidence": pl.Float64(),
    "not_seen": pl.String(),
    "outcome": pl.String(),
}


def _outcome(
    device: dict[str, object],
    attempts: pl.DataFrame,
    unseen: set[str],
    made: pl.DataFrame,
    *,
    undated: bool,
) -> str:
    """Return succeeded, failed, unfinished, nothing_ran or unknown: what the last attempt came to.

    Where something failed at a time that nothing tells, something did run. A failure that went through later
    is not what the device came to.
    """
    stage = pl.col("failed_stage").cast(pl.String)
    past = stage.is_in(made["stage"].implode()) & (pl.col("attempt") < pl.col("attempt").max())
    known = attempts.filter(pl.col("outcome").is_in(list(COUNTED)), ~past.fill_null(value=False)).sort(
        "attempt"
    )
    if known.height:
        return str(known["outcome"][-1])
    quiet = device["registered"] is False or device["enrolled"] is False
    return "nothing_ran" if quiet and not undated and unseen.isdisjoint(DECISIVE) else "unknown"


def _tries(trace: Trace, attempts: pl.DataFrame, made: pl.DataFrame) -> list[str]:
    """How often enrolment failed where it also failed outside the attempts; nothing where it did not.

    A task tries to enrol a joined device again for days and begins no attempt. That a device is enrolled
    already is no failure.
    """
    real = (pl.col("mark") == ENROLLMENT_FAILED) & pl.col("code").ne_missing(ALREADY_ENROLLED)
    failed = trace.marks.filter(real).drop_nulls("at")
    own = failed.join(attempts, on="device", how="semi").sort("at")
    apart = own.filter((pl.col("at").diff() >= FAILURES_APART).fill_null(value=True))
    outside = place(apart, attempts, spans_of(attempts, trace.stage_runs))["attempt"].null_count()
    if not outside:
        return []
    if "mdm_enrollment" in made["stage"]:
        return phrases(made.filter(pl.col("stage") == "mdm_enrollment"))
    return [f"enrolment failed {wording.count(apart.height, 'time')} in all, {outside:,} outside an attempt"]


@once
def _tried(tables: Tables, trace: Trace) -> pl.DataFrame:
    """What was tried on devices, less the Store's daily work and the packages of Windows' own setup.

    `there` says of each try what the last look after it found, null where nothing looked; `outside` whether
    it is no part of the deployment.
    """
    own_work = pl.col("attempt").is_null() | ~on_the_page()
    tried = trace.installs.filter(~((pl.col("kind") == "modern") & own_work))
    known = tried.with_columns(outside=outside(trace), at=pl.coalesce("ended_at", "started_at"))
    return with_last_look(known, tables)


def _tried_on(tables: Tables, trace: Trace, device: object) -> pl.DataFrame:
    return _tried(tables, trace).filter(pl.col("device") == device)


def _never_came(tried: pl.DataFrame) -> pl.DataFrame:
    """Return what was tried on a device and never came: its name, whether it is an app and whether `outside`.

    A refusal after which nothing is missing is none, nor is a try whose app was found by a later look.
    """
    harmless = pl.col("reason").is_in(no_fault()).fill_null(value=False)
    found = pl.col("there").fill_null(value=False) & ~IS_REMOVAL
    items = (
        tried.filter(~harmless)
        .group_by("item", maintain_order=True)
        .agg(
            called=CALLED.last(),
            app=pl.col("kind").cast(pl.String).is_in(APPS).first(),
            came=((pl.col("outcome") == "succeeded") | found).any(),
            failed=pl.col("outcome").cast(pl.String).is_in(FAILED_TRIES).any(),
            outside=pl.col("outside").last(),
        )
    )
    return items.filter("failed", ~pl.col("came")).select("called", "app", "outside")


def never_came(tables: Tables, trace: Trace, device: object) -> list[str]:
    """Return the names of what was tried on a device and never came.

    Args:
        tables: What `read_tables` returned.
        trace: What `build_trace` returned.
        device: The device's key.
    """
    return _never_came(_tried_on(tables, trace, device))["called"].to_list()


OUTSIDE = "failed outside the deployment"
"""What is said of apps that are no part of it, and never came."""
LEFT = "did not go through"
"""What is said of what was tried and never came: the headline counts it, the answer names it."""


def _left(tried: pl.DataFrame) -> list[str]:
    """Say how much was tried on a device and never came, so that nobody reads that nothing failed at all."""
    missed = _never_came(tried)
    left = missed.filter(~pl.col("outside"))["app"]
    apps, others = int(left.sum()), left.len() - int(left.sum())
    many = " or ".join(map(wording.several, OTHERS))
    within = [wording.count(apps, APP)] if apps else []
    within += [wording.count(others, " or ".join(OTHERS), many)] if others else []
    counted = [f"{' and '.join(within)} {LEFT}"] if within else []
    apart = int(missed["outside"].sum())
    counted += [f"{wording.count(apart, APP)} {OUTSIDE}"] if apart else []
    return ["nothing failed at enrolment", *counted] if counted else []


def _items(installs: pl.DataFrame) -> str:
    """Return how many scripts and apps failed or came, by the last try of each; nothing where none failed."""
    noun = pl.col("kind").cast(pl.String).replace_strict(BROUGHT, default=None, return_dtype=pl.String)
    tried = installs.with_columns(noun=noun).drop_nulls("noun")
    last = tried.group_by("item", maintain_order=True).last()
    failed = last.filter(pl.col("outcome").is_in(FAILED_TRIES))
    good = last.filter(pl.col("outcome") == "succeeded")
    parts = [*_counts(failed, dict.fromkeys(CAME, "failed")), *_counts(good, CAME)]
    return ", ".join(parts) if failed.height else ""


def _counts(items: pl.DataFrame, verbs: dict[str, str]) -> list[str]:
    counts = {noun: int((items["noun"] == noun).sum()) for noun in verbs}
    return [f"{wording.count(counts[noun], noun)} {verb}" for noun, verb in verbs.items() if counts[noun]]


def _state(
    device: Mapping[str, Any],
    attempts: pl.DataFrame,
    outcome: str,
    causes: pl.DataFrame,
    tried: pl.DataFrame,
    *,
    past: list[str],
    otherwise: str | None,
    behind: str,
) -> list[str]:
    """What the device is and what came of its attempts, in words; a cause needs no attempt to be named.

    `behind` is what is said behind a cause where no attempt was seen.
    """
    needless = PREPARED in attempts["scenario"].to_list() and not device["registered"]
    needless |= goes_without_saying(device["registered"], attempts)
    words = [] if needless else _known(device["registered"], "registered for Autopilot")
    words += [*_known(device["enrolled"], "enrolled"), *past]
    explains = outcome in ("failed", "unfinished") and not past and causes.height
    words += _counted(attempts, outcome, str(causes["title"][0]) if explains else "")
    if past:
        return words
    if outcome in ("unknown", "nothing_ran") and causes.height:
        words.append(f"{causes['title'][0]}{behind}")
    elif outcome == "unknown" and (items := _items(tried)):
        words.append(f"{items}{behind}")
    elif outcome == "unknown":
        words.append(otherwise or TOO_LITTLE)
    elif not {"failed", "unfinished"} & set(attempts["outcome"].cast(pl.String)):
        good = _left(tried) or [wording.NOTHING_FAILED]
        words += [str(causes["title"][0])] if causes.height else good
    return words


def goes_without_saying(registered: bool | None, attempts: pl.DataFrame) -> bool:
    """Tell whether a device's attempts show already that it is registered: Autopilot itself ran on it.

    Args:
        registered: Whether the device is registered, None where nothing tells.
        attempts: Those of the device.
    """
    kinds = set(attempts["scenario"].drop_nulls())
    return registered is True and bool(kinds) and kinds.isdisjoint({PREPARED, BY_OTHERS})


def _counted(attempts: pl.DataFrame, outcome: str, cause: str) -> list[str]:
    """Return how many attempts came to what, that of the outcome first, and the cause behind them.

    Args:
        attempts: Those of the device.
        outcome: What the device came to.
        cause: The title of what explains that, or nothing.
    """
    counts: list[str] = []
    scenarios = ""
    for kind, phrase in sorted(COUNTED.items(), key=lambda one: one[0] != outcome):
        those = attempts.filter(pl.col("outcome") == kind)
        if those.is_empty():
            continue
        many = f"{those.height:,}" if counts else wording.count(those.height, "attempt")
        known = counts and (kind == "succeeded" or scenarios == _scenarios(those))  # told below, or before
        scenarios = _scenarios(those)
        counts.append(f"{many} {phrase}{'' if known else scenarios}")
    counted = ", ".join(counts)
    return [f"{counted}: {wording.uncounted(cause)}" if cause else counted] if counts else []


def _known(state: bool | None, words: str) -> list[str]:
    """Return what a device is or is not; where nothing tells, nothing: what was not seen is said below."""
    return [] if state is None else [words if state else f"not {words}"]


def written_down(findings: pl.DataFrame) -> pl.DataFrame:
    """Return the codes that somebody only wrote down: what they mean is told, and that they prove nothing.

    Args:
        findings: Those on one device.
    """
    return findings.filter(pl.col("rule") == BARE_CODE)


def _without_attempt(
    tables: Tables, trace: Trace, findings: Findings, device: str, known: list[str], *, behind: str
) -> str | None:
    """Return what is known without an attempt: the first finding, unknown errors, else what is well.

    A loud one leads, then one that tells of a failure or its remedy.

    Args:
        tables: What `read_tables` returned.
        trace: What `build_trace` returned.
        findings: What `find` returned.
        device: Its key.
        known: What was read answers by itself.
        behind: What is said behind it where an attempt would have been seen.
    """
    found = findings.findings.filter(pl.col("device") == device)
    loud = found.filter(pl.col("severity") != INFO)
    if loud.height:
        return f"{loud['title'][0]}{behind}"
    quiet = found.filter(happened())
    if quiet.height:
        return f"{quiet['title'][0]}{behind}"
    errors = unexplained(tables, trace, findings, device).height
    if errors:
        if calm := calm_end(tables, trace, findings, device):
            return calm
        unknown = f"{wording.count(errors, 'error record')} of an unknown kind"
        return f"outcome unknown: no known fault, and {unknown}"
    if known:
        return f"{'; '.join(known)}{behind}"
    if codes := written_down(found)["code"].drop_nulls().to_list():
        return f"outcome unknown: {', '.join(codes)} was written down, and a code alone proves nothing"
    return calm_end(tables, trace, findings, device)


def _otherwise(
    tables: Tables, trace: Trace, findings: Findings, device: str, known: list[str], *, behind: str
) -> str | None:
    """Return what is known without an attempt, the join first where nothing loud was found."""
    loud = findings.findings.filter(pl.col("device") == device, pl.col("severity") != INFO)
    joined = None if loud.height else join_words(tables, device)
    return joined or _without_attempt(tables, trace, findings, device, known, behind=behind)


def _behind(tables: Tables, attempts: pl.DataFrame, device: str) -> str:
    """Return that no attempt was seen where one would have been; a tool's output or a single log has none."""
    read = tables.coverage.filter(
        pl.col("device") == device,
        pl.col("source").is_in(DECISIVE),
        pl.col("presence").is_in(HELD),
    )
    return f"; {NO_ATTEMPT}" if attempts.is_empty() and read.height >= WOULD_SHOW else ""


def _scenarios(attempts: pl.DataFrame) -> str:
    """Return the scenarios of some attempts in brackets, in their order, or nothing where none is known."""
    known = attempts["scenario"].cast(pl.String).drop_nulls().unique(maintain_order=True)
    return f" ({', '.join(map(wording.words, known))})" if len(known) else ""


def _past(causes: pl.DataFrame, evidence: pl.DataFrame, made: pl.DataFrame, outcome: str) -> list[str]:
    """Return the first cause where all of them are history, since what failed went through later."""
    if outcome not in OPEN or causes.is_empty() or not settled_since(causes, evidence, made).all():
        return []
    return [f"{causes['title'][0]} at first, and it went through later"]


def _page_written_down(findings: Findings, device: object) -> str | None:
    """Return at which page setup stopped, as somebody wrote it down; None where nobody did."""
    of_pages = {kind.rule for kind in kinds() if kind.group == PAGE}
    shown = findings.findings.filter(
        pl.col("device") == device, pl.col("rule").is_in(of_pages), pl.col("severity") != INFO
    )
    return str(shown["title"][0]) if shown.height else None


def _verdict(
    tables: Tables, trace: Trace, findings: Findings, device: dict[str, object], made: pl.DataFrame
) -> dict[str, object]:
    key = device["device"]
    attempts = trace.attempts.filter(pl.col("device") == key)
    causes = findings.findings.filter(
        pl.col("device") == key, pl.col("role") == CAUSE, pl.col("severity") != INFO
    )
    unseen = tables.coverage.filter(
        pl.col("device") == key,
        pl.col("presence").is_in(NOT_WHOLE),
        pl.col("source").is_in(sources_asked() - {QUOTED}),
    )
    absent = set(unseen.filter(pl.col("presence") == ABSENT)["source"])
    undated = key in set(undated_failures(trace)["device"])
    outcome = _outcome(device, attempts, absent, made, undated=undated)
    own = own_answers(tables, trace, findings, str(key))
    known = [*phrases(made), *(one.statement for one in own[:1])]
    behind = _behind(tables, attempts, str(key))
    if attempts.height:
        stated = "; ".join(one.statement for one in own[:1])
        otherwise = stated or calm_end(tables, trace, findings, str(key))
    else:
        otherwise = _otherwise(tables, trace, findings, str(key), known, behind=behind)
    past = _past(causes, findings.evidence, made, outcome)
    tried = _tried_on(tables, trace, key)
    words = _state(device, attempts, outcome, causes, tried, past=past, otherwise=otherwise, behind=behind)
    words += [] if past else _tries(trace, attempts, made)
    runs = trace.stage_runs.filter(pl.col("device") == key)
    went_through = outcome == "unfinished" and made.height and seen_no_further(runs)
    if outcome == "unfinished" and causes.is_empty() and (page := _page_written_down(findings, key)):
        words.insert(0, page)
    elif outcome in ("failed", "unfinished") and causes.is_empty() and not went_through:
        words.append(went_well(tables, trace, findings, str(key)) or NOT_FOUND)
    verdict = strange_verdict(tables, trace, findings, str(key)) or "; ".join(words)
    return {
        "device": key,
        "verdict": wording.capital(verdict),
        "cause": "; ".join(causes["title"].unique(maintain_order=True)) or None,
        "confidence": causes["confidence"][0] if causes.height else None,
        "not_seen": ", ".join(map(title_of, unseen["source"])) or None,
        "outcome": outcome,
    }


def conclude(tables: Tables, trace: Trace, findings: Findings) -> pl.DataFrame:
    """Return the verdict on each device.

    Args:
        tables: What `read_tables` returned.
        trace: What `build_trace` returned.
        findings: What `find` returned.

    Returns:
        device, verdict (what came of it, in words), cause (titles of the findings that explain a failure, the
        likeliest first; null when none does), confidence (of the first cause), not_seen (titles of the
        sources that rules ask and that were absent or partial: a problem they alone would show is neither
        found nor excluded) and outcome (succeeded, failed, unfinished, nothing_ran or unknown).
    """
    made = made_good(tables, trace)
    rows = [
        _verdict(tables, trace, findings, row, made.filter(pl.col("device") == row["device"]))
        for row in tables.devices.iter_rows(named=True)
    ]
    return pl.DataFrame(rows, schema=VERDICT)
