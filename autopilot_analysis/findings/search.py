"""The search: run every rule, add its words, tell causes from consequences, sort by weight."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.codes import Code
from autopilot_analysis.errors import BadInput
from autopilot_analysis.facts.quote_groups import PAGE
from autopilot_analysis.facts.quotes import kinds
from autopilot_analysis.findings.looking import RECORD, on_own_clock, once
from autopilot_analysis.findings.meaning import Known, causes_in_words, explain_where_it_stands, spell
from autopilot_analysis.findings.relations import explained_codes, explanations, implications
from autopilot_analysis.findings.rule import NEEDS, PROOF, RULES, SCENARIO_OF, RuleFunction, no_proof
from autopilot_analysis.findings.signs.needs import can_hold, look
from autopilot_analysis.findings.words import NOT_STATED, words
from autopilot_analysis.readers.trace_log.twins import without_twins
from autopilot_analysis.tables import ROLES, SEVERITIES, STAGES, Evidence, Finding, Findings, Tables, Trace
from autopilot_analysis.tables.items import itself
from autopilot_analysis.tables.typed import checked, empty, typed
from autopilot_analysis.tables.verdict import CAUSE, CONSEQUENCE, CONTEXT, INFO
from autopilot_analysis.trace.screens.marks import QUOTE

KEY = ["device", "rule", "code", "item"]
LONGEST_QUOTE = QUOTE
"""Characters of a record that its proof keeps, as many as a mark does."""
FALLBACK = "STAGE-FAILED"
WAITED_FOR = "ESP-WAITED-FOR"
REPEATING = "^(?:KNOWN|CHECK)-"
"""Families of facts that a code alone may point at."""
ALIKE_APART = 3
"""So many loud findings that differ in their item alone stay apart."""
LISTED = 10
"""So many items a folded finding names."""
UNDATED = 0.8
"""What is left of a confidence where no record dates what is put down to an attempt."""
UNDATED_WORDS = "That it belongs to this attempt is inferred from its place, for want of a date."
LOCAL_WORDS = (
    "Its records carry the device's own time without a zone: that it belongs to this attempt is inferred "
    "from its place."
)
ANY_ATTEMPT = 2**31
"""Stands in the order for a finding of several attempts or of none: it comes before those of one."""
OF_A_CODE, NO_FAMILY = ("REPORTED-", "BARE-CODE"), ("", "HRESULT")
"""How rules begin whose findings rest on a code alone, and the families that say nothing of a code."""
OF_STAGE = "stage"
"""Marks a rule in facts/rules.csv whose remedy gives way to that of a code only where it is of the stage."""
OF_WINGET = "WinGet"
"""The family of codes that are winget's own, also where a script calls it."""
ITEM = "{item}"
"""Stands in a remedy for what the finding is about."""
NOT_TRIED = [CONTEXT]
"""Roles whose titles do not count attempts."""


def _proofs(tables: Tables, trace: Trace, rules: Mapping[str, RuleFunction]) -> pl.DataFrame:
    """Run every rule that can hold; its rows carry its id, or the id of the family's member they prove."""
    there = look(tables, trace)
    proofs = {
        name: _rows_of(name, run(tables, trace))
        for name, run in sorted(rules.items())
        if can_hold(NEEDS.get(run, ""), there)
    }
    frames = [
        rows.with_columns(rule=pl.col("rule").fill_null(name)) for name, rows in proofs.items() if rows.height
    ]
    found = pl.concat(frames) if frames else no_proof()
    quoted = found.filter(pl.col("member").is_not_null()).with_columns(
        quote=pl.col("quote").fill_null("").str.slice(0, LONGEST_QUOTE)
    )
    return _with_code_of_kin(_claiming_no_zone(quoted.unique(maintain_order=True), tables))


def _claiming_no_zone(proofs: pl.DataFrame, tables: Tables) -> pl.DataFrame:
    """Return proofs in which the times of what each is about claim no zone where nothing tells it."""
    own = on_own_clock(tables.events)
    if own.is_empty():
        return proofs
    bare = pl.col("item").str.replace_all(wording.IN_ZONE, "", literal=True)
    as_written = pl.col("device").is_in(own.implode())
    return proofs.with_columns(item=pl.when(as_written).then(bare).otherwise("item"))


def _rows_of(name: str, answer: object) -> pl.DataFrame:
    """Return what a rule answered, if it is rows of proofs.

    Raises:
        BadInput: It is something else.
    """
    if isinstance(answer, pl.DataFrame) and (answer.is_empty() or answer.columns == list(PROOF)):
        return answer
    what = "rows with other columns" if isinstance(answer, pl.DataFrame) else type(answer).__name__
    raise BadInput(f"rule {name} returned {what}; return what proof(rows) gives")


def _with_code_of_kin(proofs: pl.DataFrame) -> pl.DataFrame:
    """Give a proof without a code the code of its kin (same rule, same item): they are one finding."""
    kin = (
        proofs.filter(pl.col("code").is_not_null())
        .group_by("device", "rule", "item", maintain_order=True)
        .agg(kin_code=pl.col("code").first())
    )
    joined = proofs.join(kin, on=["device", "rule", "item"], how="left", nulls_equal=True)
    return joined.with_columns(code=pl.coalesce("code", "kin_code")).drop("kin_code")


def _grouped(proofs: pl.DataFrame) -> pl.DataFrame:
    """One finding for equal proofs: four equal refusals are one finding of four attempts."""
    rank, attempt = pl.col("severity").cast(pl.Enum(SEVERITIES)), pl.col("attempt")
    ranked = proofs.with_columns(severity=rank).sort("at", nulls_last=True, maintain_order=True)
    quotes = pl.col("quote").unique(maintain_order=True).str.join("\n")
    return ranked.group_by(KEY, maintain_order=True).agg(
        at=pl.col("at").min(),
        own_severity=pl.col("severity").min(),
        own_stage=pl.col("stage").drop_nulls().first(),
        first_attempt=attempt.min(),
        last_attempt=attempt.max(),
        attempts=attempt.drop_nulls().n_unique(),
        all_attempts=attempt.drop_nulls().unique().sort(),
        quotes=quotes,
    )


def _explained(found: pl.DataFrame) -> pl.DataFrame:
    """Mark a finding as a consequence where a rule that explains it fired on the same device and attempt.

    A rule explains another by its id, or whatever has a code.
    """
    by_rule = found.join(explanations(), left_on="rule", right_on="consequence")
    by_code = found.join(explained_codes().with_columns(same_item=pl.lit(None, pl.String)), on="code")
    pairs = pl.concat([by_rule, by_code.filter(pl.col("rule") != pl.col("cause"))], how="diagonal")
    causes = found.filter(pl.col("severity") != INFO).select(
        "device", cause="rule", cause_attempts="all_attempts", cause_item="item"
    )
    attempts, of_cause = pl.col("all_attempts").list, pl.col("cause_attempts").list
    met = (
        attempts.set_intersection("cause_attempts").list.len().gt(0)
        | attempts.len().eq(0)
        | of_cause.len().eq(0)
    )
    same_item = pl.col("same_item").is_null() | itself().eq_missing(itself("cause_item"))
    explained = (
        pairs.join(causes, on=["device", "cause"])
        .filter(met, same_item)
        .select(*KEY)
        .unique()
        .with_columns(explained=True)
    )
    return found.join(explained, on=KEY, how="left", nulls_equal=True).with_columns(
        role=pl.when(pl.col("severity") == INFO)
        .then(pl.lit(CONTEXT))
        .when(pl.col("explained").fill_null(value=False))
        .then(pl.lit(CONSEQUENCE))
        .otherwise("default_role")
        .cast(pl.Enum(ROLES))
    )


def _without_covered(found: pl.DataFrame) -> pl.DataFrame:
    """Drop what others say better: a bare failed stage, and what was waited for where a cause is known.

    Where no cause is known, what was waited for says more than a failed stage without a code, and takes its
    place.
    """
    loud = found.filter(pl.col("severity") != INFO)
    others = loud.filter(~pl.col("rule").is_in([FALLBACK, WAITED_FOR]))
    better = {
        FALLBACK: others.filter(pl.col("role") != CONTEXT),
        WAITED_FOR: others.filter(pl.col("role") == CAUSE),
    }
    bare = found.filter(pl.col("rule") == FALLBACK, pl.col("code").is_null())
    waited = loud.filter(pl.col("rule") == WAITED_FOR)
    in_its_place = _covered(waited, bare).unique().with_columns(leads=True)
    covered = [_covered(found.filter(pl.col("rule") == name), by) for name, by in better.items()]
    left = found.join(pl.concat([*covered, _covered(bare, waited)]), on=KEY, how="anti", nulls_equal=True)
    leads = pl.col("leads").fill_null(value=False)
    return left.join(in_its_place, on=KEY, how="left", nulls_equal=True).with_columns(
        role=pl.when(leads).then(pl.lit(CONSEQUENCE, dtype=pl.Enum(ROLES))).otherwise("role")
    )


def _covered(found: pl.DataFrame, by: pl.DataFrame) -> pl.DataFrame:
    """Return the keys of findings that share an attempt of their device with others."""
    if found.is_empty() or by.is_empty():
        return found.select(KEY).clear()
    beside = found.join(by.select("device", other="all_attempts"), on="device")
    return beside.filter(pl.col("all_attempts").list.set_intersection("other").list.len() > 0).select(KEY)


def _not_implied(found: pl.DataFrame) -> pl.DataFrame:
    """Drop findings that another on the same device and attempts already implies (facts/implies.csv).

    One that no attempt is known of implies what is quiet: a fact of the device is none of its attempts alone.
    """
    pairs = implications()
    saying = found.select("device", "rule", by_item="item", by_attempts="all_attempts").join(pairs, on="rule")
    implied = (
        found.join(saying.drop("rule"), left_on=["device", "rule"], right_on=["device", "implied"])
        .filter(
            pl.col("same_item").is_null() | itself().eq_missing(itself("by_item")),
            (pl.col("all_attempts").list.set_difference("by_attempts").list.len() == 0)
            | ((pl.col("by_attempts").list.len() == 0) & (pl.col("severity") == INFO)),
        )
        .select(KEY)
        .unique()
    )
    return found.join(implied, on=KEY, how="anti", nulls_equal=True)


def _behind_records(found: pl.DataFrame) -> pl.DataFrame:
    """Drop the page that somebody wrote down where a record of the device tells a cause with the same code.

    The record says which step the code belongs to; on paper several steps have the same.
    """
    of_page = pl.col("rule").is_in(_of_pages()) & pl.col("code").is_not_null()
    if not found.select(of_page.any()).item():
        return found
    loud = pl.col("severity") != INFO, pl.col("role") == CAUSE, ~pl.col("rule").str.contains(REPEATING)
    recorded = found.filter(~pl.col("rule").is_in(_of_pages()), *loud).select("device", "code").drop_nulls()
    pages = found.filter(of_page).join(recorded.unique(), on=["device", "code"]).select(KEY)
    return found.join(pages, on=KEY, how="anti", nulls_equal=True, maintain_order="left")


@cache
def _of_pages() -> list[str]:
    return sorted({kind.rule for kind in kinds() if kind.group == PAGE and kind.rule})


def _repeating_no_cause(found: pl.DataFrame) -> pl.DataFrame:
    """Quieten context that has nothing but the code of a cause of its attempts: one fact is one finding.

    A known issue or a configuration to check that the same code points at stays, at `info`.
    """
    causes = found.filter(pl.col("role") == CAUSE, pl.col("code").is_not_null())
    context = found.filter(pl.col("role") == CONTEXT, pl.col("rule").str.contains(REPEATING))
    beside = context.join(causes.select("device", "code", other="all_attempts"), on=["device", "code"])
    same = beside.filter(pl.col("all_attempts").list.set_difference("other").list.len() == 0)
    quiet = same.select(KEY).unique().with_columns(repeats=True)
    info = pl.lit("info", dtype=pl.Enum(SEVERITIES))
    return found.join(quiet, on=KEY, how="left", nulls_equal=True).with_columns(
        severity=pl.when(pl.col("repeats").fill_null(value=False)).then(info).otherwise("severity")
    )


def _folded(found: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Fold findings that differ in their item alone into one with a count; and say whose proofs it holds.

    Few loud ones stay apart: each of them is a thing to mend.
    """
    alike = ["device", "rule", "code", "severity", "role", "attempts", "first_attempt"]
    named = pl.col("item").is_not_null()
    counted = found.with_columns(many=pl.len().over(alike), row=pl.int_range(pl.len()))
    most = pl.when(pl.col("severity") == INFO).then(1).otherwise(ALIKE_APART)
    fold = named & (pl.col("many") > most)
    keyed = counted.with_columns(first=pl.when(fold).then(pl.col("row").min().over(alike)).otherwise("row"))
    items = keyed.group_by("first", maintain_order=True).agg(
        pl.col("at").min(), items=pl.col("item").drop_nulls(), own=pl.col("item").first()
    )
    count = pl.col("items").list.len()
    listed = pl.concat_str(
        count, pl.lit(" of them: "), pl.col("items").list.head(LISTED).list.join(", "),
        pl.when(count > LISTED).then(pl.lit(" and others")).otherwise(pl.lit("")),
    )  # fmt: skip
    items = items.select("first", "at", item=pl.when(count > 1).then(listed).otherwise("own"))
    whole = keyed.filter(pl.col("row") == pl.col("first")).drop("at", "item").join(items, on="first")
    return whole, keyed.select(*KEY, "first")


def _title(row: Mapping[str, object]) -> str:
    """Return the rule's title with its item, its code and how many attempts it covers."""
    about = f": {row['item']}" if row["item"] else ""
    code = f" ({row['code']})" if row["code"] else ""
    tries = int(str(row["attempts"]))
    many = wording.counted_attempts(tries) if row["default_role"] not in NOT_TRIED else ""
    return f"{row['title']}{about}{code}{many}"


def _spelt(named: str, code: Code) -> str:
    """Return a code as it is read out, with the program whose own it is: behind one number stands another."""
    whose = f"{code.code}, winget" if code.code != named else "winget"
    return f"{spell(named)} ({whose})" if code.family == OF_WINGET else spell(named)


def _unlisted(code: Code) -> str:
    """Return the sentence about a code that no table knows, with what codes that begin like it are of."""
    family = f"; codes that begin like it are of {code.family}" if code.family not in NO_FAMILY else ""
    return f"What {code.code} means is not listed here{family}."


def _sentence(text: str | None) -> str:
    return "" if not text else text if text.endswith(".") else f"{text}."


def _gives_way(row: Mapping[str, object], code: Code | None) -> bool:
    """Tell whether a rule's remedy gives way to the code's: always, or where the code's fits the stage."""
    return bool(row["generic"]) and (
        row["generic"] != OF_STAGE or (code is not None and code.stage is not None)
    )


def _with_local_time(found: pl.DataFrame, proofs: pl.DataFrame, local: pl.DataFrame) -> pl.DataFrame:
    """Add `written_at`, the first instant that the proofs show on the device's own clock."""
    written = written_times(proofs, local).group_by(KEY, maintain_order=True).agg(pl.col("written_at").min())
    return found.join(written, on=KEY, how="left", nulls_equal=True, maintain_order="left")


def written_times(proofs: pl.DataFrame, local: pl.DataFrame) -> pl.DataFrame:
    """Return those proofs whose record shows the device's own clock, with `written_at`, what it showed.

    Args:
        proofs: Rows with device, member and record.
        local: What `local_times` returned.
    """
    return proofs.join(local, on=RECORD, maintain_order="left")


@once
def local_times(tables: Tables) -> pl.DataFrame:
    """Return device, member, record and `written_at` of log lines, and of listed events without an instant.

    Args:
        tables: What `read_tables` returned.
    """
    lines = tables.log_lines.select(*RECORD, "written_at")
    listed = tables.events.filter(pl.col("at").is_null())
    written = listed.select(*RECORD, written_at=pl.col("recorded_at").dt.replace_time_zone(None))
    return pl.concat([lines, written]).drop_nulls()


def _worded(found: pl.DataFrame, known: Known) -> pl.DataFrame:
    """Fill the words of each rule with its code, what it means, its item and its number of attempts."""
    texts: dict[str, list[object]] = {"title": [], "meaning": [], "remedy": [], "page": []}
    for row in found.with_columns(inferred=_inferred()).iter_rows(named=True):  # one row a finding: a handful
        named = row["code"] or (row["item"] if str(row["item"]).startswith("AADSTS") else None)
        code = explain_where_it_stands(named, row, known) if named else None
        meant = code is not None and bool(code.meaning) and code.certainty != "unknown"
        means = ""
        if named and code is not None and meant:
            several = "" if row["severity"] == INFO else causes_in_words(code, str(row["quotes"] or ""))
            means = f" {wording.means(_spelt(named, code), code.meaning)}.{several}"
        elif code is not None and str(row["rule"]).startswith(OF_A_CODE):
            means = f" {_unlisted(code)}"
        texts["title"].append(_title(row))
        undated = f" {LOCAL_WORDS if row['written_at'] else UNDATED_WORDS}" if row["inferred"] else ""
        texts["meaning"].append(f"{_sentence(row['meaning'])}{means}{undated}".strip())
        own = code.remedy if code is not None else None
        remedy = (own or row["remedy"]) if _gives_way(row, code) else (row["remedy"] or own)
        of_code = code is not None and remedy == own != row["remedy"]
        texts["remedy"].append(remedy and remedy.replace(ITEM, str(row["item"])))
        texts["page"].append(code.page if code is not None and of_code else row["page"])
    return found.with_columns(pl.Series(name, values, dtype=pl.String) for name, values in texts.items())


def _inferred() -> pl.Expr:
    """Return whether a loud finding is put down to an attempt although nothing dates it."""
    return pl.col("at").is_null() & pl.col("first_attempt").is_not_null() & (pl.col("severity") != INFO)


def _with_words(proofs: pl.DataFrame, trace: Trace) -> pl.DataFrame:
    """Return one row a finding with its rule's words, severity and stage."""
    known = words().with_columns(pl.col("confidence").cast(pl.Float64)).rename({"role": "default_role"})
    found = _grouped(proofs).join(known.drop("needs"), on="rule", how="left")
    first = trace.attempts.select(
        "device", first_attempt="attempt", scenario="scenario", failed_stage="failed_stage"
    )
    found = found.join(first, on=["device", "first_attempt"], how="left")
    ranks = pl.Enum(SEVERITIES)
    of_rule = pl.col("rule").replace_strict(SCENARIO_OF, default=None, return_dtype=pl.String)
    default = pl.lit(NOT_STATED["severity"])
    worded = found.with_columns(
        severity=pl.coalesce("own_severity", pl.col("severity").cast(ranks), default.cast(ranks)),
        stage=pl.coalesce("own_stage", "stage").cast(pl.Enum(STAGES)),
        scenario=pl.coalesce(pl.col("scenario").cast(pl.String), of_rule),
        confidence=pl.col("confidence").fill_null(float(NOT_STATED["confidence"])),
        title=pl.coalesce("title", "rule"),
        default_role=pl.col("default_role").fill_null(NOT_STATED["role"]),
    )
    sureness = pl.when(_inferred()).then(UNDATED).otherwise(1.0)
    return worded.with_columns(confidence=pl.col("confidence") * sureness)


def in_order(findings: pl.DataFrame) -> pl.DataFrame:
    """Return findings, causes first, the severest first among them, `info` last.

    Of equally severe ones that of the last attempt stands in the way now, and comes first.

    Args:
        findings: Rows with the columns of `findings`.
    """
    return findings.sort(
        pl.col("severity") == INFO,
        pl.col("role").to_physical(),
        pl.col("severity").to_physical(),
        -pl.col("attempt").cast(pl.Int64).fill_null(ANY_ATTEMPT),
        -pl.col("confidence"),
        "at",
        "rule",
        nulls_last=True,
        maintain_order=True,
    )


def find(tables: Tables, trace: Trace, *, rules: Mapping[str, RuleFunction] | None = None) -> Findings:
    """Return what went wrong, causes first, each with the records that prove it.

    Args:
        tables: What `read_tables` returned.
        trace: What `build_trace` returned.
        rules: Rules to run; None runs all that ship with the package and all registered beside them.

    Returns:
        The findings, one row a device, rule, code and item, and their evidence. Causes come first, severest
        first among them, then consequences, then context; `info` comes last. `attempt` is null where a
        finding spans several attempts; the evidence then names each.

    Example:
        >>> from autopilot_analysis import build_trace, find, open_export, read_tables
        >>> tables = read_tables(open_export("data/mdm-enrollment-refused.cab"))
        >>> find(tables, build_trace(tables)).findings["code"][0]
        '0x80180014'
    """
    if (events := without_twins(tables.events)) is not tables.events:
        tables = Tables.of({**tables.frames(), "events": events})
    proofs = _proofs(tables, trace, RULES if rules is None else rules)
    if proofs.is_empty():
        return Findings(
            findings=checked(empty(Finding), Finding), evidence=checked(empty(Evidence), Evidence)
        )
    weighed = _repeating_no_cause(
        _behind_records(_not_implied(_without_covered(_explained(_with_words(proofs, trace)))))
    )
    whole, whose = _folded(weighed)
    found = _worded(
        _with_local_time(whole, proofs, local_times(tables)), Known.of(tables, trace)
    ).with_columns(attempt=pl.when(pl.col("attempts") == 1).then("first_attempt"))
    ordered = in_order(found)
    ordered = ordered.with_columns(id=pl.int_range(1, pl.len() + 1, dtype=pl.Int64))
    ids = whose.join(ordered.select("first", finding="id"), on="first").drop("first")
    kept = proofs.join(ids, on=KEY, nulls_equal=True, maintain_order="left")
    evidence = kept.sort("device", "rule", "at", nulls_last=True, maintain_order=True)
    return Findings(
        findings=checked(ordered, Finding),
        evidence=checked(typed(evidence, Evidence).unique(maintain_order=True), Evidence),
    )
