"""What the service's lists say went wrong or wants attention, where no device speaks for itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.codes import explain as explain_code
from autopilot_analysis.codes import explain_exit, of_script
from autopilot_analysis.export.sources import OF_THE_SERVICE
from autopilot_analysis.facts.state_words import FAILED, MET, SUCCEEDED
from autopilot_analysis.findings.service.devices import (
    IMPORTED,
    counts_that_failed,
    enrollments_that_failed,
    names_of,
    policies_in_conflict,
    registered_in_need,
)
from autopilot_analysis.findings.service.inventory import managed_in_need
from autopilot_analysis.findings.service.item_states import (
    QUOTED,
    alert_of,
    in_outcome,
    is_script,
    items_in_need,
    name_of_item,
    remedy_of_failed,
)
from autopilot_analysis.findings.service.requests import refused_requests
from autopilot_analysis.findings.service.sign_ins import refused_sign_ins
from autopilot_analysis.findings.service.texts import commonest_statement, known_reason, means, statement_of
from autopilot_analysis.readers.service.fleet_rows import FAILURES_ALONE
from autopilot_analysis.tables import Evidence, Finding, Findings, Tables
from autopilot_analysis.tables.typed import checked, empty
from autopilot_analysis.tables.verdict import CAUSE, CONSEQUENCE, HIGH, WARNING
from autopilot_analysis.wording import COLLECT_FROM, NO_WHY

HARMLESS = ("ZtdDeviceAlreadyAssigned",)
"""Errors of an import after which the device is registered here all the same."""
ITEM_FAILED = "FLEET-ITEM-FAILED"
COLLECT = f"{COLLECT_FROM} one of these devices: the report {NO_WHY}"
MEND = "Mend what the report's own text names"


def failed_items(statuses: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of items that failed, by the state alone: a code beside "installed" is no failure.

    Args:
        statuses: The table `item_statuses`.
    """
    return in_outcome(statuses, FAILED)


def went_well(statuses: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of items that came to a good end.

    Args:
        statuses: The table `item_statuses`.
    """
    return in_outcome(statuses, SUCCEEDED, MET)


def newest_statuses(statuses: pl.DataFrame) -> pl.DataFrame:
    """Return the newest row of each item of each user on each device.

    Args:
        statuses: The table `item_statuses`.
    """
    return statuses.sort("at", nulls_last=False, maintain_order=True).unique(
        ["device", "user", "report", "item", "name"], keep="last", maintain_order=True
    )


Beside = Mapping[tuple[str, ...], Sequence[Mapping[str, Any]]]
"""Findings that stand behind the one on their subject: an app, a script or a reason of failed enrolments."""


def find_in_service(tables: Tables, beside: Beside | None = None) -> Findings:
    """Return what failed and which registered devices want attention, causes first.

    Args:
        tables: What `read_tables` returned.
        beside: What comparing the rows of the lists showed, see `autopilot_analysis.fleet.find_in_lists`.
    """
    paths = tables.members.filter(pl.col("source").is_in(OF_THE_SERVICE))["member"].sort().to_list()
    more = f" and {wording.count(len(paths) - 1, 'more file')}" if len(paths) > 1 else ""
    rows = [
        *items_that_failed(tables.item_statuses),
        *items_in_need(newest_statuses(tables.item_statuses)),
        *refused_sign_ins(tables.sign_ins),
        *_imports(tables.identities),
        *refused_requests(tables),
        *enrollments_that_failed(tables.enrollment_failures, tables.identities),
        *registered_in_need(tables.identities),
        *managed_in_need(tables.identities),
        *policies_in_conflict(tables.item_counts),
        *counts_that_failed(tables.item_counts),
    ]
    ordered = sorted(rows, key=lambda row: row["role"] != CAUSE)
    found = [{**row, "id": n} for n, row in enumerate(_with_beside(ordered, dict(beside or {})), 1)]
    evidence = [
        {**row, "finding": row["id"], "member": f"{paths[0]}{more}", "quote": quote, "device": device}
        for row in found
        for quote, device in zip_longest(row["quotes"], row.get("devices", ()), fillvalue=row["device"])
    ]
    return Findings(
        findings=checked(_frame(found, empty(Finding).schema), Finding),
        evidence=checked(_frame(evidence, empty(Evidence).schema), Evidence),
    )


def _with_beside(
    rows: list[dict[str, Any]], beside: dict[tuple[str, ...], Sequence[Mapping[str, Any]]]
) -> Iterator[Mapping[str, Any]]:
    """Yield each finding, and behind the first on a subject what stands beside it."""
    for row in rows:
        yield row
        yield from beside.pop(row.get("subject", ()), ())


def items_that_failed(statuses: pl.DataFrame) -> Iterator[dict[str, Any]]:
    """Return one finding for each item and code that failed, what failed on most devices first.

    Args:
        statuses: The table `item_statuses`.
    """
    newest = newest_statuses(statuses)
    for kind in _kinds(newest).to_dicts():
        same = [pl.col(name).eq_missing(pl.lit(kind[name], pl.String)) for name in ("item", "name")]
        yield _item(kind, newest.filter(same)["device"].n_unique())


def _kinds(newest: pl.DataFrame) -> pl.DataFrame:
    """Return each item and code that failed with its devices, what failed on most devices first."""
    failed = _each_once(failed_items(newest))
    counted = failed.group_by("report", "item", "name", "code", maintain_order=True)
    kinds = counted.agg(
        pl.col("device").unique(maintain_order=True),
        at=pl.col("at").min(),
        rows=pl.struct("device", "detail"),
    )
    return kinds.sort(pl.col("device").list.len(), descending=True, maintain_order=True)


def _each_once(failed: pl.DataFrame) -> pl.DataFrame:
    """Return the failures of items, one that several lists tell of once: by the list that says why.

    Args:
        failed: Rows that failed.
    """
    if failed["report"].n_unique() == 1 or failed.is_empty():
        return failed
    of_item, report = ["device", "item"], pl.col("report")
    says_why = report.filter(pl.col("code").is_not_null()).first().over(of_item)
    bare = pl.col("code").is_null() & pl.col("detail").is_null()
    again = (bare & (report != says_why)) | (report != report.first().over([*of_item, "code"]))
    named = pl.all_horizontal(pl.col(of_item).is_not_null())
    return failed.filter(~(named & again.fill_null(value=False)))


def kinds_of_items(statuses: pl.DataFrame) -> list[tuple[str, str | None, int]]:
    """Return the name of each item that failed, its code and on how many devices, as findings count them.

    Args:
        statuses: The table `item_statuses`.
    """
    kinds = _kinds(newest_statuses(statuses)).to_dicts()
    return [(name_of_item(kind), kind["code"], len(kind["device"])) for kind in kinds]


def _item(kind: Mapping[str, Any], of: int) -> dict[str, Any]:
    devices, code = kind["device"], kind["code"]
    name = name_of_item(kind)
    texts = [row["detail"] for row in kind["rows"]]
    known = known_reason(texts) or _known(code, kind["report"]) or alert_of(texts) or {}
    remedy, after = known.get("remedy"), f" ({code})" if code else ""
    otherwise = remedy_of_failed(kind["report"])
    return {
        "subject": ("item", str(kind["item"]), str(kind["name"])),
        "device": (devices[0] or "fleet") if len(devices) == 1 else "fleet",
        "rule": ITEM_FAILED,
        "severity": HIGH,
        "role": CAUSE if remedy else CONSEQUENCE,
        "confidence": 0.7 if remedy else 1.0,
        "at": kind["at"],
        "code": code,
        "title": f"{name} failed{after} on {_among(len(devices), of, kind['report'])}",
        "meaning": means(known.get("meaning"), commonest_statement(texts)),
        "remedy": remedy or otherwise.get("remedy") or (MEND if commonest_statement(texts) else COLLECT),
        "page": known.get("page") if remedy else otherwise.get("page"),
        "item": name,
        "quotes": [
            f"{row['device'] or 'a device'}: {name} failed{after}"
            + (f": {statement_of(row['detail'])}" if statement_of(row["detail"]) else "")
            for row in kind["rows"][:QUOTED]
        ],
    }


def _among(number: int, of: int, report: str) -> str:
    """Return on how many devices something failed, of how many where the report tells of others too."""
    if report in FAILURES_ALONE:
        return wording.count(number, "device")
    return f"{number:,} of {wording.count(of, 'device')}"


def _known(code: str | None, report: str) -> Mapping[str, Any] | None:
    """Return meaning, remedy and page of a code; None where nothing is known of it."""
    if not code:
        return None
    known = explain_exit(code) if code.startswith("0x8007") else explain_code(code)
    known = of_script(known) if is_script(report) else known
    if known.certainty == "unknown" or not known.meaning:
        return None
    return {"meaning": known.meaning, "remedy": known.remedy, "page": known.page}


def _imports(identities: pl.DataFrame) -> Iterator[dict[str, Any]]:
    """Yield one finding for each error with which imports ended, the one of most devices first."""
    imported = identities.filter(pl.col("report") == IMPORTED)
    errors = imported.filter(pl.col("profile_state") == "error")
    kinds = errors.group_by("failure_text", maintain_order=True).agg(
        "device", at=pl.col("at").min(), serials=pl.coalesce("serial", "device")
    )
    of = imported["device"].n_unique()
    most = pl.col("device").list.len()
    for kind in kinds.sort(most, descending=True, maintain_order=True).iter_rows(named=True):
        yield _import_failed(kind, of)


def _import_failed(kind: Mapping[str, Any], of: int) -> dict[str, Any]:
    """Return the finding on the imports that ended with one error, of so many devices."""
    serials, text = list(dict.fromkeys(kind["serials"])), kind["failure_text"]
    known = explain_code(text) if text else None
    sure = known is not None and known.certainty != "unknown"
    single = len(serials) == 1
    named = f"{len(serials):,} of {of:,} devices"
    whose, ended = (serials[0] if single else named), f"ended in an error{f' ({text})' if text else ''}"
    return {
        "subject": ("import", str(text)),
        "device": kind["device"][0] if single else "fleet",
        "rule": "FLEET-IMPORT-FAILED",
        "severity": WARNING if text in HARMLESS else HIGH,
        "role": CAUSE if sure else CONSEQUENCE,
        "confidence": 1.0,
        "at": kind["at"],
        "code": known.code if known and sure else None,
        "title": f"The import of {whose} {ended}{'' if single else f': {names_of(serials)}'}",
        "meaning": means(
            known.meaning if known and sure else None, "" if sure else commonest_statement([text])
        ),
        "remedy": known.remedy if known and sure else None,
        "page": known.page if known and sure else None,
        "item": serials[0] if single else None,
        "quotes": [f"{serial}: {text or 'error'}" for serial in serials],
        "devices": kind["device"],
    }


def _frame(rows: list[dict[str, Any]], schema: Mapping[str, Any]) -> pl.DataFrame:
    return pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=dict(schema))
