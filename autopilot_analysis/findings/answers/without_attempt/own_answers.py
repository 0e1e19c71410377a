"""What a few files that tell of no attempt answer by themselves: apps left alone, issues put right, a page.

Words stand in facts/own_answers.csv. Beside a failure, or an error that nothing explains, nothing is said.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any, NamedTuple

import polars as pl

from autopilot_analysis import quoting, wording
from autopilot_analysis.facts import read_facts
from autopilot_analysis.facts.addresses import address_of
from autopilot_analysis.findings.answers.answer import Line
from autopilot_analysis.findings.answers.proofs import proofs_of
from autopilot_analysis.findings.answers.without_attempt.holdings import MOST_FILES
from autopilot_analysis.findings.answers.without_attempt.log_ends import good_end
from autopilot_analysis.findings.answers.without_attempt.screen_words import shown_items
from autopilot_analysis.findings.answers.without_attempt.unknown_errors import harmless, unexplained
from autopilot_analysis.findings.looking import RECORD, low_registry, with_value
from autopilot_analysis.findings.rules.domain_join import DOMAIN, WORKGROUP, joins_ended
from autopilot_analysis.tables import Findings, Tables, Trace
from autopilot_analysis.tables.items import CALLED
from autopilot_analysis.tables.outcomes import ENDED_WELL, FAILED_TRIES
from autopilot_analysis.tables.story import APPS
from autopilot_analysis.tables.verdict import INFO
from autopilot_analysis.trace.installs.agent.scripts import OF
from autopilot_analysis.trace.installs.agent.untried import NOT_APPLICABLE
from autopilot_analysis.trace.page_off import OFF

REQUIREMENT = "requirement"
"""The kind of an item that is the script of a requirement rule."""
MOST_ANSWERS = 3
"""So many answers are given; the others stand in the tables."""
MOST_NAMES = 3
"""So many apps are named where several stand in one line."""
FINISHED = {
    "issyncdone": {"1"},
    "wasdevicesuccessfullyprovisioned": {"1"},
    "serverhasfinishedprovisioning": {"1", "4294967295"},
}
"""Values of the first sync that say that it is done, and went well."""
USERS_PAGE = "skipuserstatuspage"
PAGE_COUNTS = r"DevicePrepPage_(\w+)"
"""What the page of device preparation calls its own records."""
COUNTS_ON = "^Progress"
REACHED = r"at (\d{1,3}) percent with (\d{1,9}) ms"
STORED_ID = r'("{1,2}ApplicationId"{1,2}: ?"{1,2}[0-9a-fA-F-]{36}"{1,2})'
STORED_FOUND = r'("{1,2}DetectionState"{1,2}: ?\d)'
"""What decides in the long record of what the agent stored of an app."""
AFTER_FAILURES = "after failures"
UNKNOWN = "unknown"
"""How facts/own_answers.csv calls a join after failures, and one of which no line says to what."""
GROUP = r"^NetpJoinWorkgroup: joining computer .{1,80} to workgroup '([^']{1,64})'"
NO_ERROR = r'errorCode\\*"\s*:\s*0\b'


class OwnAnswer(NamedTuple):
    """One answer with what it means, what to do, and the records that say so."""

    statement: str
    names: tuple[str, ...]
    meaning: str
    remedy: str
    page: str
    proofs: tuple[Line, ...]
    rule: str = ""
    """The rule of the finding that it tells, which is no further one then."""

    def lines(self) -> Iterator[Line]:
        """Yield the answer as a sentence, with the names that it counts."""
        named = f": {wording.listed(self.names, MOST_NAMES)}" if len(self.names) > 1 else ""
        text = f"{self.statement}{named}"
        yield Line(wording.sentence(wording.capital(text)))

    def to_do(self) -> Iterator[Line]:
        """Yield what mends it, where there is anything to mend."""
        if self.remedy:
            yield Line(wording.sentence(self.remedy), "remedy", self.page, address_of(self.page))


def own_answers(tables: Tables, trace: Trace, findings: Findings, device: str) -> list[OwnAnswer]:
    """Return what a few files answer by themselves; nothing beside a dated attempt or a failure.

    Args:
        tables: What `read_tables` returned.
        trace: What `build_trace` returned.
        findings: What `find` returned.
        device: Its key.
    """
    own = pl.col("device") == device
    attempts = trace.attempts.filter(own)
    if tables.members.filter(own).height > MOST_FILES or attempts.height > nothing_known_of(attempts).height:
        return []
    installs = trace.installs.filter(own)
    loud = findings.findings.filter(own, pl.col("severity") != INFO)
    failed = installs.filter(pl.col("outcome").cast(pl.String).is_in(FAILED_TRIES))
    if loud.height or failed.height:
        return []
    errors = unexplained(tables, trace, findings, device)
    if errors.height:
        return []
    of_device = tables.of_device(device)
    given = _Given(of_device, trace.marks.filter(own), installs, findings.of_device(device))
    facts = read_facts("own_answers").iter_rows(named=True)
    found = [answer for fact in facts for answer in KINDS[fact["answer"]](given, fact)]
    if found or installs.height or good_end(of_device, device, errors):
        return found[:MOST_ANSWERS]
    return list(_harmless(of_device, device))


def _harmless(tables: Tables, device: str) -> Iterator[OwnAnswer]:
    """Yield how many error records were read that do no harm, and why they do none."""
    known = harmless(tables, device)
    if known.is_empty():
        return
    count = wording.count(known.height, "known and harmless error record")
    statement = f"no error was read but {count}"
    reasons = known["reason"].unique(maintain_order=True).to_list()
    meaning = wording.sentence(wording.capital("; ".join(reasons)))
    yield OwnAnswer(statement, (), meaning, "", "", _proofs(known))


def nothing_known_of(attempts: pl.DataFrame) -> pl.DataFrame:
    """Return the attempts of which only a registry tells, neither when they ran nor what they came to.

    Args:
        attempts: Rows of `attempts`.
    """
    undated = pl.all_horizontal(pl.col("started_at", "ended_at").is_null())
    return attempts.filter(undated, pl.col("outcome") == "unknown")


class _Given(NamedTuple):
    """What was read of one device."""

    tables: Tables
    marks: pl.DataFrame
    installs: pl.DataFrame
    findings: Findings


def _answer(fact: Mapping[str, Any], rows: pl.DataFrame, names: list[str], **words: str) -> OwnAnswer:
    """Return an answer in the words of a fact; `rows` are the records that prove it, with their quote."""
    form = fact["one"] if len(names) < 2 else fact["several"]
    statement = form.format(name=names[0] if names else "", number=f"{len(names):,}", **words)
    return OwnAnswer(
        statement,
        tuple(names),
        fact["meaning"],
        fact["remedy"] or "",
        fact["page"] or "",
        _proofs(rows),
    )


def _proofs(rows: pl.DataFrame) -> tuple[Line, ...]:
    """Return the first few records, with their quote, as proofs."""
    return tuple(
        Line(quoting.fields(quote), "proof", wording.place_of(member, record))
        for member, record, quote in rows.head(MOST_NAMES).select("member", "record", "quote").iter_rows()
    )


def _of_tries(
    given: _Given, fact: Mapping[str, Any], tries: pl.DataFrame, **words: str
) -> Iterator[OwnAnswer]:
    """Yield the answer on tries of items, proven by the lines of their logs that say what came of each."""
    if tries.is_empty():
        return
    lines = given.tables.log_lines.select(*RECORD, quote="message")
    decided = lines.filter(
        pl.col("member").is_in(tries["member"].implode()),
        pl.col("quote").str.contains(fact["quote"]),
        pl.col("quote").str.contains_any(tries["item"].to_list(), ascii_case_insensitive=True),
    )
    own = lines.join(tries, on=RECORD, how="semi").with_columns(quote=_decided_by())
    yield _answer(fact, decided if decided.height else own, tries["called"].to_list(), **words)


def _decided_by() -> pl.Expr:
    """Return of what the agent stored of an app its id and what detection found; any other line as it is."""
    app, found = pl.col("quote").str.extract(STORED_ID), pl.col("quote").str.extract(STORED_FOUND)
    return pl.coalesce(pl.format("ReportingState: {} … {}", app, found), "quote")


def _last_tries(given: _Given, kinds: list[str]) -> pl.DataFrame:
    """Return the last try of each item of some kinds, with what it is called."""
    tries = given.installs.filter(pl.col("kind").cast(pl.String).is_in(kinds))
    last = tries.group_by("item", maintain_order=True).last()
    return last.with_columns(called=CALLED)


def _skipped(given: _Given, fact: Mapping[str, Any]) -> Iterator[OwnAnswer]:
    """Yield the apps that were left alone for one kind of reason, none whose requirement script failed."""
    apps = _last_tries(given, list(APPS)).filter(
        pl.col("outcome") == "skipped", pl.col("reason").fill_null("").str.contains(fact["sign"])
    )
    broke = pl.col("detail").str.json_path_match("$.error").fill_null("") != ""
    of_scripts = given.installs.filter(
        pl.col("kind") == REQUIREMENT, (pl.col("outcome") != "succeeded") | broke
    )
    unclear = of_scripts.select(item=pl.col("item").str.strip_prefix(f"{REQUIREMENT}{OF}"))
    rows = apps.join(unclear, on="item", how="anti", maintain_order="left")
    for (reason,), of_reason in rows.group_by("reason", maintain_order=True):
        yield from _of_tries(given, fact, of_reason, reason=_in_words(str(reason)))


def _in_place(given: _Given, fact: Mapping[str, Any]) -> Iterator[OwnAnswer]:
    """Yield the apps that the agent finds on the device, where it is so of every app that was read of."""
    apps = _last_tries(given, list(APPS))
    if apps["reason"].fill_null("").str.contains(fact["sign"]).all():
        yield from _of_tries(given, fact, apps)


def _finding(given: _Given, fact: Mapping[str, Any]) -> Iterator[OwnAnswer]:
    """Yield a finding that asks for nothing on the device, in its own words."""
    for row in given.findings.findings.filter(pl.col("rule") == fact["sign"]).iter_rows(named=True):
        words = {name: row[name] for name in ("meaning", "remedy", "page")}
        names = (row["item"] or "an app").split(", ")
        yield _answer({**fact, **words}, proofs_of(row, given.findings.evidence), names)._replace(
            rule=fact["sign"]
        )


def _in_words(reason: str) -> str:
    return "the agent calls it not applicable" if reason == NOT_APPLICABLE else reason


def _joined(given: _Given, fact: Mapping[str, Any]) -> Iterator[OwnAnswer]:
    """Yield that the last join went well: to which workgroup, or to a domain after how many failures."""
    ends = joins_ended(given.tables).with_columns(quote="message")
    last = ends.tail(1)
    if last.is_empty() or last["status"][0] != 0:
        return
    failed = ends.filter(pl.col("status") != 0)
    joined = last["joined"][0] or UNKNOWN
    if fact["sign"] != (AFTER_FAILURES if failed.height and joined == DOMAIN else joined):
        return
    codes = ", ".join(f"0x{status:x}" for status in failed["status"].unique(maintain_order=True))
    tries = wording.count(failed.height, "try", "tries")
    named = given.tables.log_lines.with_columns(quote="message", group=pl.col("message").str.extract(GROUP))
    put = named.drop_nulls("group").tail(1 if joined == WORKGROUP else 0)
    group = "".join(f" {name}" for name in put["group"])
    proofs = pl.concat([rows.select(*RECORD, "quote") for rows in (last, put, failed)])
    yield _answer(fact, proofs, [], before=f"{tries} that had failed ({codes})", group=group)


def _put_right(given: _Given, fact: Mapping[str, Any]) -> Iterator[OwnAnswer]:
    """Yield the remediations whose issue was found, and found no more after the fix."""
    fixed = _last_tries(given, ["remediation"]).filter(
        ~pl.col("detected_before"), pl.col("detected_after"), pl.col("outcome") == "succeeded"
    )
    yield from _of_tries(given, fact, fixed)


def _compliant(given: _Given, fact: Mapping[str, Any]) -> Iterator[OwnAnswer]:
    """Yield the remediations that found nothing to put right."""
    well = _last_tries(given, ["remediation"]).filter(
        pl.col("outcome") == "succeeded", pl.col("reason").fill_null("").str.contains(fact["sign"])
    )
    yield from _of_tries(given, fact, well)


def _found(given: _Given, fact: Mapping[str, Any]) -> Iterator[OwnAnswer]:
    """Yield the remediations that found their issue and whose fix was not seen to begin."""
    begun = pl.col("detail").fill_null("").str.contains('"part": "remediate"', literal=True)
    found = _last_tries(given, ["remediation"]).filter(
        ~pl.col("detected_before"), pl.col("outcome") == "unfinished", ~begun
    )
    yield from _of_tries(given, fact, found)


def _mark(given: _Given, fact: Mapping[str, Any]) -> Iterator[OwnAnswer]:
    """Yield what the last mark of the profile's download says, where it is the one of the fact."""
    marks = given.marks.filter(pl.col("stage") == "profile_download")
    last = marks.sort("at", "record", nulls_last=False, maintain_order=True).tail(1)
    if last.height and last["mark"][0] == fact["sign"]:
        yield _answer(fact, last.with_columns(quote=pl.col("detail").fill_null("")), [])


def _first_sync(given: _Given, fact: Mapping[str, Any]) -> Iterator[OwnAnswer]:
    """Yield that a first sync is done, of device or user, where every app that the page tracks came."""
    values = with_value(low_registry(given.tables).filter(pl.col("low_key").str.contains(fact["sign"])))
    apps = given.installs.filter(pl.col("blocking").fill_null(value=False))
    if not apps["outcome"].cast(pl.String).is_in(ENDED_WELL).all():
        return
    for _, own in values.group_by("low_key", maintain_order=True):
        state = dict(own.select("low_name", pl.col("value").fill_null("")).iter_rows())
        if not all(state.get(name, "").lower() in good for name, good in FINISHED.items()):
            continue
        came = apps.filter(pl.col("outcome") == "succeeded").height
        listed = f", with {wording.count(came, 'app')} that it waited for" if came else ""
        off = "; the page of the user is off by policy" if state.get(USERS_PAGE, "").lower() in OFF else ""
        rows = own.filter(pl.col("low_name").is_in([*FINISHED])).with_columns(quote="detail")
        yield _answer(fact, rows, [], apps=listed, user=off)


def _preparation_page(given: _Given, fact: Mapping[str, Any]) -> Iterator[OwnAnswer]:
    """Yield how far the page of device preparation had come, where its last record counts on."""
    records = given.tables.events.with_columns(
        quote=pl.col("data").fill_null(""), step=pl.col("data").str.extract(PAGE_COUNTS)
    ).drop_nulls("step")
    last = records.sort("at", "record", nulls_last=False, maintain_order=True).tail(1)
    counts_on = last.filter(pl.col("step").str.contains(COUNTS_ON), pl.col("quote").str.contains(NO_ERROR))
    reached = re.search(REACHED, counts_on["quote"][0]) if counts_on.height else None
    if reached:
        span = wording.span(timedelta(milliseconds=int(reached[2])))
        yield _answer(fact, last, [], percent=wording.percent(int(reached[1]) / 100, 0), span=span)


def _screen(given: _Given, fact: Mapping[str, Any]) -> Iterator[OwnAnswer]:
    """Yield what the screen of Get-AutopilotDiagnostics shows as done, as not done, and as its own error."""
    shown = shown_items(given.tables, given.installs)
    if shown is None:
        return
    what = "waiting" if shown.waiting else "done" if shown.done else ""
    if fact["sign"] != " ".join(filter(None, ("error" if shown.error else "", what))):
        return
    meaning = fact["meaning"].format(place=shown.error, done=shown.done or "nothing")
    words = {**fact, "meaning": f"{meaning} {shown.late}".rstrip()}
    yield _answer(words, shown.proofs, shown.names, done=shown.done, waiting=shown.waiting)


KINDS: Mapping[str, Callable[[_Given, Mapping[str, Any]], Iterator[OwnAnswer]]] = {
    "skipped": _skipped,
    "in_place": _in_place,
    "finding": _finding,
    "joined": _joined,
    "put_right": _put_right,
    "compliant": _compliant,
    "found": _found,
    "mark": _mark,
    "first_sync": _first_sync,
    "preparation_page": _preparation_page,
    "screen": _screen,
}
"""How each kind of answer of facts/own_answers.csv is found."""
