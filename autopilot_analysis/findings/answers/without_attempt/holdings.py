"""What the files of an export hold that shows neither an attempt nor a failure, a line each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.export.sources import title_of
from autopilot_analysis.facts import read_facts
from autopilot_analysis.facts.dated_lines import dated_line
from autopilot_analysis.facts.source_names import COMMAND_OUTPUTS, CONFIGURATION_FILE_JSON, LISTED_OBJECTS
from autopilot_analysis.findings.answers.answer import Line
from autopilot_analysis.findings.answers.without_attempt.object_words import SOURCES as OBJECTS
from autopilot_analysis.findings.answers.without_attempt.object_words import object_words
from autopilot_analysis.findings.answers.without_attempt.registry_words import registry_words
from autopilot_analysis.readers.text_logs.dosvc_log import SECTION
from autopilot_analysis.tables import Tables, Trace
from autopilot_analysis.tables.items import CALLED
from autopilot_analysis.tables.story import APPS

MOST_FILES = 3
"""Of more files nobody asks what each of them holds."""
PROFILES = ("profile_json", CONFIGURATION_FILE_JSON)
"""Sources that are a profile of Autopilot as a file."""
COUNTED = {"events": "record", "log_lines": "record", "registry_values": "value", "settings": "setting"}
"""What the rows of a table are called where they are counted."""
WITH_EVENTS = ("dsregcmd", LISTED_OBJECTS, COMMAND_OUTPUTS)
"""Sources of texts without times of their own, beside which events may be pasted."""
DOWNLOADS, CO_MANAGED = "dosvc_log", "comanagement"
"""Sources of whose lines more is told than how many there are."""
MOST_DOWNLOADS = 2
"""So many downloads are named; the others are counted."""
MOST_APPS = 3
"""So many apps that came are named; the others are counted."""
NO_CERTAIN_DAY = ", with times whose day is not certain"
REVISION = r"^\d+$"
"""How the agent writes which revision of an app in Intune it is: one that is no version of the program."""
PARTIAL = "partial"
"""State of a file of which something is lost."""
WELL = "0"
SETTING = r"^\s*Merged value for (?:setting )?'CoManagementSettings_(\w+)' is '([^']{1,60})'"
WORKLOADS = r"(?i)\bmerged workload ?flags value .*?\bis '(\d+)'"
STATES = (
    ("it says that enrolment is queued", "(?i)queued MDM auto.?enroll?ment"),
    (
        "it says that no address of enrolment is configured yet",
        "(?i)enroll?ment URL has not yet been",
    ),
    ("it says that the device is not enrolled yet", "(?i)device is not MDM enrolled yet"),
    ("it says that the device is enrolled already", "Machine is already enrolled with MDM"),
)
"""What co-management says of the enrolment; what no longer holds once it says that the device is enrolled."""
JOINS = {"0": "joins Entra ID", "1": "joins a domain (hybrid join)"}
FORCED = "cloudassignedforcedenrollment"
OOBE = "cloudassignedoobeconfig"
ORDERS = (
    (OOBE, "OOBE configuration {}"),
    ("cloudassigneddevicename", "computer name {}"),
    ("cloudassignedlanguage", "language {}"),
)
"""Further fields of a profile, and how each reads."""
ONLY_ORDERS = "Such a file says what is to be done, not whether it was."


def holdings(tables: Tables, trace: Trace, device: str) -> Iterator[Line]:
    """Yield what each of a few files holds: how many records from when to when, or what a profile orders.

    Behind them stand the first few apps that came.

    Args:
        tables: What `read_tables` returned.
        trace: What `build_trace` returned.
        device: The device's key.
    """
    read = pl.col("state").cast(pl.String).is_in(["read", PARTIAL])
    members = tables.members.filter(pl.col("device") == device, read).sort("member")
    if members.height > MOST_FILES:
        return
    for member, source, state in members.select("member", "source", "state").iter_rows():
        of = pl.col("member") == member
        facts, lines = tables.properties.filter(of), tables.log_lines.filter(of)
        words = _profile(facts) if source in PROFILES else _records(tables, of, source)
        words += _downloads(facts) if source == DOWNLOADS else ""
        words += _decided(lines) if source == CO_MANAGED else ""
        words += registry_words(tables.registry_values.filter(of)) if words else ""
        words = ". ".join(filter(None, [words, object_words(facts) if source in OBJECTS else ""]))
        if words:
            words += _lost(tables.gaps.filter(of)) if state == PARTIAL else ""
            name = f"{member}: " if members.height > 1 else ""
            yield Line(wording.sentence(f"{name}{words}"))

    yield from _came(trace.installs.filter(pl.col("device") == device))


def _lost(gaps: pl.DataFrame) -> str:
    """Return why a file was read in part, in the words of its first gap."""
    return f"; read in part: {gaps['reason'][0]}" if gaps.height else ""


def _came(installs: pl.DataFrame) -> Iterator[Line]:
    """Yield the apps whose last try ended well, each with its version where one is known."""
    last = installs.filter(pl.col("kind").is_in(APPS)).group_by("item", maintain_order=True).last()
    good = last.filter(pl.col("outcome") == "succeeded")
    revision = pl.col("version").str.contains(REVISION)
    version = (
        pl.when(revision).then(pl.format(" (revision {})", "version")).otherwise(pl.format(" {}", "version"))
    )
    named = good.select(pl.concat_str(CALLED, version.fill_null(""))).to_series().to_list()
    if named:
        yield Line(f"Installed: {wording.listed(named, MOST_APPS)}.")


def _records(tables: Tables, of: pl.Expr, source: str) -> str:
    """Return how many records or values a file holds, and from when to when; empty for other files."""
    for table, noun in COUNTED.items():
        rows: pl.DataFrame = getattr(tables, table).filter(of)
        if rows.height:
            when = _span(rows) if {"at", "clock"} <= set(rows.columns) else ""
            beside = "; events beside it" if table == "events" and source in WITH_EVENTS else ""
            return f"{title_of(source)}{beside}: {wording.count(rows.height, noun)}{when}"
    return ""


def _span(rows: pl.DataFrame) -> str:
    """Return the first and the last instant of records, in UTC where it is known, else as written."""
    known = rows["at"].drop_nulls()
    local = rows["written_at"].drop_nulls() if "written_at" in rows.columns else known.clear()
    times, clock = (known, wording.IN_ZONE) if known.len() else (local, f" {wording.ON_OWN_CLOCK}")
    if times.is_empty():
        return NO_CERTAIN_DAY if _begin_with_times(rows) else ", without times"
    first, last = (wording.instant(times.sort()[place]) for place in (0, -1))
    return f", at {first}{clock}" if first == last else f", from {first} to {last}{clock}"


def _begin_with_times(rows: pl.DataFrame) -> bool:
    """Tell whether lines of a log begin with times that no reader could place on a day."""
    return "message" in rows.columns and any(map(dated_line, rows["message"]))


def _downloads(facts: pl.DataFrame) -> str:
    """Return what is told of the downloads in a log of Delivery Optimization."""
    jobs = facts.filter(pl.col("section").str.starts_with(SECTION)).partition_by(
        "section", maintain_order=True
    )
    downloads = [_download(dict(job.select("name", "value").iter_rows())) for job in jobs]
    named = "; ".join(downloads[:MOST_DOWNLOADS])
    more = f"; and {wording.count(len(downloads) - MOST_DOWNLOADS, 'more download')}"
    return f"; {named}{more if len(downloads) > MOST_DOWNLOADS else ''}" if downloads else ""


def _download(fact: Mapping[str, str]) -> str:
    """Return one download: its file, size, mode and, where it is none of a success, its result."""
    name = fact.get("address", "").partition("?")[0].rpartition("/")[2] or "a file"
    size = f"{int(fact['bytes']):,} bytes" if "bytes" in fact else "size unknown"
    mode = f", mode {fact['mode']}" if "mode" in fact else ""
    result = fact.get("result", WELL)
    return f"download of {name} ({size}{mode}{'' if int(result, 16) == 0 else f', result {result}'})"


def _decided(lines: pl.DataFrame) -> str:
    """Return the merged settings of co-management, and what it says of the enrolment."""
    text = lines["message"]
    merged = text.str.extract_groups(SETTING).struct.unnest().drop_nulls()
    last = dict(merged.iter_rows())
    workloads = text.str.extract(WORKLOADS).drop_nulls()
    last |= {"workloads": workloads[-1]} if workloads.len() else {}
    settings = ", ".join(f"{name} {value}" for name, value in last.items())
    met = [words for words, sign in STATES if text.str.contains(sign).any()]
    states = met[-1:] if met[-1:] == [STATES[-1][0]] else met
    return "".join(f"; {words}" for words in (settings, *states) if words)


def _profile(facts: pl.DataFrame) -> str:
    """Return what a profile is called, whose it is and what it orders."""
    first = facts.filter(~pl.col("section").str.starts_with("object ")).with_columns(
        low=pl.col("name").str.to_lowercase()
    )
    rows = first.unique("low", keep="first", maintain_order=True).select("low", "value")
    value = {name: text.strip() for name, text in rows.iter_rows() if text and text.strip()}
    called = value.get("deploymentprofilename") or value.get("comment_file", "").removeprefix("Profile ")
    name = f'The Autopilot profile "{called}"' if called else "An Autopilot profile without a name"
    orders = [JOINS.get(value.get("cloudassigneddomainjoinmethod", ""), "")]
    orders += ["enrolment is forced"] if value.get(FORCED) == "1" else []
    value |= {OOBE: f"{value[OOBE]}{_bits(value[OOBE])}"} if OOBE in value else {}
    orders += [words.format(value[field]) for field, words in ORDERS if field in value]
    kept = ", ".join(filter(None, orders))
    return f"{name}{_tenant(value)}{f': {kept}' if kept else ''}. {ONLY_ORDERS}"


def _bits(number: str) -> str:
    """Return what the bits of an OOBE configuration ask for, in brackets; "" of what is no number of any."""
    asked = int(number) if re.fullmatch(r"[0-9]{1,9}", number) else 0
    meanings = dict(read_facts("oobe_bits").select("bit", "meaning").iter_rows())
    bits = [str(1 << place) for place in range(asked.bit_length()) if asked >> place & 1]
    words = "; ".join(meanings.get(bit, f"bit {bit} is not known here") for bit in bits)
    return f" ({words})" if words else ""


def _tenant(value: Mapping[str, str]) -> str:
    """Return the tenant of a profile by its domain and its id, as far as they are known."""
    domain, number = value.get("cloudassignedtenantdomain"), value.get("cloudassignedtenantid")
    if domain and number:
        return f" of {domain} (tenant {number})"
    return f" of {domain or f'tenant {number}'}" if domain or number else ""
