"""The line of an installer's log, or of an app's own, that explains how it ended.

Windows Installer ends the action that failed with "Return value 3" and says why before it: what PowerShell
says of scripts that it does not run as they are, a message of its own (Error 1925), what the custom action
printed, or at least which custom action returned an error. Burn's first error is the nearest to the cause,
those after it only pass it on; so is the toolkit's. So is that of a log in a form of its own; the quote names
the file, and where no line speaks of an error it is the last one.
"""

from __future__ import annotations

import re

import polars as pl

from autopilot_analysis.facts import read_facts
from autopilot_analysis.quoting import cut
from autopilot_analysis.readers.installer_logs.msi_log import ACTION, FAILED_ACTION
from autopilot_analysis.tables.verdict import ERROR

OWN = "own"
"""The family of logs that apps and scripts write in a form of their own."""
UNSTARTED = "unstarted"
"""The family of programs that Windows ended at their start for want of a component (side by side)."""
NOT_FITTING = 14001
"""The error of such a start (ERROR_SXS_CANT_GEN_ACTCTX), which a wrapper may pass on,"""
NOT_FITTING_SAYS = r"(?i)side.by.side|\b14001\b|0x800736B1"
"""and what a log writes of it, in most languages."""
QUOTED_SIGNS = 300
"""Characters of a line that are quoted."""
BEFORE = 60
"""Lines before the end of the failed action among which the reason is looked for."""

_EDGE = rf"{ACTION}|^MSI \(.\) .*\]: (?:Doing action:|Executing op: )"
_OWN = r"^Error \d{4}\.|\]: Error \d{4}[.:]|(?:^|\]: )\p{L}{3,12} ?: .{1,200}? -- "
_RESULT = r" -- (?:Installation|Configuration|Removal) (?:operation )?(?:failed|completed)"
_SAYS = r"(?i)error|exception|fail|denied|cannot|can't|could not|not found|unable|invalid|missing"
_CHATTER = rf"^MSI \(.\) |^CustomAction \S+ returned actual error code|^Action |{ACTION}|^Property\("
_CALLED = r"(?s)Invoking remote custom action\..*Entrypoint: (\w+)"
"""What a custom action is called by, which Windows Installer runs next."""
PRINTED = re.compile(r"\w{0,12}(?:Quiet|Silent)Exec\w{0,4}: {1,2}")
"""What stands before each line that a program printed, which a custom action of WiX ran without a window."""
KEEPS_ALL = ("SCRIPT-LANGUAGE-MODE", "SCRIPT-NOT-ALLOWED", "SCRIPT-ANTIVIRUS")
"""Reasons of facts/script_errors.csv for which a device runs no script, or none as it is written."""
_CUSTOM = r"^CustomAction (\S+) returned actual error code"
BUSY = (
    r"(?i)another (?:MSI )?installation is (?:already )?in progress"
    r"|\bError 1500\b|_MSIExecute\] is not available"
)
"""What installers say where Windows Installer is at work for another one."""
_ECHO = r"(?i)\bexit(?:ing|ed|s)?\b.{0,20}\b(?:code|status|with)?\W{0,3}\d+\W*$"
"""A line that only passes on how a run ended."""
_EXIT = r"(?i)execution failed with exit code|exit code \[-?[1-9]\d*\]"
PASSED_ON = r"^\w{1,20} installer failed: (-?\d{1,10})\b"
"""What winget writes of an installer that it ran: only its exit code."""


def find_cause(family: str, lines: pl.DataFrame) -> tuple[str, int] | None:
    """Return the line that explains why a run failed, on one line, and its record; None where none does.

    Args:
        family: msi, burn, winget, toolkit or own.
        lines: The records of the run in order, the columns of tables.LogLine.
    """
    busy = lines.filter(pl.col("message").str.contains(BUSY))
    if family == "msi":
        return _of_msi(lines) or _first(busy)
    errors = lines.filter(pl.col("severity") == ERROR)
    if family == "burn":
        return _first(busy) or _first(errors)
    if family == "winget":
        return _first(lines.filter(pl.col("message").str.contains(PASSED_ON)))
    if family == OWN:
        return _of_its_own(busy, errors, lines)
    exits = lines.filter(pl.col("message").str.contains(_EXIT))
    return _first(busy) or _first(errors) or _first(exits)


def _first(lines: pl.DataFrame) -> tuple[str, int] | None:
    return (one_line(lines["message"][0]), int(lines["record"][0])) if lines.height else None


def _of_its_own(busy: pl.DataFrame, errors: pl.DataFrame, lines: pl.DataFrame) -> tuple[str, int] | None:
    """Return what a log in a form of its own says, behind its name: its first error, else its last line."""
    written = errors.filter(~pl.col("message").str.contains(_ECHO))
    text, record = _first(busy) or _first(written) or _first(errors) or _first(lines.tail(1)) or ("", 0)
    words = "" if busy.height or errors.height else " speaks of no error and ends with"
    name = str(lines["member"][0]).replace("\\", "/").rpartition("/")[2]
    return (f"{name}{words}: {text}", record) if record else None


def _of_msi(lines: pl.DataFrame) -> tuple[str, int] | None:
    """Return why Windows Installer failed: the best line before the end of the first action that failed."""
    text = lines["message"]
    ends = text.str.contains(FAILED_ACTION).arg_true()
    if not len(ends):
        return _of_no_action(lines)
    end = int(ends[0])
    start = max(0, end - BEFORE)
    edges = text[start:end].str.contains(_EDGE).arg_true()
    window = lines[start + int(edges[-1]) if len(edges) else start : end]
    messages = window["message"]
    action = text[end : end + 1].str.extract(FAILED_ACTION)[0]
    ranked = (
        window.filter(_of_powershell(messages)),
        window.filter(messages.str.contains(_OWN), ~messages.str.contains(_RESULT)),
        window.filter(messages.str.contains(_SAYS), ~messages.str.contains(_CHATTER)),
        window.filter(messages.str.contains(_CUSTOM)),
    )
    best = next((found for found in ranked if found.height), lines[end : end + 1])
    record = int(best["record"][0])
    quote = one_line(_printed_on(window, best["message"][0], record))
    custom = messages.str.extract(_CUSTOM).drop_nulls()
    name = f"{custom[-1]} in {action}" if len(custom) else action
    return (
        quote if record == int(lines["record"][end]) else f"{quote} (action {name}, return value 3)",
        record,
    )


def _of_powershell(messages: pl.Series) -> pl.Series:
    """Tell of each line whether PowerShell says in it, or in it and the next, why it runs no script so."""
    facts = read_facts("script_errors").filter(pl.col("rule").is_in(KEEPS_ALL))
    says = f"(?i){'|'.join(facts['pattern'])}"
    text = messages.str.replace(f"^(?:{PRINTED.pattern})", "").str.strip_chars()
    after = text.shift(-1).fill_null("")
    broken = (text + " " + after).str.contains(says) & ~after.str.contains(says)
    return text.str.contains(says) | broken


def _printed_on(window: pl.DataFrame, text: str, record: int) -> str:
    """Return a line with those after it that the same program printed, whose sentences the log breaks.

    Args:
        window: The lines of the action.
        text: The line.
        record: Where it stands.
    """
    printer = PRINTED.match(text)
    if printer is None:
        return text
    head = re.escape(printer[0])
    after = window.filter(pl.col("record") > record)["message"]
    others = (~after.str.contains(rf"^{head}\s*\S")).arg_true()
    lines = after[: int(others[0])] if len(others) else after
    return " ".join([text, *lines.str.replace(rf"^{head}", "")])


def _of_no_action(lines: pl.DataFrame) -> tuple[str, int] | None:
    """Return what a log says in which no action is seen to fail, and the custom action that ran before it."""
    text = lines["message"]
    own, result, custom = (text.str.contains(sign) for sign in (_OWN, _RESULT, _CUSTOM))
    ranked = (lines.filter(own & ~result), lines.filter(custom), lines.filter(own))
    found = next((_first(best) for best in ranked if best.height), None)
    if found is None:
        return None
    called = text.filter(lines["record"] < found[1]).str.extract(_CALLED).drop_nulls()
    return (f"{found[0]} (custom action {called[-1]})", found[1]) if len(called) else found


def failed_action(lines: pl.DataFrame) -> str | None:
    """Return the first action of a log of Windows Installer that failed, None where none is seen to.

    Args:
        lines: The records of the run in order, the columns of tables.LogLine.
    """
    named = lines["message"].str.extract(FAILED_ACTION).drop_nulls()
    return str(named[0]) if len(named) else None


def one_line(message: str) -> str:
    """Return a message on one line, cut where it is too long to be quoted."""
    return cut(" ".join(message.split()), QUOTED_SIGNS)
