"""What a code means: symbol, causes, remedy and page, ranked for where it was met.

Meanings come from `facts/codes.csv`; families whose low half is itself a number are computed. A code that
nobody has written down stays unknown and says so.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

import polars as pl

from autopilot_analysis.codes.code import Cause, Code
from autopilot_analysis.codes.families import NO_CODE, NO_SIGN_IN, Row, compute, facility_of, rows_of
from autopilot_analysis.codes.spelling import AADSTS, NUMBER, UNSIGNED, ZERO, code_of
from autopilot_analysis.facts import read_facts, shared_remedies
from autopilot_analysis.wording import EXIT_CODE

_NAMED = 10
"""How well a row fits whose circumstance the answer names: better than stage and scenario together."""
NAMED_ALONE = "named"
"""The scenario of a cause that holds only where the answer names its circumstance."""
ELSE = "any other context"
"""The circumstance of a cause that is left where no other one of its code fits."""
_INSTALLERS = ("Office Click-to-Run", "PSAppDeployToolkit", "App packages (AppX)")
"""Families of facts/codes.csv whose codes mean the same where an installer ended with them."""
OWN_NUMBERS = (1 - (1 << 16), (1 << 31) - 1)
"""First and last exit code that is a number; what lies beyond, on either side, is a result code itself."""
WINDOWS_INSTALLER = (1601, 1654)
"""First and last exit code that Windows Installer defines (Microsoft: Windows Installer error messages)."""
INSTALLER_BUSY = 1618
"""The exit code by which Windows Installer says that another installation is in progress."""
INSTALLS = "device_setup"
"""The stage whose causes an installer's exit code has: none of enrolment or join."""


def explain(
    code: str | int, *, stage: str | None = None, scenario: str | None = None, answer: str | None = None
) -> Code:
    """Return what is known of a code, its causes ranked for the stage and scenario it was seen in.

    Args:
        code: Any spelling `code_of` reads, or a named code such as "AADSTS50076" or "ZtdDeviceNotFound".
        stage: A stage of `tables.STAGES`.
        scenario: Such as "self_deploying"; spaces and hyphens are read as underscores.
        answer: What stands beside it, above all in the server's own words: words that name a cause
            (facts/answer_words.csv) decide, whatever the scenario.

    Example:
        >>> explain("0x80180014", scenario="self-deploying").remedy
        'Unblock the device in the Autopilot device list, or delete its Intune record'
    """
    spelt = str(code).strip()
    canonical = code_of(spelt)
    if canonical is None:
        return _explain_name(spelt)
    rows = rows_of(canonical)
    if not rows:
        return compute(canonical, spelt)
    words = re.sub(r"[\s-]+", "_", scenario.strip().lower()) if scenario else None
    named = _named(canonical, answer) if answer else None
    ranked = sorted(rows, key=lambda row: -_fit(row, stage, words, named))
    causes = [row for row in ranked if row["rank"] != "0"]
    fits = [_fit(row, stage, words, named) for row in causes]
    alone = len(fits) == 1 or fits[0] > fits[1]
    decided = alone and (fits[0] > 0 or (fits[0] == 0 and len(fits) > 1))
    anywhere = (row for row in rows if row["rank"] == "0" or not (row["stage"] or row["scenario"]))
    head = causes[0] if decided else next(anywhere, causes[0])
    others = _ruled_out(canonical, answer or "")
    of_stage = [row for row in causes if stage and _open(row, stage, words) and row["when"] not in others]
    return Code(
        code=canonical,
        spelt=spelt,
        family=head["family"] or "",
        facility=facility_of(canonical),
        symbol=head["symbol"],
        meaning=head["meaning"] or "",
        causes=tuple(_cause(row) for row in causes),
        remedy=head["remedy"],
        page=head["page"],
        certainty=head["certainty"] or "unknown",
        stage=head["stage"],
        undecided=() if decided or len(of_stage) == 1 else tuple(_cause(row) for row in of_stage),
    )


def explain_exit(code: str | int, *, answer: str | None = None) -> Code:
    """Return what is known of an installer's exit code: those of Windows Installer mean something.

    Args:
        code: The exit code, or the result code that wraps it. A decimal beyond OWN_NUMBERS is a result code
            itself, which a program passed on.
        answer: What stands beside it, above all in the installer's own log, as `explain` takes it.

    Example:
        >>> explain_exit(1).meaning
        'The installer ended with exit code 1, a number of its own'
        >>> explain_exit(-2147009295).symbol
        'ERROR_INSTALL_PACKAGE_NOT_FOUND'
    """
    wrapped = code_of(code, "exit") or ZERO
    ended = _ended_with(code, wrapped)
    own = any(row["family"] in _INSTALLERS for row in rows_of(wrapped))
    first, last = WINDOWS_INSTALLER
    if own or ended is None or first <= ended <= last or ended in restarts():
        return explain(wrapped, stage=INSTALLS, answer=answer)
    if answer and (own_code := _in_words_of_program(answer)):
        return explain(own_code, stage=INSTALLS)
    own_log = shared_remedies()["installer's own log"]
    return Code(
        code=wrapped,
        spelt=str(code),
        family="Installer",
        facility=None,
        symbol=None,
        meaning=f"{INSTALLER} {ended}, a number of its own",
        causes=(),
        remedy=f"{own_log}; if that number is no failure, map it in the app's return codes",
        page="Microsoft: Win32 app management",
        certainty="computed",
        stage=INSTALLS,
    )


INSTALLER, SCRIPT = f"The installer ended with {EXIT_CODE}", f"The script ended with {EXIT_CODE}"
OUTPUT_OF_SCRIPT = (
    "Read what the script itself writes, and run it on one of these devices as the agent does: as the system "
    "account, in the 32-bit or 64-bit PowerShell that its settings name"
)
"""What to do about the exit code of a script."""


def of_script(known: Code) -> Code:
    """Return what is known of an exit code that a script ended with, where an installer's was meant.

    Args:
        known: What `explain` or `explain_exit` returned.
    """
    if not known.meaning or not known.meaning.startswith(INSTALLER):
        return known
    return replace(
        known,
        meaning=known.meaning.replace(INSTALLER, SCRIPT, 1),
        remedy=OUTPUT_OF_SCRIPT,
        page="Microsoft: Use PowerShell scripts on Windows devices in Intune",
        causes=(),
    )


SOFT_RESTART, HARD_RESTART = "SoftReboot", "HardReboot"
"""Classes of exit codes by which an installer says that it is done after a restart."""


@cache
def exit_classes() -> dict[int, str]:
    """Return the class of each exit code that the agent knows where an app's own table says nothing."""
    states = read_facts("install_states").filter(scale="exit_code")
    return dict(states.select(pl.col("value").cast(pl.Int64), "symbol").iter_rows())


@cache
def restarts(*classes: str) -> frozenset[int]:
    """Return the exit codes that the agent takes for a good end which asks for a restart.

    Args:
        classes: Of these classes; SOFT_RESTART where none is given.
    """
    return frozenset(code for code, name in exit_classes().items() if name in (classes or (SOFT_RESTART,)))


def _in_words_of_program(answer: str) -> str | None:
    """Return the result code that a known program's own words stand for, which its caller did not pass on."""
    rows = read_facts("program_words").select("code", "pattern").iter_rows()
    return next((code for code, pattern in rows if re.search(pattern, answer)), None)


def _ended_with(code: str | int, wrapped: str) -> int | None:
    """Return the number that a process ended with; None where it is a result code, or that of a success."""
    decimal = NUMBER.match(str(code))
    number = int(wrapped, 16)
    signed = number - UNSIGNED if number >> 16 == 0xFFFF else number
    if decimal and not OWN_NUMBERS[0] <= int(decimal[1].replace("−", "-")) <= OWN_NUMBERS[1]:
        return None
    if number >> 16 == 0x8007:
        return number & 0xFFFF
    return signed if signed and OWN_NUMBERS[0] <= signed <= OWN_NUMBERS[1] and not rows_of(wrapped) else None


def explain_codes(codes: pl.Series) -> pl.DataFrame:
    """Return one row for each code of a column, in its order: code, family, symbol, meaning, stage, page.

    Where no code was found, everything but the spelling given is null.
    """
    names = ("code", "family", "symbol", "meaning", "stage", "page")
    canonical = code_of(codes).fill_null(codes.cast(pl.String)).rename("code")
    known = [explain(code) for code in canonical.drop_nulls().unique()]
    table = pl.DataFrame(
        {name: [getattr(code, name) for code in known] for name in names},
        schema=dict.fromkeys(names, pl.String),
    ).with_columns(code=pl.Series([code.code for code in known], dtype=pl.String))
    return canonical.to_frame().join(table, on="code", how="left", maintain_order="left").select(names)


def _cause(row: Row) -> Cause:
    """Return a row of codes.csv as a cause."""
    return Cause(
        cause=row["meaning"] or "",
        remedy=row["remedy"],
        when=row["when"],
        page=row["page"] or "",
        certainty=row["certainty"] or "unknown",
        stage=row["stage"],
    )


def _named(code: str, answer: str) -> str | None:
    """Return the circumstance of a code (`when`) that an answer's own words name."""
    return next((when for _, when in named_circumstances(code, answer)), None)


def named_circumstances(code: str, answer: str) -> list[tuple[re.Match[str], str]]:
    """Return where an answer's own words name circumstances of a code, and which.

    Args:
        code: As `code_of` spells it.
        answer: The words.
    """
    rows = _words_of(code).select("pattern", "when").iter_rows()
    return [(hit, when) for pattern, when in rows if (hit := re.search(pattern, answer))]


def _ruled_out(code: str, answer: str) -> set[str]:
    """Return the circumstances of a code that an answer denies: their label is there with other words."""
    labelled = _words_of(code).drop_nulls("label").select("label", "when").iter_rows()
    return {when for label, when in labelled if label in answer}


def _words_of(code: str) -> pl.DataFrame:
    """Return the words that name a circumstance of a code."""
    return read_facts("answer_words").filter(pl.col("code") == code)


def _fit(row: Row, stage: str | None, scenario: str | None, named: str | None = None) -> int:
    """Say how well a row fits its context: above 0 it was written for it, below 0 for another one.

    A row written for a stage and a scenario needs both, also where the scenario is not known; one that the
    answer names needs nothing else. "named" is the scenario of none: such a row needs to be named. One whose
    circumstance begins with the named one and says more ("…, with …") is told of its own scenario alone.
    """
    if named is not None and row["when"] == named:
        return _NAMED
    if named is not None and (row["when"] or "").startswith(f"{named}, ") and row["scenario"] == scenario:
        return _NAMED + 1
    if stage and not scenario and row["stage"] and row["scenario"]:
        return -1
    fit = 0
    if stage and row["stage"]:
        if row["stage"] != stage:
            return -1
        fit += 2
    if scenario and row["scenario"]:
        if not any(word in scenario for word in row["scenario"].split()):
            return -1
        fit += 2
    half_known = row["stage"] and row["scenario"] and not (stage and scenario)
    return 0 if half_known else fit


def _open(row: Row, stage: str, scenario: str | None) -> bool:
    """Tell whether a cause may hold in a stage: of its scenarios one fits, or which it was is not known."""
    if row["stage"] != stage or row["scenario"] == NAMED_ALONE:
        return False
    return not scenario or _fit(row, stage, scenario) >= 0


def _explain_name(name: str) -> Code:
    """Return a code that is no number of 32 bits: an AADSTS error, a service's word, a text on screen."""
    aadsts = re.search(AADSTS, name)
    key = (aadsts[0] if aadsts else name).lower()
    for row in read_facts("service_codes").iter_rows(named=True):
        if key in {(row["code"] or "").lower(), (row["name"] or "").lower()}:
            return Code(
                code=row["code"] or row["name"],
                spelt=name,
                family=row["family"],
                facility=None,
                symbol=row["name"],
                meaning=row["meaning"],
                causes=(Cause(row["meaning"], row["remedy"], None, row["page"], row["certainty"]),),
                remedy=row["remedy"],
                page=row["page"],
                certainty=row["certainty"],
                stage=row["stage"],
            )
    family = "Entra sign-in" if aadsts else "not a code"
    meaning = NO_SIGN_IN if aadsts else NO_CODE
    stage = "user_authentication" if aadsts else None
    return Code(
        aadsts[0] if aadsts else name, name, family, None, None, meaning, (), None, None, "unknown", stage
    )
