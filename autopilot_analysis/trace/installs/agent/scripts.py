"""Scripts from the agent's logs: platform scripts, rules of apps, remediations, custom compliance.

Two logs may tell of the same run: the executor's, which is nearest to the act, and that of the part of the
agent that called it. They are one row; `member` and `record` name the nearer log that shows the run whole.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

import polars as pl

from autopilot_analysis.codes import code_of
from autopilot_analysis.facts import shared_reasons
from autopilot_analysis.trace.installs.agent.callers import read_caller_runs
from autopilot_analysis.trace.installs.agent.calls import Message
from autopilot_analysis.trace.installs.agent.executor import LOG, read_executor_runs
from autopilot_analysis.trace.installs.agent.views import Views, join_runs
from autopilot_analysis.trace.installs.rows import UNFIXED, to_detail

OF = " of "
"""Stands between the kind of a rule's script and the app it is of, in the name of its item."""
_GENERAL = "intunemanagementextension"
"""Name of the agent's general log, which tells less of a remediation than the log made for it."""

_NO_EXIT = 2**31 - 1
"""What the agent writes for the exit code of a script that it had to end."""

_UNPROVED = "the remediation was reported without a detection after it"
_FIX_FAILED = "the remediation script failed"

_SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "device": pl.String,
    "item": pl.String,
    "kind": pl.String,
    "phase": pl.String,
    "started_at": pl.Datetime("us", "UTC"),
    "ended_at": pl.Datetime("us", "UTC"),
    "outcome": pl.String,
    "reason": pl.String,
    "exit_code": pl.Int64,
    "version": pl.String,
    "context": pl.String,
    "detected_before": pl.Boolean,
    "detected_after": pl.Boolean,
    "detected": pl.Boolean,
    "member": pl.String,
    "record": pl.Int64,
    "clock": pl.String,
    "turn": pl.Int64,
    "detail": pl.String,
}


def build_scripts(ordered: pl.DataFrame) -> pl.DataFrame:
    """Return one row for each run of a script, each remediation with all its parts.

    Args:
        ordered: Result of `stream.order_messages`.
    """
    callers = sorted(read_caller_runs(ordered), key=lambda run: str(run.first["stem"]).lower() == _GENERAL)
    runs = join_runs([*read_executor_runs(ordered), *callers])
    kinds = _kinds(runs)
    rows = pl.DataFrame([_row(views, kinds) for views in runs], schema=_SCHEMA).sort("turn")
    coded = (pl.col("exit_code").abs() > 0xFFFF) & (pl.col("exit_code") != _NO_EXIT)
    failed = (pl.col("outcome") == "failed") & coded
    number = pl.int_range(pl.len(), dtype=pl.Int64).over("device", "item") + 1
    code = pl.when(failed).then(pl.col("exit_code").cast(pl.String))
    return rows.with_columns(try_number=number, code=code_of(code, "failure"))


def _kinds(runs: Sequence[Views]) -> dict[tuple[str, str | None], object]:
    """Return the kind of each policy that any run of it tells."""
    kinds = {(views.nearest.device, views.nearest.item): views.value_of("kind") for views in runs}
    return {policy: kind for policy, kind in kinds.items() if kind in ("compliance", "remediation")}


def _kind(views: Views, kinds: dict[tuple[str, str | None], object]) -> str:
    run = views.nearest
    if run.family == "rule":
        return str(views.value_of("kind") or "detection")
    if run.family == "remediation":
        return str(views.value_of("kind") or kinds.get((run.device, run.item), "remediation"))
    return run.family


def _item(views: Views, kind: str) -> str | None:
    """Return the id of the policy; a rule's script is an item beside its app, not a try at it."""
    return f"{kind}{OF}{views.nearest.item}" if views.nearest.family == "rule" else views.nearest.item


def _row(views: Views, kinds: dict[tuple[str, str | None], object]) -> dict[str, object]:
    kind = _kind(views, kinds)
    first, last = _first(views), _last(views)
    where = _where(views)
    judged = {"remediation": _remediation, "script": _script}.get(kind, _plain)(views)
    return {
        "device": views.nearest.device,
        "item": _item(views, kind),
        "kind": kind,
        "phase": where["page"],
        "started_at": first["at"],
        "ended_at": last["at"] if last else None,
        "version": views.value_of("version"),
        "context": views.value_of("context"),
        "member": where["member"],
        "record": where["record"],
        "clock": where["clock"],
        "turn": where["turn"],
        "detail": _detail(views, kind, first, last),
        **judged,
    }


def _first(views: Views) -> Message:
    """Return the record a run began at: the start of its first call, else the first the logs show of it."""
    begun = (call.begun for part in views.parts()[:1] for call in views.calls(part) if call.begun)
    return next(begun, views.nearest.first)


def _last(views: Views) -> Message | None:
    """Return the record a run ended at: the agent's last word on it, else the end of its last call."""
    reports = [run.last for run in views.runs if run.judged()]
    ends = [call for part in views.parts()[-1:] for call in views.calls(part) if call.ended]
    sure = [call.ended for call in ends if not call.shared] or [call.ended for call in ends]
    return next(iter(reports + sure), None)


def _exit_code(views: Views, part: str) -> int | None:
    """Return the exit code of one part: the executor's own, unless another call shared its log."""
    calls = views.calls(part)
    sure = [call.exit_code for call in calls if not call.shared and call.exit_code is not None]
    return sure[0] if sure else None


def _text(views: Views, part: str, name: str) -> str | None:
    """Return the output or error text of one part, whole."""
    texts = (getattr(call, name) for call in views.calls(part) if not call.shared)
    return next((text.strip() for text in texts if text and text.strip()), None)


def _where(views: Views) -> Message:
    """Return the record a row points at: the executor's where it shows the run whole, else the caller's."""
    parts, nearest = set(views.parts()), views.nearest
    whole = {call.part for call in nearest.calls} == parts and all(call.whole() for call in nearest.calls)
    callers = [run.first for run in views.runs if str(run.first["stem"]).lower() != LOG]
    return nearest.first if whole or not callers else callers[0]


def _other(views: Views, where: Message) -> Message | None:
    return next((run.first for run in views.runs if run.first is not where), None)


def _script(views: Views) -> dict[str, object]:
    """Judge a platform script: by the agent's own word, else by its exit code."""
    code = _exit_code(views, "script")
    result = str(views.value_of("result") or "").lower()
    if result:
        outcome = "succeeded" if result == "success" else "failed"
    elif code is None:
        outcome = "unfinished"
    else:
        outcome = "failed" if code else "succeeded"
    return {"exit_code": code, "outcome": outcome, "reason": _limit(views)}


def _limit(views: Views) -> str | None:
    timed_out = any(call.timed_out for part in views.parts() for call in views.calls(part))
    return shared_reasons()["script time limit"] if timed_out else None


def _plain(views: Views) -> dict[str, object]:
    """Judge the script of a rule, which ran whatever it found, or of compliance, which must exit with 0."""
    part = views.nearest.calls[0].part if views.nearest.calls else views.nearest.family
    code = _exit_code(views, part)
    found = {"True": True, "False": False}.get(str(views.value_of("result")))
    failed = bool(code) and views.nearest.family == "remediation"
    return {
        "exit_code": code,
        "outcome": "unfinished" if code is None else "failed" if failed else "succeeded",
        "reason": _limit(views),
        "detected": found if views.value_of("kind") == "detection" else None,
    }


def _remediation(views: Views) -> dict[str, object]:
    """Judge a remediation by its detections, its fix and the agent's report."""
    before = _compliant(views, "pre", views.value_of("compliant_before"))
    after = _compliant(views, "post", views.value_of("compliant_after"))
    fix = _exit_code(views, "remediate")
    reported = views.value_of("report") is not None
    if after or (before and after is None):
        outcome, reason = "succeeded", None if after else shared_reasons()["nothing to fix"]
    elif after is False:
        outcome, reason = "failed", UNFIXED
    elif fix:
        outcome, reason = "failed", _FIX_FAILED
    elif reported or (fix == 0 and _text(views, "remediate", "error")):
        outcome, reason = "failed", _UNPROVED if fix is not None else None
    else:
        outcome, reason = "unfinished", None
    return {
        "exit_code": fix if fix is not None else _exit_code(views, "pre"),
        "outcome": outcome,
        "reason": _limit(views) or reason,
        "detected_before": before,
        "detected_after": after,
        "detected": before if after is None else after,
    }


def _compliant(views: Views, part: str, result: object) -> bool | None:
    """Return whether a detection found all well: the agent's word, else exit code 0."""
    if isinstance(result, bool):
        return result
    code = _exit_code(views, part)
    return None if code is None else code == 0


def _detail(views: Views, kind: str, first: Message, last: Message | None) -> str | None:
    """Return the detail column: texts whole, the parts of a remediation, and the other log."""
    other = _other(views, _where(views))
    facts: dict[str, object] = {
        "result": views.value_of("result"),
        "user": views.value_of("user"),
        "also": {"member": other["member"], "record": other["record"]} if other else None,
        "started_written": first["moment"],
        "ended_written": last["moment"] if last else None,
    }
    if kind == "remediation":
        facts["parts"] = [_part(views, part) for part in views.parts()]
        facts["report"] = _decoded(views.value_of("report"))
    else:
        for part in views.parts()[:1]:
            facts |= _part(views, part)
    return to_detail(facts)


def _part(views: Views, part: str) -> dict[str, object]:
    """Return what is known of one call: process, PowerShell and its policy, exit code, output and error."""
    process = next((call.process for call in views.calls(part) if call.process), None)
    facts = {
        "part": part,
        "process": process,
        "host": next((call.host for call in views.calls(part) if call.host), None),
        "policy": next((call.policy for call in views.calls(part) if call.policy), None),
        "exit_code": _exit_code(views, part),
        "output": _text(views, part, "output"),
        "error": _text(views, part, "error"),
    }
    return {name: value for name, value in facts.items() if value is not None}


def _decoded(report: object) -> object:
    if not isinstance(report, str):
        return None
    try:
        return json.loads(report.replace('""', '"') if '{""' in report else report)
    except ValueError:
        return report
