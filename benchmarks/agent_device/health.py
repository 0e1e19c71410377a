"""Remediations and custom compliance, as HealthScripts.log and AgentExecutor.log tell of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from random import Random

from agent_device.records import HEALTH, Flow, Record
from agent_device.scripts import AGENT, HEALTH_CACHE, POWERSHELL, Policy, Run, executor
from agent_device.truth import Texts, Try, between, one_of, timed

Id = Callable[[], str]


def health_part(flow: Flow, policy: Policy, run: Run, *, part: str, new_id: Id, launcher: str) -> Record:
    """Write one script of a health policy in both logs; return the record of its exit code."""
    script = f"{HEALTH_CACHE}\\{policy.item}_{policy.version}\\"
    script += "remediate.ps1" if part == "RemediationScript" else "detect.ps1"
    named = "RemediationScript" if part == "RemediationScript" else "PreDetectScript"
    stem = f"{HEALTH_CACHE}\\{policy.item}_{policy.version}\\{new_id()}_{named}"
    files = [f"{stem}.{kind}" for kind in ("output", "error", "timeout", "exit")]
    who = "User" if policy.as_user else "System"
    run.other.append(flow.say(HEALTH, f"[HS] The policy needs be run as {who}"))
    first = " ".join(f'""{path}""' for path in (script, *files[:3]))
    shell = f'"{AGENT}\\agentexecutor.exe"  -remediationScript  {first} '
    shell += f'3600 "{POWERSHELL}" 0 ""{files[3]}"" False ""'
    flow.say(launcher, shell)
    flow.say(launcher, f"Launch powershell executor in {policy.session} session")
    flow.say(launcher, f"Create proxy process successfully. Process id = {flow.chance.randrange(999, 9999)}")
    hidden = " <ScriptParams not logged for remediation scripts>"
    executor(flow, run, "remediationScript", script, files, parameters=hidden)
    flow.wait(0.3)
    flow.say(launcher, f"Powershell execution is done, exitCode = {run.exit_code}")
    flow.wait(5)
    run.other.append(flow.say(HEALTH, f"[HS] err output = {run.error}"))
    run.other.append(flow.say(HEALTH, f"[HS] std output = {run.output}"))
    flow.say(HEALTH, f"[HS] {part} parsing result is done ")
    done = flow.say(HEALTH, f"[HS] Returned exitcode from child process is {run.exit_code}")
    run.other.append(done)
    return done


def started(flow: Flow, policy: Policy, kind: int) -> Record:
    flow.say(HEALTH, f"[HS] Runner: script {policy.item} will try to execute now.")
    flow.say(HEALTH, "[HS] ProcessScripts: EnableUserSessionFix = False")
    return flow.say(HEALTH, f"[HS] ProcessScript PolicyId: {policy.item} PolicyType: {kind}")


def health_result(chance: Random, policy: Policy, runs: list[Run], numbers: dict[str, int]) -> str:
    before, fix, after = [*runs, Run(), Run()][:3]
    result = {
        "PolicyId": policy.item,
        "UserId": policy.user,
        "PolicyHash": None,
        "Result": numbers["Result"],
        "ResultDetails": "",
        "InternalVersion": policy.version,
        "ErrorCode": 0,
        "ResultType": 1,
        "PreRemediationDetectScriptOutput": before.output,
        "PreRemediationDetectScriptError": before.error,
        "RemediationScriptErrorDetails": fix.error if len(runs) > 1 else None,
        "RemediationScriptOutputDetails": fix.output if len(runs) > 1 else None,
        "PostRemediationDetectScriptOutput": after.output if len(runs) > 2 else None,
        "PostRemediationDetectScriptError": after.error if len(runs) > 2 else None,
        "RemediationStatus": numbers["RemediationStatus"],
        "Info": {
            "RemediationExitCode": 1 if len(runs) > 1 else 0,
            "FirstDetectExitCode": before.exit_code,
            "LastDetectExitCode": (after if len(runs) > 2 else before).exit_code,
            "ErrorDetails": (after if len(runs) > 2 else before).error or None,
        },
        "TargetType": 1,
        "RunAsAccount": 2 if policy.as_user else 1,
        "AssignmentFilterIds": ["00000000-0000-0000-0000-000000000000"],
        "BiosMetadata": None,
        "IsFullSync": False,
    }
    names = list(result)
    if chance.random() < 0.1:
        chance.shuffle(names)
    ordered = {name: result[name] for name in names}
    return "[HS] new result = " + json.dumps(ordered, separators=(",", ":"), ensure_ascii=False)


def remediation(
    flow: Flow, policy: Policy, runs: list[Run], *, new_id: Id, launcher: str, newer: bool
) -> Try:
    """Write one try of a remediation: detection alone, or with remediation, or with post-detection too."""
    view = [started(flow, policy, 6)]
    part = {"policy": policy, "new_id": new_id, "launcher": launcher}
    health_part(flow, run=runs[0], part="PreDetectScript", **part)  # type: ignore[arg-type]
    view.append(flow.say(HEALTH, f"[HS] exit code of the script is {runs[0].exit_code}"))
    compliant = runs[0].exit_code == 0
    verdict = f"compliance result for {policy.item} is {compliant}"
    view.append(flow.say(HEALTH, f"[HS] the pre-remdiation detection script {verdict}"))
    numbers = {"Result": 3, "RemediationStatus": 4}
    if len(runs) > 1:
        flow.say(HEALTH, "[HS] remediation is not optional, kick off remediation script")
        health_part(flow, run=runs[1], part="RemediationScript", **part)  # type: ignore[arg-type]
        view.append(flow.say(HEALTH, f"[HS] remediation script exit code is {runs[1].exit_code}"))
        numbers = {"Result": 4, "RemediationStatus": 2}
    if len(runs) > 2:
        health_part(flow, run=runs[2], part="PostDetectScript", **part)  # type: ignore[arg-type]
        clean = runs[2].exit_code == 0
        wording = (
            "post detection script result" if newer else "post-remediation detection script compliance result"
        )
        view.append(flow.say(HEALTH, f"[HS] the {wording} for {policy.item} is {clean}"))
        numbers = {"Result": 3 if clean else 4, "RemediationStatus": 2}
    view.append(flow.say(HEALTH, health_result(flow.chance, policy, runs, numbers)))
    return remediation_truth(policy, runs, view)


def remediation_truth(policy: Policy, runs: list[Run], view: list[Record]) -> Try:
    begun = between(view[0], runs[0].begun[-1])
    ended = between(runs[-1].ended[0], view[-1])
    runs_seen = [record for run in runs for record in run.records]
    said = [record for run in runs for record in run.other]
    outcome: object = "failed"
    if len(runs) == 1:
        outcome = one_of("succeeded", "skipped")
    elif len(runs) == 3 and runs[2].exit_code == 0:
        outcome = "succeeded"
    fields: dict[str, object] = {
        "kind": "remediation",
        "name": None,
        "version": str(policy.version),
        "outcome": outcome,
        "context": policy.context,
        "detected_before": runs[0].exit_code == 0,
        **timed(begun, ended),
    }
    if len(runs) == 1:
        fields["exit_code"] = runs[0].exit_code
    if len(runs) == 3:
        fields["detected_after"] = runs[2].exit_code == 0
    outputs = tuple(run.output for run in runs if run.output)
    errors = tuple(run.error for run in runs if run.error)
    fields |= {"output": Texts(outputs)} if outputs else {}
    fields |= {"error": Texts(errors)} if errors else {}
    texts = [runs_seen, said, view[-1:]]
    proofs = {
        "kind": [view[:1]],
        "context": [[run.other[0]] for run in runs],
        "version": [[run.begun[1]] for run in runs] + [view[-1:]],
        "output": texts,
        "error": texts,
        "outcome": [view, view[-1:], runs_seen],
        "ended_at": [runs_seen, view],
        "waited": [runs_seen, view],
    }
    loose: dict[str, object] = {"kind": one_of("remediation", "compliance")}
    return Try("remediation", policy.item, fields, [view, runs_seen], proofs, loose)


def compliance(flow: Flow, policy: Policy, run: Run, *, new_id: Id, launcher: str) -> Try:
    view = [started(flow, policy, 8)]
    health_part(flow, policy, run, part="PreDetectScript", new_id=new_id, launcher=launcher)
    view.append(flow.say(HEALTH, f"[HS] exit code of the script is {run.exit_code}"))
    numbers = {"Result": 3 if run.exit_code == 0 else 4, "RemediationStatus": 4}
    view.append(flow.say(HEALTH, health_result(flow.chance, policy, [run], numbers)))
    fields: dict[str, object] = {
        "kind": "compliance",
        "name": None,
        "version": str(policy.version),
        "outcome": "succeeded" if run.exit_code == 0 else "failed",
        "context": policy.context,
        "exit_code": run.exit_code,
        **timed(between(view[0], run.begun[-1]), between(run.ended[0], view[-1])),
        **run.texts(),
    }
    texts = [run.records, run.other, view[-1:]]
    proofs = {
        "kind": [view[:1]],
        "outcome": [view],
        "context": [run.other[:1]],
        "version": [[run.begun[1]], view[-1:]],
        "output": texts,
        "error": texts,
    }
    loose: dict[str, object] = {"kind": one_of("remediation", "compliance")}
    return Try("compliance", policy.item, fields, [view, run.records], proofs, loose)
