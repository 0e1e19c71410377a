"""What a postmortem rests on: the records it cites, what was done, what to do, and how to make it again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.codes import explain as explain_code
from autopilot_analysis.export.marker import is_dataset
from autopilot_analysis.fleet.dataset.dataset import hash_of, open_dataset
from autopilot_analysis.fleet.explanation.days.changes import CANDIDATE_REACHES
from autopilot_analysis.fleet.postmortem.case import Case
from autopilot_analysis.fleet.postmortem.reasons import cited_device, main_code
from autopilot_analysis.release import read_version
from autopilot_analysis.tables.fleet import CAPTURE

MOST_CITED = 24
"""Attempts of fleet exports that are cited one by one; captures' records are cited whole."""

MOST_REMEDIES = 8
RARE_CODE = 0.1
"""A code of fewer of the failures is an ordinary failure beside the incident."""


CITED: dict[str, pl.DataType] = {
    "what": pl.String(),
    "device": pl.String(),
    "at": pl.Datetime("us", "UTC"),
    "member": pl.String(),
    "record": pl.Int64(),
    "key": pl.String(),
    "sha256": pl.String(),
}
REMEDIES: dict[str, pl.DataType] = {
    "remedy": pl.String(),
    "because": pl.String(),
    "k": pl.Int64(),
    "n": pl.Int64(),
    "page": pl.String(),
}

Row = dict[str, Any]


def list_remedies(case: Case) -> pl.DataFrame:
    """Return what to do, the remedy of the followed finding or the main code first.

    Args:
        case: The incident.

    Returns:
        `remedy`, `because`, how many (`k` of `n`) of the attempts that were hit it is about, and the `page`
        it comes from; last, what to collect next.
    """
    rows = [*_of_findings(case), *_near(case), *_of_codes(case), *_next(case)]
    frame = pl.DataFrame(rows, schema=REMEDIES)
    return frame.unique("remedy", keep="first", maintain_order=True).head(MOST_REMEDIES)


def list_done(case: Case) -> pl.DataFrame:
    """Return what administrators changed from just before the incident on, as the audit log tells.

    Args:
        case: The incident.

    Returns:
        `at`, `what`, and how many attempts of the group were hit (`k` of `n`, `share`) from then to the next
        change: whether it helped is for the reader to judge.
    """
    done = case.fleet.candidates
    if case.since:
        done = done.filter(pl.col("at") >= case.since - CANDIDATE_REACHES)
    ends = done["at"].shift(-1)
    rows = []
    for (at, what), end in zip(done.select("at", "what").iter_rows(), ends, strict=True):
        inside = case.group.filter(pl.col("started_at") >= at)
        inside = inside.filter(pl.col("started_at") < end) if end else inside
        rows.append((at, what, int(inside["hit"].sum()), inside.height))
    schema = {"at": pl.Datetime("us", "UTC"), "what": pl.String(), "k": pl.Int64(), "n": pl.Int64()}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return frame.with_columns(share=pl.when(pl.col("n") > 0).then(pl.col("k") / pl.col("n")))


def cite_records(case: Case, export: str | Path) -> pl.DataFrame:
    """Return every record that is cited, with the member it stands in and that member's SHA-256.

    Args:
        case: The incident.
        export: Where it was read from.

    Returns:
        `what`, `device`, `at`, `member`, `record` (event record id, text line or row from 1), `key` (of a
        deployment) and `sha256`. Of deployments at most `MOST_CITED`, evenly spread over the incident.
    """
    members = _members(case, export)
    proofs = case.proofs.join(members, on=["device", "member"], how="left", maintain_order="left").select(
        pl.col("rule").alias("what"),
        "device",
        "at",
        "member",
        "record",
        pl.lit(None, dtype=pl.String).alias("key"),
        "sha256",
    )
    attempts = case.hits.filter(pl.col("origin").cast(pl.String) != CAPTURE).sort("started_at", "deployment")
    step = max(1, -(-attempts.height // MOST_CITED))
    chosen = attempts.gather_every(step)
    hashes = {} if is_dataset(export) else dict(members.select("member", "sha256").drop_nulls().iter_rows())
    rows = []
    for row in chosen.iter_rows(named=True):
        what = f"{wording.words(row['outcome'])} {row['code'] or ''}".strip()
        known = {"what": what, "device": row["device"], "at": row["started_at"], "key": row["deployment"]}
        place = {"member": row["member"], "record": row["record"], "sha256": hashes.get(row["member"])}
        rows.append({**dict.fromkeys(CITED), **known, **place})
    return pl.concat([proofs.cast(CITED), pl.DataFrame(rows, schema=CITED)])  # type: ignore[arg-type]  # a schema


def _members(case: Case, export: str | Path) -> pl.DataFrame:
    """Return the members of the devices that are cited, with their hashes."""
    own = case.story.tables.members.select("member", "sha256", "device")
    others = case.proofs.filter(~pl.col("device").is_in(own["device"].unique().implode()))["device"].unique()
    if others.is_empty() or not is_dataset(export):
        return own
    stored = open_dataset(export).scan("members").filter(pl.col("device").is_in(others.implode()))
    return pl.concat([own, stored.select(own.columns).collect()], how="vertical_relaxed")


def write_manifest(case: Case, export: str | Path, *, privacy: bool, **parameters: str) -> pl.DataFrame:
    """Return what is needed to make the document again: which export, which program, which parameters.

    Args:
        case: The incident.
        export: Where it was read from.
        privacy: Whether names are hidden; then the export's own name is left out too.
        parameters: What the analyst set.
    """
    name = "hidden" if privacy else Path(export).name
    content = hash_of(export)
    members = case.story.tables.members.height
    facts = {
        "export": name,
        "SHA-256 of its content": content,
        "members read": f"{members:,}" if members else "",
        "attempts judged": f"{case.judged.height:,}",
        "program": f"autopilot-analysis {read_version()}",
        "group": wording.group(case.where),
        "finding followed": case.rule,
        "looked for": "attempts that failed" if case.outcome == "failed" else "attempts that were slow",
        "privacy": "yes" if privacy else "no",
        **parameters,
    }
    shown = [(fact, value) for fact, value in facts.items() if value]
    return pl.DataFrame(shown, schema={"fact": pl.String, "value": pl.String}, orient="row")


def _remedy(
    remedy: str | None, because: str, k: int | None, n: int | None, page: str | None
) -> Iterator[Row]:
    if remedy:
        yield dict(zip(REMEDIES, (remedy.rstrip("."), because, k, n, page), strict=True))


def _of_findings(case: Case) -> Iterator[Row]:
    """Remedies of causes found on devices: the followed one first."""
    found = case.causes
    if case.rule and case.rule not in set(found["rule"]):
        found = case.story.findings.findings.filter(pl.col("rule") == case.rule)
    first = found.sort(pl.col("rule") != case.rule, maintain_order=True)
    hit = case.hits["device"].n_unique()
    for row in first.unique("rule", keep="first", maintain_order=True).iter_rows(named=True):
        devices = found.filter(pl.col("rule") == row["rule"])["device"].n_unique()
        yield from _remedy(row["remedy"], row["title"], devices, max(hit, devices), row["page"])


def _of_codes(case: Case) -> Iterator[Row]:
    """Remedies of the codes, the most frequent first; of the main one every cause of its stage.

    Where a capture proves the cause, a code has nothing to add: it may stand for causes that are not its own.
    """
    main = main_code(case)
    unexplained = case.hits.filter(~pl.col("device").is_in(case.causes["device"].unique().implode()))
    counted = unexplained.drop_nulls("code").group_by("code", pl.col("failed_stage").cast(pl.String)).len()
    for code, stage, count in counted.sort("len", "code", descending=[True, False]).iter_rows():
        if count < RARE_CODE * case.hits.height:
            continue
        known = explain_code(code, stage=stage)
        yield from _remedy(
            known.remedy, wording.means(code, known.meaning), count, case.hits.height, known.page
        )
        own = [cause for cause in known.causes if cause.may_hold_in(stage)]
        for cause in own if main and code == main[0] else ():
            when = f" (when: {cause.when})" if cause.when else ""
            yield from _remedy(
                cause.remedy, wording.means(code, f"{cause.cause}{when}"), count, case.hits.height, cause.page
            )


def _near(case: Case) -> Iterator[Row]:
    """What to look at near the day the level moved."""
    if case.change and case.change.get("candidate"):
        near = f"Look at what was changed ({case.change['candidate']}): undo it for a few devices and compare"
        because = f"it was changed near {wording.day(case.change['at'])}, the day the level moved"
        yield from _remedy(near, because, None, None, "the audit log")


def _next(case: Case) -> Iterator[Row]:
    """What to collect where the device's own side was not seen, or to see whether the fix helped."""
    unseen = case.hits.filter(pl.col("origin").cast(pl.String) != CAPTURE)
    if unseen.height:
        good = (
            case.judged.filter(pl.col("outcome") == "succeeded")
            .group_by("device")
            .agg(good=pl.col("started_at").max())
        )
        last = unseen.group_by("device").agg(pl.col("started_at").max()).join(good, on="device", how="left")
        waiting = last.filter(pl.col("good").is_null() | (pl.col("good") < pl.col("started_at")))
        names = (
            (waiting if waiting.height else last)
            .sort("started_at", "device", descending=[True, False])["device"]
            .head(3)
        )
        since = " and have not succeeded since" if waiting.height else ""
        last_hit = f"; these were hit last{since}" if len(names) > 1 else ""
        because = f"no capture shows what happened on a device{last_hit}"
        yield from _remedy(
            f"Collect diagnostics of {', '.join(names)} and read them with this kit",
            because,
            None,
            None,
            None,
        )
    elif case.rule and (device := cited_device(case)):
        yield from _remedy(
            f"After the fix, collect diagnostics of {device} again and compare the two captures",
            "it shows whether the cause is gone",
            None,
            None,
            None,
        )
