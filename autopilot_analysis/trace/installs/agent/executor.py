"""Runs of scripts as the executor's own log shows them, each paired from its start to its exit.

Neither component nor thread tells two calls apart: the order of the records does. Each part of the agent runs
its scripts one after another, so a call ends the one before it of the same family, whose exit was never
written. Where calls of two families were open at once, nobody can say which of them an exit belongs to, and
both are marked as shared.
"""

from __future__ import annotations

from datetime import timedelta

import msgspec
import polars as pl

from autopilot_analysis.trace.installs.agent.calls import (
    OPTIONS,
    SCRIPT_MAY_RUN,
    Call,
    Message,
    Run,
    by_log,
    is_near,
    item_of,
    number_of,
    text_of,
)

LOG = "agentexecutor"
"""Name of the executor's log."""

_FLAG = {"true": "32 bits", "false": "64 bits"}
"""What the flag runAs32BitOn64 says of the host of a script."""
_NEXT = timedelta(minutes=5)
"""How long after one part of a remediation the next may begin."""

ROLES = (
    "executor",
    "script_argument",
    "script_host",
    "script_policy",
    "script_process",
    "executor_exit",
    "executor_output",
    "executor_error",
    "executor_timeout",
)


def read_executor_runs(ordered: pl.DataFrame) -> list[Run]:
    """Return every run that the executor's log shows; the calls of one remediation are one run.

    Args:
        ordered: Result of `stream.order_messages`.
    """
    rows = ordered.filter(pl.col("role").is_in(ROLES), pl.col("stem").str.to_lowercase() == LOG)
    runs: list[Run] = []
    for _, messages in by_log(rows):
        reading = _Reading()
        for message in messages:
            reading.take(message)
        runs += reading.runs
    return runs


class _Reading(msgspec.Struct):
    """The log up to one record: invoked (no script named yet), running (a call is open), idle."""

    runs: list[Run] = msgspec.field(default_factory=list)
    invoked: Message | None = None
    running: dict[str, Call] = msgspec.field(default_factory=dict)
    latest: Call | None = None

    def take(self, message: Message) -> None:
        """Go on by one record."""
        match message["role"]:
            case "executor":
                self.invoked = message
            case "script_argument":
                self._open(message)
            case "script_policy":
                self._policy(message)
            case "script_process":
                self._start(message)
            case "script_host":
                self._host(message)
            case "executor_exit":
                self._exit(message)
            case _:
                self._text(message)

    def _open(self, message: Message) -> None:
        family = OPTIONS[str(message["state"]).lower()]
        call = Call(str(message["phase"] or family).lower(), self.invoked or message)
        self.invoked, self.latest = None, call
        self.running = {
            other: older
            for other, older in self.running.items()
            if other != family and is_near(older.moment, call.moment, SCRIPT_MAY_RUN)
        }
        self.running[family] = call
        self._run_for(message, family, call).calls.append(call)

    def _run_for(self, message: Message, family: str, call: Call) -> Run:
        """Return the run a call belongs to: a remediation under way, or a new one."""
        item = item_of(message)
        if family == "remediation":
            under_way = next((run for run in reversed(self.runs) if run.item == item), None)
            if under_way is not None and _goes_on(under_way, call):
                return under_way
        run = Run(
            family,
            str(message["device"]),
            item,
            call.first,
            version=text_of(message, "version"),
            user=text_of(message, "user"),
        )
        if call.part == "detect":
            call.part = "pre"
        self.runs.append(run)
        return run

    def _start(self, message: Message) -> None:
        if self.latest is not None and self.latest.begun is None:
            self.latest.begun, self.latest.process = message, text_of(message, "number")

    def _host(self, message: Message) -> None:
        """Take which PowerShell runs the call, by the flag: the path of System32 may be a redirected one."""
        if self.latest is not None and self.latest.ended is None:
            self.latest.host = _FLAG.get(str(message["state"]).lower())

    def _policy(self, message: Message) -> None:
        """Take which execution policy the agent asks for on the command line of PowerShell."""
        if self.latest is not None and self.latest.ended is None:
            self.latest.policy = str(message["state"]).lower()

    def _exit(self, message: Message) -> None:
        if not self.running:
            return
        for call in self.running.values():
            call.shared = call.shared or len(self.running) > 1
        _, call = self.running.popitem()
        call.ended, call.exit_code = message, number_of(message, "exit_code")
        self.latest = call

    def _text(self, message: Message) -> None:
        call = self.latest
        if call is None:
            return
        if message["role"] == "executor_timeout":
            call.timed_out = True
        elif message["role"] == "executor_output":
            call.output, call.error = text_of(message, "payload"), text_of(message, "error") or call.error
        else:
            call.error = text_of(message, "error")


def _goes_on(run: Run, call: Call) -> bool:
    """Return whether a call is the next part of a remediation, and say which part it is.

    Detection before and after write the same file names: only the order tells them apart.
    """
    last = run.calls[-1]
    near = (
        is_near(last.until, call.moment, _NEXT)
        if last.ended
        else is_near(last.moment, call.moment, SCRIPT_MAY_RUN)
    )
    if not near:
        return False
    if call.part == "remediate":
        return last.part == "pre"
    if last.part == "remediate":
        call.part = "post"
        return True
    return False
