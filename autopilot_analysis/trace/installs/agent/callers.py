"""Runs of scripts as the agent's logs show them: it calls the executor, waits, and says what came of it."""

from __future__ import annotations

import msgspec
import polars as pl

from autopilot_analysis.tables.story import AS_SYSTEM, AS_USER
from autopilot_analysis.trace.installs.agent.calls import (
    OPTIONS,
    Call,
    Message,
    Run,
    by_log,
    item_of,
    number_of,
    text_of,
)
from autopilot_analysis.trace.installs.agent.executor import LOG
from autopilot_analysis.trace.installs.agent.stream import CONTEXTS, NOT_NAMED

ROLES = (
    "restart",
    "stop",
    "script_begin",
    "script_command",
    "script_context",
    "script_process",
    "script_exit",
    "script_result",
    "rule_begin",
    "rule_result",
    "remediation_begin",
    "remediation_exit",
    "remediation_fix",
    "remediation_output",
    "remediation_error",
    "remediation_pre",
    "remediation_post",
    "remediation_result",
)
_KINDS = {"6": "remediation", "8": "compliance"}
"""The agent's numbers of a remediation and of the script of a custom compliance policy."""

_CONTEXTS = {**CONTEXTS, "1": AS_SYSTEM, "0": AS_USER}
"""Words and numbers (RunAs) the agent has for the account a script runs as."""

UNNAMED_SCRIPT = f"script {NOT_NAMED}"
"""Item of a failed script in a part of a log that holds no id of its policy."""

_PARTS = ("pre", "remediate", "post")


def read_caller_runs(ordered: pl.DataFrame) -> list[Run]:
    """Return every run that the agent's own logs show, the executor's log left out.

    Args:
        ordered: Result of `stream.order_messages`.
    """
    rows = ordered.filter(pl.col("role").is_in(ROLES), pl.col("stem").str.to_lowercase() != LOG)
    runs: list[Run] = []
    for _, messages in by_log(rows):
        reading = _Reading()
        for message in messages:
            reading.take(message)
        runs += [named for run in reading.runs if (named := _named(run)) is not None]
    return runs


def _named(run: Run) -> Run | None:
    """Return a run whose policy is known, or the failed script that an unnamed one shows; else null."""
    error = next((call.error for call in run.calls if call.error and call.error.strip()), None)
    end = run.loose_exit
    if run.item is not None or error is None or end is None or not number_of(end, "exit_code"):
        return run if run.item is not None else None
    call = Call("script", end, ended=end, exit_code=number_of(end, "exit_code"), error=error)
    return Run("script", run.device, UNNAMED_SCRIPT, end, [call], last=run.last)


class _Reading(msgspec.Struct):
    """The log up to one record: at most one run of each family is open at a time."""

    runs: list[Run] = msgspec.field(default_factory=list)
    running: dict[str, Run] = msgspec.field(default_factory=dict)
    by_thread: dict[object, str] = msgspec.field(default_factory=dict)
    exits: dict[object, Message] = msgspec.field(default_factory=dict)
    """The last exit on each thread that belongs to no run yet."""
    latest: str = ""

    def take(self, message: Message) -> None:
        """Go on by one record."""
        role = str(message["role"])
        match role:
            case "restart" | "stop":
                self.running.clear()
            case "script_begin" | "rule_begin" | "remediation_begin":
                self._begin(message, role.removesuffix("_begin"))
            case "script_command":
                self._command(message)
            case "script_context" | "script_process" | "script_exit":
                self._step(message, role)
            case "script_result" | "rule_result":
                self._result(message, role.removesuffix("_result"))
            case _:
                self._remediation(message, role.removeprefix("remediation_"))

    def _begin(self, message: Message, family: str) -> None:
        run = self.running.get(family)
        repeated = run is not None and run.item == item_of(message) and not run.ended()
        if family != "script" or not repeated:
            run = self._open(message, family)
        if run is None:
            return
        if family == "remediation":
            run.kind = _KINDS.get(str(message["number"]), family)
        elif family == "rule":
            run.kind = str(message["state"]).lower()
            run.version = text_of(message, "version")
        if family != "remediation" and not run.calls:
            run.calls.append(Call(family, message, begun=message))
        run.user = text_of(message, "user") or run.user
        self._touch(message, family, run)

    def _open(self, message: Message, family: str) -> Run:
        run = Run(family, str(message["device"]), item_of(message), message)
        self.runs.append(run)
        self.running[family] = run
        return run

    def _touch(self, message: Message, family: str, run: Run) -> None:
        self.by_thread[message["thread"]] = self.latest = family
        run.last = message

    def _command(self, message: Message) -> None:
        family = OPTIONS[str(message["state"]).lower()]
        run = self.running.get(family)
        part = str(message["phase"] or family).lower()
        if part == "detect":
            part = "post" if run is not None and run.call("remediate") else "pre"
        if run is None or run.item not in (item_of(message), None) or run.ended(part):
            run = self._open(message, family)
            part = "pre" if part == "post" else part
        run.item = item_of(message)
        run.version = text_of(message, "version") or run.version
        run.user = text_of(message, "user") or run.user
        if run.call(part) is None:
            run.calls.append(Call(part, message, begun=message))
        self._touch(message, family, run)

    def _current(self, message: Message) -> Run | None:
        """Return the run a line that names none belongs to: its thread's, else the one last spoken of."""
        family = self.by_thread.get(message["thread"], self.latest)
        return self.running.get(family) or self.running.get(self.latest)

    def _step(self, message: Message, role: str) -> None:
        run = self._current(message)
        if run is None:
            if role == "script_exit":
                self.exits[message["thread"]] = message
            return
        if role == "script_context":
            run.context = _CONTEXTS.get(str(message["state"]).lower(), run.context)
        elif run.calls and role == "script_process":
            run.calls[-1].process = text_of(message, "number")
        elif run.calls:
            _exit(run.calls[-1], message)
        run.last = message

    def _result(self, message: Message, family: str) -> None:
        run = self.running.get(family)
        named = item_of(message)
        if run is None or named not in (run.item, None):
            if named is None:
                return
            run = self._open(message, family)
            run.calls.append(Call(family, message, ended=message))
        run.result = text_of(message, "state")
        run.user = text_of(message, "user") or run.user
        if family == "rule":
            run.context = _CONTEXTS.get(str(message["number"]), run.context)
        run.last = message
        del self.running[family]

    def _remediation(self, message: Message, step: str) -> None:
        """Go on by one record of a remediation; where its beginning is lost, its id is learnt later."""
        run = self.running.get("remediation")
        named = item_of(message)
        if run is None or (named is not None and run.item not in (named, None)):
            run = self._open(message, "remediation")
            run.loose_exit = self.exits.pop(message["thread"], None)
        run.item = named or run.item
        self._touch(message, "remediation", run)
        if step in ("output", "error"):
            _text(run, message, step)
        elif step in ("exit", "fix"):
            self._script_exit(run, message, "remediate" if step == "fix" else "pre")
        elif step == "pre":
            run.compliant_before = message["state"] == "True"
        elif step == "post":
            run.compliant_after = message["state"] == "True"
        else:
            run.report = text_of(message, "payload")
            del self.running["remediation"]

    @staticmethod
    def _script_exit(run: Run, message: Message, part: str) -> None:
        """Keep the exit code the agent says a part had, where its process' own exit was not logged."""
        call = run.call(part)
        if call is None:
            call = Call(part, message)
            run.calls.append(call)
        if call.exit_code is None:
            call.exit_code = number_of(message, "exit_code")
        call.ended = call.ended or message


def _exit(call: Call, message: Message) -> None:
    if call.exit_code is None:
        call.exit_code, call.ended = number_of(message, "exit_code"), message


def _text(run: Run, message: Message, step: str) -> None:
    if not run.calls:
        run.calls.append(Call("pre", message))
    call = run.calls[-1]
    if step == "output":
        call.output = text_of(message, "payload")
    else:
        call.error = text_of(message, "error")
