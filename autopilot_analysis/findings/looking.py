"""Where rules look: marks with their attempt, failed runs, events by provider and id, registry values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from operator import is_
from typing import ParamSpec, TypeVar

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.facts import read_facts
from autopilot_analysis.facts.listed_objects import UNCLAIMED
from autopilot_analysis.facts.mark_events import events_of_marks
from autopilot_analysis.facts.marks import PROFILE_EMPTY, PROFILE_NOT_PROVISIONED, SYNC_ENDED
from autopilot_analysis.facts.page_reports import event_of
from autopilot_analysis.tables import Tables, Trace
from autopilot_analysis.tables.story import BOOT
from autopilot_analysis.trace.installs.installers.crashes import EXCEPTION, FAULT
from autopilot_analysis.trace.place import place, spans_of

PROVIDERS = {
    "ap": "microsoft-windows-moderndeployment-diagnostics-provider",
    "prov": "microsoft-windows-provisioning-diagnostics-provider",
    "dm": "microsoft-windows-devicemanagement-enterprise-diagnostics-provider",
    "udr": "microsoft-windows-user device registration",
    "aad": "microsoft-windows-aad",
    "wu": "microsoft-windows-windowsupdateclient",
    "user32": "user32",
    "eventlog": "eventlog",
    "shell": "microsoft-windows-shell-core",
    "power": "microsoft-windows-kernel-power",
    "net": "microsoft-windows-networkprofile",
    "connector": "microsoft-intune-odjconnectorservice",
    "bitlocker": "microsoft-windows-bitlocker-api",
    "laps": "microsoft-windows-laps",
    "cloudlaps": "cloudlaps-client",
    "integrity": "microsoft-windows-codeintegrity",
    "applocker": "microsoft-windows-applocker",
    "defender": "microsoft-windows-windows defender",
    "appx": "microsoft-windows-appxdeployment-server",
    "tpm": "microsoft-windows-tpm-wmi",
    "tls": "schannel",
    "hello": "microsoft-windows-helloforbusiness",
    "security": "microsoft-windows-security-auditing",
    "winlogon": "microsoft-windows-winlogon",
    "installer": "msiinstaller",
    "crash": FAULT[0],
    "dotnet": EXCEPTION[0],
    "sxs": "sidebyside",
    "wlan": "microsoft-windows-wlan-autoconfig",
    "wired": "microsoft-windows-wired-autoconfig",
    "scm": "service control manager",
    "certenroll": "microsoft-windows-certificateservicesclient-certenroll",
    "ras": "rasclient",
    "netlogon": "netlogon",
}
"""Short names of event providers, in lower case as they are compared."""


def keys_of(marks: Iterable[str], edge: str | None = None) -> list[str]:
    """Return the events that are one of some marks, in the words that `events_of` takes.

    Args:
        marks: Names of facts/stages.csv, such as "enrolled".
        edge: Only where the mark is this edge; None for any.
    """
    short = {name: alias for alias, name in PROVIDERS.items()}
    rows = events_of_marks(marks)
    rows = rows if edge is None else rows.filter(pl.col("edge") == edge)
    events = rows.select("provider", "event_id").unique(maintain_order=True)
    return [f"{short[provider]}:{number}" for provider, number in events.iter_rows() if provider in short]


SESSION_UNREACHED = "dm:204"
(SESSION_ENDED,) = keys_of([SYNC_ENDED])
"""Events of a session with the management service: it was not reached; the session is over, well or not."""
SESSION_EVENTS = ["dm:201", SESSION_UNREACHED, SESSION_ENDED]
SESSIONS_IN_VAIN = 3
"""So many of them in vain, and none that went well after them, are no passing hitch."""
COMMAND_REFUSED = "dm:404"
"""Windows refused a command of the management service."""
SIGNED_IN = "winlogon:7001"
IN_SESSION = [SIGNED_IN, *keys_of(["hello_will_run", "hello_will_not_run"])]
"""Events that only a session of somebody who signed in writes."""
NO_CONTROLLER = "udr:334"
"""Windows puts the join off because no domain controller is within reach."""
SIGN_IN_ERRORS = ["aad:1081", "aad:1088"]
"""What a sign-in at the lock screen leaves."""
ENTRA_ERRORS = [*SIGN_IN_ERRORS, "aad:1097", "aad:1098"]
"""Those, and what is left of tokens that programs ask for."""
PAGE_SAID = f"shell:{event_of('said a value')}"
"""A page of OOBE said something, with a value."""
WANTS_CERTIFICATE = "0x80072F0C"
"""The code of WinHTTP for a server that was reached and wants a certificate that the device does not show."""
NO_CONNECTION = "^0x80072E|^0x80072F(?:[1-9A-F]|0[0-9ABDEF])"
"""The other codes of WinHTTP: a server was not reached, or not trusted, so it did not speak."""
HTTP_ANSWER = "^0x8019"
"""Codes of an HTTP status: a server was reached, and answered."""
FILE_NAME = r"([^\\/]+)$"
"""The name of a file in its path."""
AN_ENROLMENT = r"\\enrollments\\[^\\]+$"
PROFILE_KEPT = r"\\provisioning\\diagnostics\\autopilot$"
"""Keys of the registry, in lower case: of each enrolment, and where Windows keeps the profile that came."""
OF_A_SETTING = r"_(?:ProviderSet|WinningProvider|LastWrite)$"
"""How the name of a value ends in which Windows keeps who set a policy, and when: it is no setting."""
RECORD = ["device", "member", "record"]
"""What tells one record from every other."""
UNWELL = ("failed", "unfinished")
"""Outcomes of an attempt that something may have to explain."""

_Asked = ParamSpec("_Asked")
_Answer = TypeVar("_Answer")


def once(work: Callable[_Asked, _Answer]) -> Callable[_Asked, _Answer]:
    """Remember the last answer for the very same arguments: frames have no hash, but they do not change."""
    last: list[tuple[tuple[object, ...], _Answer]] = []

    def ask(*asked: _Asked.args, **named: _Asked.kwargs) -> _Answer:
        given = (*asked, *named.values())
        for before, answer in last:
            if len(before) == len(given) and all(map(is_, before, given)):
                return answer
        last[:] = [(given, work(*asked, **named))]
        return last[0][1]

    return ask


def in_attempts(rows: pl.DataFrame, trace: Trace) -> pl.DataFrame:
    """Return rows with the attempt each lies in, null outside all; `place` decides it.

    Args:
        rows: Rows with device and `at`.
        trace: What `build_trace` returned.
    """
    return place(rows, trace.attempts, _spans(trace))


@once
def _spans(trace: Trace) -> pl.DataFrame:
    return spans_of(trace.attempts, trace.stage_runs)


@once
def placed_marks(trace: Trace) -> pl.DataFrame:
    """Return all marks, each with the attempt it lies in (null outside all)."""
    return in_attempts(trace.marks, trace)


def exit_words() -> pl.Expr:
    """Return how a try ended: its exit code, and what a script itself wrote of its error."""
    error = pl.col("detail").str.json_path_match("$.error")
    return pl.concat_str(known_exit(), pl.format(": {}", error).fill_null(""))


def exit_code() -> pl.Expr:
    """Return the exit code of a try in words; null where it is not known."""
    return pl.format(wording.exit_code("{}"), "exit_code")


def known_exit() -> pl.Expr:
    """Return the exit code of a try in words, which say so where it is not known."""
    return exit_code().fill_null(wording.exit_code("unknown"))


def marks_in(trace: Trace, names: Sequence[str]) -> pl.DataFrame:
    """Return the marks of some names, each with the attempt it lies in (null outside all).

    Args:
        trace: What `build_trace` returned.
        names: Marks of facts/stages.csv.
    """
    if mark_names(trace).isdisjoint(names):
        return _no_marks(trace)
    return placed_marks(trace).filter(pl.col("mark").is_in(names))


@once
def mark_names(trace: Trace) -> frozenset[str]:
    """Return the marks that are there."""
    return frozenset(trace.marks["mark"].drop_nulls().unique())


@once
def _no_marks(trace: Trace) -> pl.DataFrame:
    return placed_marks(trace).clear()


def failed_runs(trace: Trace, stages: Sequence[str]) -> pl.DataFrame:
    """Return the failed runs of some stages as rows that lead to the record that ended them.

    A failure without a time lies in no run: of a device of which no dated run came so far it stands for one.
    """
    runs = _failed_runs(trace)
    return runs.clear() if runs.is_empty() else runs.filter(pl.col("stage").is_in(stages))


@once
def _failed_runs(trace: Trace) -> pl.DataFrame:
    failed = trace.stage_runs.filter(pl.col("outcome") == "failed")
    ends = failed.select(
        "device", "attempt", "stage", "code", at="ended_at", member="ended_member", record="ended_record"
    )
    place = ["device", "member", "record"]
    quotes = trace.marks.select(*place, "detail", "mark").unique(place, keep="first", maintain_order=True)
    dated = ends.join(quotes, on=place, how="left")
    return pl.concat([dated, undated_failures(trace).select(dated.columns)])


@once
def undated_failures(trace: Trace) -> pl.DataFrame:
    """Return the failures that events tell without a time, of stages that no dated run reached."""
    undated = trace.marks.filter(pl.col("at").is_null(), pl.col("mark").is_in(_told_by_events()))
    ended = trace.stage_runs.filter(pl.col("outcome").is_in(["succeeded", "failed"]))
    reached = ended.group_by("device").agg(reached=pl.col("stage").to_physical().max())
    behind = undated.join(reached, on="device", how="left", maintain_order="left").filter(
        pl.col("reached").is_null() | (pl.col("stage").to_physical() > pl.col("reached"))
    )
    return behind.drop("reached").with_columns(attempt=pl.lit(None, pl.Int64))


@cache
def _told_by_events() -> list[str]:
    """Return the marks of a stage's failure that only events make: other places are undated by nature."""
    ends = read_facts("stages").filter(pl.col("edge") == "fail")
    others = ends.filter(pl.col("kind") != "event")
    return ends.join(others, on="mark", how="anti")["mark"].unique().sort().to_list()


def empty_answers(trace: Trace) -> pl.DataFrame:
    """Return marks of an answer without a profile, each with its attempt.

    Where the download failed, a state that stays blank is no answer: the service was never heard.
    """
    unheard = failed_runs(trace, ["profile_download"]).select("device", "attempt").unique()
    blank = marks_in(trace, [PROFILE_NOT_PROVISIONED]).join(unheard, on=["device", "attempt"], how="anti")
    return pl.concat([marks_in(trace, [PROFILE_EMPTY]), blank]).sort("at", maintain_order=True)


@once
def unwell(trace: Trace) -> pl.DataFrame:
    """Return device, attempt, failed_stage and scenario of attempts that failed or never ended."""
    return trace.attempts.filter(pl.col("outcome").is_in(UNWELL)).select(
        "device", "attempt", "failed_stage", "scenario"
    )


@once
def failed_devices(trace: Trace) -> pl.DataFrame:
    """Return the devices with an attempt that failed."""
    return trace.attempts.filter(pl.col("outcome") == "failed").select("device").unique()


def on_own_clock(events: pl.DataFrame) -> pl.Series:
    """Return the devices whose events stand as a list gave them, in local time whose zone nothing tells.

    Args:
        events: The table `events`.
    """
    as_written = (pl.col("clock") == "unknown") & pl.col("at").is_not_null()
    return events.filter(as_written)["device"].unique(maintain_order=True)


def events_of(tables: Tables, wanted: Iterable[str]) -> pl.DataFrame:
    """Return events by provider and id, as rows with detail (their fields), code and key.

    Args:
        tables: What `read_tables` returned.
        wanted: Such as "ap:171" or "user32:1074", see PROVIDERS.
    """
    keyed, keys = keyed_events(tables), list(wanted)
    if event_keys(tables).isdisjoint(keys):
        return _no_events(tables)
    return keyed.filter(pl.col("key").is_in(keys))


@once
def event_keys(tables: Tables) -> frozenset[str]:
    """Return the keys of the events that are there: most of what is asked for is not."""
    return frozenset(keyed_events(tables)["key"].unique())


@once
def _no_events(tables: Tables) -> pl.DataFrame:
    return keyed_events(tables).clear()


@once
def keyed_events(tables: Tables) -> pl.DataFrame:
    """Return the events of the known providers, with detail and a key like "ap:171"."""
    short = {name: alias for alias, name in PROVIDERS.items()}
    alias = pl.col("provider").str.to_lowercase().replace_strict(short, default=None, return_dtype=pl.String)
    keyed = tables.events.with_columns(key=pl.concat_str(alias, pl.lit(":"), "event_id"), detail="data")
    return keyed.filter(pl.col("key").is_not_null())


@once
def low_registry(tables: Tables) -> pl.DataFrame:
    """Return the registry values with their key and name in lower case beside them."""
    lower = {f"low_{name}": pl.col(name).str.to_lowercase() for name in ("key", "name")}
    return tables.registry_values.with_columns(**lower)


def registry(tables: Tables, key: str, name: str) -> pl.DataFrame:
    """Return registry values as rows with detail, by patterns on the lower-case key and name.

    Args:
        tables: What `read_tables` returned.
        key: Pattern found anywhere in the lower-case key.
        name: Pattern found anywhere in the lower-case value name.
    """
    low = low_registry(tables)
    if low.is_empty():
        return _no_values(tables)
    fitting = _value_names(tables).filter(pl.col("low_name").str.contains(name))
    if fitting.is_empty():
        return _no_values(tables)
    named = low.filter(pl.col("low_name").is_in(fitting["low_name"].implode()))
    found = named.filter(pl.col("low_key").str.contains(key))
    if found.is_empty():
        return _no_values(tables)
    return with_value(found).drop("low_key", "low_name")


@once
def _value_names(tables: Tables) -> pl.DataFrame:
    """Return each name of a registry value once, in lower case: a pattern looks at few of them."""
    return low_registry(tables).select(pl.col("low_name").unique())


@once
def _no_values(tables: Tables) -> pl.DataFrame:
    return with_value(tables.registry_values.clear())


def with_value(rows: pl.DataFrame) -> pl.DataFrame:
    """Return registry rows with detail: key, name and value as the export shows them."""
    return rows.with_columns(
        detail=pl.concat_str(
            "key", pl.lit("\\"), "name", pl.lit(' = "'), pl.col("value").fill_null(""), pl.lit('"')
        )
    )


@once
def low_properties(tables: Tables) -> pl.DataFrame:
    """Return the properties with their name in lower case beside them, without those of no known kind."""
    claimed = tables.properties.filter(~pl.col("section").str.starts_with(UNCLAIMED))
    return claimed.with_columns(low_name=pl.col("name").str.to_lowercase())


def properties(tables: Tables, name: str, value: str = "") -> pl.DataFrame:
    """Return properties as rows with detail, by patterns on the lower-case name and on the value."""
    low = low_properties(tables)
    if low.is_empty():
        return no_properties(tables)
    fitting = _property_names(tables).filter(pl.col("low_name").str.contains(name))
    if fitting.is_empty():
        return no_properties(tables)
    named = low.filter(pl.col("low_name").is_in(fitting["low_name"].implode()))
    found = named.filter(pl.col("value").fill_null("").str.contains(value)) if value else named
    return no_properties(tables) if found.is_empty() else with_quote(found.drop("low_name"))


@once
def _property_names(tables: Tables) -> pl.DataFrame:
    """Return each name of a property once, in lower case."""
    return low_properties(tables).select(pl.col("low_name").unique())


@once
def property_names(tables: Tables) -> frozenset[str]:
    """Return the names of properties that are there, in lower case."""
    return frozenset(_property_names(tables)["low_name"].drop_nulls())


@once
def no_properties(tables: Tables) -> pl.DataFrame:
    """Return what `properties` does where nothing fits."""
    return with_quote(tables.properties.clear())


def with_quote(rows: pl.DataFrame) -> pl.DataFrame:
    """Return properties with detail: name and value."""
    return rows.with_columns(detail=pl.concat_str("name", pl.lit(": "), pl.col("value").fill_null("(empty)")))


@once
def boots(trace: Trace) -> pl.DataFrame:
    """Return when each device started: columns device and boot_at.

    Args:
        trace: What `build_trace` returned.
    """
    return trace.steps.filter(pl.col("kind") == BOOT).select("device", boot_at="at")
