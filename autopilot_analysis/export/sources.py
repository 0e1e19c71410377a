"""Which known thing a file is, by its name and its first bytes together; the table is `facts/sources.csv`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

import polars as pl

from autopilot_analysis.codes.reported import reported_codes
from autopilot_analysis.export.magic import channel_of, kinds_of
from autopilot_analysis.export.names import plain_name
from autopilot_analysis.facts import read_facts
from autopilot_analysis.facts.agent_lines import BARE, apart_from_agent_lines
from autopilot_analysis.facts.asked_about import asked_about
from autopilot_analysis.facts.command_outputs import outputs_in
from autopilot_analysis.facts.dated_lines import in_runs, is_log
from autopilot_analysis.facts.dsregcmd_fields import written_alone
from autopilot_analysis.facts.error_records import error_texts, script_error
from autopilot_analysis.facts.event_texts import channel_quoted
from autopilot_analysis.facts.hand_lists import hand_list
from autopilot_analysis.facts.help_texts import is_guide
from autopilot_analysis.facts.import_states import any_import_state
from autopilot_analysis.facts.network_answers import any_network_answer
from autopilot_analysis.facts.own_words import begins_with_own
from autopilot_analysis.facts.pasted_outputs import holds_outputs
from autopilot_analysis.facts.quotes import quotes_in
from autopilot_analysis.facts.refused_calls import shows_refused_call
from autopilot_analysis.facts.refused_imports import shows_refused_import
from autopilot_analysis.facts.report_columns import shown_in_object, shown_in_table
from autopilot_analysis.facts.report_shapes import PREFACE, propose
from autopilot_analysis.facts.source_names import (
    COMMAND_OUTPUTS,
    EVENTS_OTHER,
    GRAPH_JSON,
    LISTED_OBJECTS,
    OWN_LOG,
    PAGE_STATUS,
)
from autopilot_analysis.patterns import late

UNKNOWN = "unknown"
SCREEN = "import_screen"
"""The source of what a script showed that imports devices, or of a request that was refused."""
OF_THE_SERVICE = (GRAPH_JSON, "report_csv", SCREEN)
"""Sources, and their readers by the same names, that the service exports of many devices."""
LEFTOVER = "system_leftover"
JOIN_STATE = "dsregcmd"
"""The source of a text that may hold pasted events as well; its reader reads both."""
QUOTES = "quotes"
"""The source of a text in which somebody wrote down what a page of setup or a window showed."""
TEXTS = (QUOTES, JOIN_STATE, PAGE_STATUS, COMMAND_OUTPUTS, LISTED_OBJECTS, SCREEN)
"""Sources that are texts which somebody pasted."""
_OF_THE_AGENT = "cmtrace"
"""The reader of logs of the Intune agent."""
_AGENT_LOG = re.compile(r"\(\^\|-\)([a-z0-9]+)\(-\[-0-9\]\*\)\?\\\.")
"""How facts/sources.csv writes the name of one log of the Intune agent: alone, or with a date behind it."""


def _agent_logs() -> str:
    """Return a pattern of the names of the agent's logs that have a row of their own."""
    shapes = read_facts("sources").filter(reader="cmtrace")["name_pattern"].drop_nulls()
    return "|".join(name[1] for shape in shapes if (name := _AGENT_LOG.fullmatch(shape)))


WORDS_OF: Mapping[str, Callable[[], str]] = {
    "<AGENT LINE>": lambda: BARE,
    "<AGENT LOG>": _agent_logs,
    "<DSREGCMD FIELD>": written_alone,
    "<IMPORT STATE>": any_import_state,
    "<NETWORK ANSWER>": any_network_answer,
    "<PREFACE>": lambda: PREFACE,
    "<CSV HEADER>": shown_in_table,
    "<JSON HEADER>": shown_in_object,
}
"""What stands in a pattern of facts/sources.csv for the words of another table."""
NAME_OF = re.compile(r"<NAME OF (\w+)>")
"""What stands in a pattern of a name for that of another source: what ends alike is written once."""
PASTED = frozenset({"text", "evtx"})
"""What the first bytes of a text with pasted events allow; a list or a saved log is a table or XML, too."""
PROSE = frozenset({"text", "csv"})
"""What the first bytes of a text allow that may quote messages; one comma may make a table of it."""


@dataclass(frozen=True)
class Source:
    """One row of `facts/sources.csv`: a known thing, and how it is told from others."""

    source: str
    title: str
    reader: str | None
    shows: str
    expected_in: frozenset[str]
    magic: frozenset[str]
    name: re.Pattern[str] | None
    content: re.Pattern[str] | None

    def named(self, plain: str, *, unread: bool) -> bool:
        """Tell whether a plain name fits; a name alone (`unread`) says event log only when it ends so."""
        no_log = "evtx" in self.magic and not plain.endswith(".evtx")
        if unread and (self.name is None or no_log or self.source == OWN_LOG):
            return False
        return self.name is None or self.name.search(plain) is not None

    @property
    def by_name_alone(self) -> bool:
        """Whether a text is this by its name alone, and nothing of it is looked at or read in its own way."""
        unread = self.reader in (None, OWN_LOG)
        return unread and self.content is None and "text" in self.magic

    def begins(self, kinds: frozenset[str], text: str | None) -> bool:
        """Tell whether the first bytes fit."""
        if not ("any" in self.magic or self.magic & kinds):
            return False
        return self.content is None or (text is not None and self.content.search(text) is not None)


@cache
def sources() -> tuple[Source, ...]:
    """Return every row of the table; the first that fits decides, and one source may have several rows."""
    return tuple(
        Source(
            source=row["source"],
            title=titles()[row["source"]],
            reader=None if row["reader"] == "none" else row["reader"],
            shows=shows()[row["source"]],
            expected_in=expected_in()[row["source"]],
            magic=frozenset(row["magic"].split()),
            name=_name(row["name_pattern"]) if row["name_pattern"] else None,
            content=_content(row["content_pattern"]) if row["content_pattern"] else None,
        )
        for row in read_facts("sources").iter_rows(named=True)
    )


def _name(pattern: str) -> re.Pattern[str]:
    """Return a pattern of names, with the pattern of another source that it names in its place."""
    return re.compile(NAME_OF.sub(lambda other: f"(?:{_shapes()[other[1]]})", pattern))


@cache
def _shapes() -> dict[str, str]:
    """Return the pattern of names of each source: of its first row that has one."""
    shapes = read_facts("sources").select("source", "name_pattern").drop_nulls()
    return dict(shapes.reverse().iter_rows())


def _content(pattern: str) -> re.Pattern[str]:
    """Return a pattern of the facts, with the words that other tables of facts list in their places."""
    for place, words in WORDS_OF.items():
        pattern = pattern.replace(place, words()) if place in pattern else pattern
    return late(pattern)


def classify(name: str, kinds: frozenset[str], text: str | None, *, by_name: bool = True) -> Source | None:
    """Return the known thing a file is, or None.

    An event log saved as XML or as a list has whatever name its saver chose: its first record names the
    channel, if any does. A text that is nothing else and quotes messages of events is one of their channel;
    one that quotes other errors is known by those, or by the output of commands; one whose lines begin with
    a time is a log. Beside lines of the Intune agent a text is what the rest of it shows, if that is known.

    Args:
        name: The file's own name, or what a manifest says it holds: a channel, a command line.
        kinds: What its first bytes allow, as `magic.kinds_of` says; {"empty"} for an empty file.
        text: Its beginning as text, None when it is none.
        by_name: Whether a name such as error.log is enough. What a device wrote itself has such names from
            its programs, whose logs quote what they met; what people save has one they chose, and is first
            of all what it shows.
    """
    if kinds == PASTED and (state := _join_state(kinds, text)) is not None:
        return state
    whole = _as_a_whole(name, kinds, text, by_name=by_name)
    if whole is None or whole.reader != _OF_THE_AGENT or text is None:
        return whole
    parts = apart_from_agent_lines(text)
    return whole if parts is None else _of_pasted(parts.rest) or whole


def _of_pasted(text: str) -> Source | None:
    """Return the source of what somebody pasted or told, None for a text of any other kind."""
    kinds = kinds_of(text.encode())
    source = classify("", kinds, text, by_name=False) if kinds <= PROSE | PASTED else None
    pasted = source is not None and (source.source in TEXTS or "evtx" in source.magic)
    return source if pasted else None


def _as_a_whole(name: str, kinds: frozenset[str], text: str | None, *, by_name: bool) -> Source | None:
    """Return the known thing that a file is, whatever lines of the agent stand in it."""
    saved = channel_of(text) if text is not None and "evtx" in kinds else None
    plain, empty = plain_name(name if saved is None else saved), "empty" in kinds
    named = None
    for source in sources():
        if source.named(plain, unread=empty) and (empty or source.begins(kinds, text)):
            if by_name or empty or not source.by_name_alone:
                return source
            named = named or source
    return (None if text is None else _shown_in(kinds, text)) or named


def _shown_in(kinds: frozenset[str], text: str) -> Source | None:
    """Return the known thing that a text of no other form shows, None for nothing."""
    if "csv" in kinds and (begins_with_own(text) or hand_list(text) or propose(text)):
        return next(source for source in sources() if source.reader == "report_csv")
    if not kinds <= PROSE:
        return _of_page_status(text) or _of_calls(text) if "json" in kinds else None
    quoted = channel_quoted(text)
    if quoted is not None:
        return _log_of(quoted)
    shown = _of_quotes(text) or _of_commands(text) or _of_page_status(text)
    return shown or _of_reported_codes(kinds, text) or _of_calls(text) or _of_own_log(text)


def _of_own_log(text: str) -> Source | None:
    """Return the source of logs of no known kind where a text is one, or quotes one or a script's error."""
    own = next(source for source in sources() if source.source == OWN_LOG)
    lines = text.splitlines()
    of_a_script = any(map(script_error, error_texts(lines))) and not is_guide(text)
    quoted = of_a_script or any(in_runs(lines))
    return own if is_log(lines) or quoted else None


def _of_quotes(text: str) -> Source | None:
    """Return the source of texts that quote errors of setup or of scripts, or ask; None for any other."""
    lines = text.splitlines()
    if not quotes_in(lines) and next(asked_about(lines), None) is None:
        return None
    return next(source for source in sources() if source.source == QUOTES)


def _of_page_status(text: str) -> Source | None:
    """Return the source of what the status page wrote of its parts, as JSON of its own or in a text."""
    page = next(source for source in sources() if source.source == PAGE_STATUS)
    return page if page.content is not None and page.content.search(text) else None


def _of_reported_codes(kinds: frozenset[str], text: str) -> Source | None:
    """Return the source of texts that report codes in plain words, None for any other; a table is none."""
    if "csv" in kinds or not reported_codes(text.splitlines()):
        return None
    return next(source for source in sources() if source.source == QUOTES)


def _of_calls(text: str) -> Source | None:
    """Return the source of texts about a refused request to Graph or a refused import, None for any other."""
    lines = text.splitlines()
    if not shows_refused_call(lines) and not shows_refused_import(lines):
        return None
    return next(source for source in sources() if source.source == SCREEN)


def _of_commands(text: str) -> Source | None:
    """Return the source of texts with output of commands, None for any other."""
    lines = text.splitlines()
    if next(outputs_in(lines), None) is None and not holds_outputs(lines):
        return None
    return next(source for source in sources() if source.source == COMMAND_OUTPUTS)


def _join_state(kinds: frozenset[str], text: str | None) -> Source | None:
    """Return the source of a join state where a text shows one, whatever its name."""
    shown = (source for source in sources() if source.source == JOIN_STATE and source.name is None)
    return next((source for source in shown if source.begins(kinds, text)), None)


def log_of_channel(channel: str) -> str | None:
    """Return the source that the event log of a channel is, None where it is none of the known ones.

    Args:
        channel: As an event names it.
    """
    log = _log_of(channel)
    return None if log is None or log.source == EVENTS_OTHER else log.source


@cache
def _log_of(channel: str) -> Source | None:
    """Return the event log of a channel, None where none is known."""
    logs = (source for source in sources() if "evtx" in source.magic)
    return next((log for log in logs if log.named(plain_name(channel), unread=False)), None)


def named_like(name: str) -> Source | None:
    """Return the known thing a file's name promises, whatever it holds."""
    plain = plain_name(name)
    return next((source for source in sources() if source.named(plain, unread=True)), None)


@cache
def reader_of(source: str) -> str | None:
    """Return the key of the reader of a source, None for one that is only listed."""
    return next((row.reader for row in sources() if row.source == source), None)


@cache
def first_rows() -> pl.DataFrame:
    """Return the row that says all of a source; any other row of it is one more way to know it by."""
    return read_facts("sources").unique("source", keep="first", maintain_order=True)


@cache
def titles() -> dict[str, str]:
    """Return the name of each source in words."""
    return dict(first_rows().select("source", "title").iter_rows())


@cache
def shows() -> dict[str, str]:
    """Return what each source can prove."""
    return dict(first_rows().select("source", "shows").iter_rows())


@cache
def expected_in() -> dict[str, frozenset[str]]:
    """Return the kinds of capture that hold each source, none for one that is never expected."""
    cells = first_rows().select("source", pl.col("expected_in").fill_null(""))
    return {source: frozenset(filter(None, cell.split(","))) for source, cell in cells.iter_rows()}


def title_of(source: str) -> str:
    """Return a source's name in words."""
    return titles().get(source, source)
