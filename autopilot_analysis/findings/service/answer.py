"""The words on lists of the service: what they come to, and what is in lists in which nothing went wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.codes import explain
from autopilot_analysis.export.sources import SCREEN
from autopilot_analysis.facts import read_facts
from autopilot_analysis.facts.import_states import unfinished_states
from autopilot_analysis.findings.answers.answer import Answer, Line, Part, Section
from autopilot_analysis.findings.answers.beside import untaken
from autopilot_analysis.findings.service.devices import (
    ENROLMENT_FAILED,
    IMPORTED,
    POLICIES_COUNTED,
    REGISTERED,
)
from autopilot_analysis.findings.service.directory import (
    DIRECTORY,
    LEFT_OVER,
    directory_words,
    names_intune_unheard,
)
from autopilot_analysis.findings.service.failed_enrollments import (
    enrollments_told_whole,
    failed_enrollments,
    once_each,
)
from autopilot_analysis.findings.service.inventory import (
    INVENTORIES,
    OWNED,
    RECORDS,
    inventory_words,
    managed,
)
from autopilot_analysis.findings.service.item_states import counted, rules_of_states
from autopilot_analysis.findings.service.sign_ins import of_enrollment, refused, sign_in_words
from autopilot_analysis.findings.service.understood import not_understood
from autopilot_analysis.readers.objects.json_objects import ASK_AGAIN, BESIDE
from autopilot_analysis.readers.service.app_events import APP_EVENTS
from autopilot_analysis.readers.service.import_screen import COUNTED, IMPORT_RUN
from autopilot_analysis.readers.service.report_csv import READ_ANYHOW
from autopilot_analysis.tables import Findings, Tables
from autopilot_analysis.tables.items import ANY_ITEM, ANY_ITEMS, APP, POLICY
from autopilot_analysis.tables.verdict import CONTEXT

NO_DEPLOYMENT = "no deployment stands in these lists"
"""Said of lists in which nothing went wrong: that a deployment failed they would not have shown."""
SUBJECT = "Lists of the service"
"""What an answer is about where no device speaks for itself."""
OF_A_SCRIPT, A_REQUEST = "Output of a script", "A request to the service"
AN_OBJECT, OBJECTS = "An object of the service", "Objects of the service"
"""What it is about where a script's screen, or no more than one row of any list of devices, was read."""
ONLY_LISTS = "Whether deployments failed: no report of deployments is among these lists."
"""Said under what was not seen, where something went wrong in them."""
LEAST_COUNTED = 2
"""From so many kinds of failure on the first line counts them; one is named."""
ATTENTION = ("registration_states", "inventory_states")
"""Facts of states that want attention and are no kind of failure: of registered, and of managed devices."""
UNKNOWN = "Whether something went wrong is not known: states are not understood"
NAMED = "Whether something went wrong is not known: an error is named that no list shows"
ONLY_NAMED = "Whoever wrote the text names it; the list does not show it, so it is not proven."
STATELESS = "Whether something went wrong is not known: {missing:,} of {all:,} rows of a list have no state"
NONE_IMPORTED = "No device was imported, by the script's own count; why, it does not show here"
OPEN = "Whether something went wrong is not known: no import had ended when asked"
UNNAMED = "Which devices, and whether a profile is assigned to them, it does not show."
STRANGE = "States in words or under headers not known here:"
MANAGED_BEFORE = "it names a record of Intune all the same, most likely one of an earlier enrolment"
MOST_GAPS = 4
"""So many reasons why nothing was read are given."""
PROFILE = "profile_state"
USERLESS = "userless_state"
USED = "not allowed"
"""The portal's word for a device that enrolled without a user, or before one, and has not been unblocked."""
SPENT = (
    "may not deploy without a user or be pre-provisioned again before that is allowed (Unblock device); "
    "to a user-driven deployment that is of no matter"
)
TELLS = {
    PROFILE: "lacks a profile",
    USERLESS: "is blocked",
    "remediation_state": "has changed hardware",
}
"""States of a registered device, and what one of them would mean."""


def subject_of(tables: Tables) -> str:
    """Return what an answer on the service is about: lists, single objects, or a script's output.

    Args:
        tables: What `read_tables` returned.
    """
    sources = tables.members["source"].drop_nulls()
    if sources.len() and (sources == SCREEN).all():
        counted = (tables.properties["section"] == IMPORT_RUN).any()
        return OF_A_SCRIPT if counted or tables.identities.height else A_REQUEST
    devices = tables.identities["report"]
    others = sum(tables.frames()[name].height for name in LISTED if name in tables.frames())
    if not devices.len() or others or tables.sign_ins.height or devices.is_duplicated().any():
        return SUBJECT
    return AN_OBJECT if devices.len() == 1 else OBJECTS


def verdict_of_lists(tables: Tables, findings: Findings) -> str:
    """Return what lists of the service come to: kinds of failure, and how many devices want attention.

    Args:
        tables: What `read_tables` returned.
        findings: What `find_in_service` returned.
    """
    registered, owned = (_rules(name) for name in ATTENTION)
    others = findings.findings.filter(
        ~pl.col("rule").is_in([*registered, *owned, *rules_of_states()]), pl.col("role") != CONTEXT
    )
    states = counted(dict(findings.findings["rule"].value_counts().iter_rows()))
    later = findings.findings.filter(pl.col("rule") == ENROLMENT_FAILED, pl.col("role") == CONTEXT).height
    enrolments = [] if later else _failed_enrollments(tables, others)
    parts = [*states, *(enrolments or _in_words(others["title"].to_list()))]
    parts += [f"{wording.count(later, 'kind')} of failure that a later enrolment made good"] if later else []
    listed = tables.identities.filter(pl.col("report").is_in(REGISTERED))["device"].n_unique()
    for rules, number, noun in (
        (registered, listed, "registered device"),
        (owned, managed(tables.identities).height, "managed device"),
    ):
        needy = findings.evidence.filter(pl.col("rule").is_in(rules))["device"].n_unique()
        verb = "wants" if needy == 1 else "want"
        alone = findings.findings.filter(pl.col("rule").is_in(rules))["title"]
        if needy == number == alone.len() == 1:
            parts += alone.to_list()
            continue
        parts += [f"{needy:,} of {wording.count(number, noun)} {verb} attention"] if needy else []
    twice = findings.evidence.filter(pl.col("rule").is_in(_rules(RECORDS)))["device"].n_unique()
    verb = "stands" if twice == 1 else "stand"
    parts += [f"{wording.count(twice, 'managed device')} {verb} more than once"] if twice else []
    return "; ".join(parts)


def _failed_enrollments(tables: Tables, found: pl.DataFrame) -> list[str]:
    """Return how many of all enrolments failed, for how many reasons, where nothing else is known to have."""
    kinds = found.filter(pl.col("rule") == ENROLMENT_FAILED).height
    whole = enrollments_told_whole(tables.enrollment_failures)
    alone = enrollments_told_whole(tables.enrollment_failures, whole=False)
    if kinds < LEAST_COUNTED or found.height > kinds or whole.is_empty() or alone.height:
        return []
    failed = failed_enrollments(whole).height
    reasons = wording.count(kinds, "reason")
    return [f"{failed:,} of {wording.count(whole.height, 'enrolment')} failed, for {reasons}"]


def _in_words(titles: list[str]) -> list[str]:
    """Return the title of the one kind of failure, or how many kinds there are."""
    return titles if len(titles) < LEAST_COUNTED else [f"{wording.count(len(titles), 'kind')} of failure"]


def only_attention(findings: Findings) -> bool:
    """Tell whether all that was found is that devices want attention or an update waits: nothing failed.

    Args:
        findings: What `find_in_service` returned.
    """
    rows = findings.findings
    return bool(
        (rows["rule"].is_in([*_rules("inventory_states"), LEFT_OVER]) | (rows["role"] == CONTEXT)).all()
    )


def _rules(name: str) -> list[str]:
    return read_facts(name)["rule"].unique(maintain_order=True).to_list()


def quiet_lists(tables: Tables) -> Answer | None:
    """Return the answer on lists of the service in which nothing went wrong, None where none was read.

    Args:
        tables: What `read_tables` returned.
    """
    held = tuple(Line(text) for text in _held(tables))
    if not held:
        return None
    strange = not_understood(tables)
    named = wording.sentence(f"{STRANGE} {'; '.join(strange)}")
    happened = (Section(Part.HAPPENED, (Line(named),)),) if strange else ()
    rest = unread_sections(tables.gaps, tables.members)
    sections = (*happened, *_named_beside(tables), Section(Part.HOLDS, held), *rest)
    only_others = tables.sign_ins.height and of_enrollment(tables.sign_ins).is_empty()
    limit = "of an enrolment " if only_others or refused(tables.sign_ins).height else ""
    verdict = UNKNOWN if strange else _unsettled(tables) or f"Nothing {limit}went wrong in what was read"
    return Answer(subject_of(tables), f"{verdict}; {NO_DEPLOYMENT}", "unknown", sections)


def _named_beside(tables: Tables) -> tuple[Section, ...]:
    """Return what the errors mean that the words around a list name, and what to do about them."""
    reasons = tables.gaps["reason"].drop_nulls()
    names = reasons.filter(reasons.str.starts_with(BESIDE)).str.strip_prefix(f"{BESIDE} ")
    codes = [explain(name) for name in dict.fromkeys(", ".join(names).split(", ")) if name]
    known = [code for code in codes if code.certainty != "unknown"]
    if not known:
        return ()
    means = (
        Line(f"{wording.sentence(wording.means(code.spelt, code.meaning))} {ONLY_NAMED}") for code in known
    )
    remedies = dict.fromkeys(code.remedy for code in known if code.remedy)
    to_do = (
        *(Line(wording.sentence(one)) for one in remedies),
        Line(wording.sentence(wording.capital(ASK_AGAIN))),
    )
    return (Section(Part.WHY, tuple(means)), Section(Part.TO_DO, to_do))


def _unsettled(tables: Tables) -> str | None:
    """Say why nobody knows whether something went wrong: no state, an error only named, no import ended."""
    statuses = tables.item_statuses.filter(pl.col("report") != APP_EVENTS)["state"]
    if missing := statuses.null_count():
        return STATELESS.format(missing=missing, all=statuses.len())
    named = tables.gaps["reason"].drop_nulls()
    if named.str.starts_with(BESIDE).any():
        return NAMED
    if _counted_imports(tables) == 0:
        return NONE_IMPORTED
    states = tables.identities.filter(pl.col("report") == IMPORTED)["profile_state"]
    return OPEN if states.len() and states.is_in(unfinished_states()).all() else None


def _counted_imports(tables: Tables) -> int | None:
    """Return how many devices a script took in that shows only their number; None without one."""
    runs = tables.properties.filter(pl.col("section") == IMPORT_RUN)["value"]
    counted = runs.str.extract(COUNTED).drop_nulls()
    return int(counted[-1]) if counted.len() else None


def unread_sections(gaps: pl.DataFrame, members: pl.DataFrame) -> tuple[Section, ...]:
    """Return the parts of an answer on how lists were read and what of them was not, those that have lines.

    Args:
        gaps: The table `gaps`.
        members: The table `members`: of what no reader takes there is no gap.
    """
    read = pl.col("reason").str.contains(READ_ANYHOW)
    parts = {Part.READ_AS: gaps.filter(read), Part.UNREAD: gaps.filter(~read)}
    lines = {
        part: tuple(
            Line(f"{wording.capital(one)}.")
            for one in rows["reason"].unique(maintain_order=True).head(MOST_GAPS)
        )
        for part, rows in parts.items()
    }
    without_gap = members.filter(~pl.col("member").is_in(gaps["member"].drop_nulls().implode()))
    lines[Part.UNREAD] += tuple(untaken(without_gap))
    return tuple(Section(part, each) for part, each in lines.items() if each)


def _held(tables: Tables) -> Iterator[str]:
    """Yield one line for each kind of list: how many rows it has, and what of them can be said."""
    report = pl.col("report")
    registered = tables.identities.filter(report.is_in(REGISTERED))
    if registered.height:
        yield _registered(registered)
        yield from _enrolled(registered)
    imports = tables.identities.filter(report == IMPORTED)
    if imports.height:
        yield _imports(imports)
    elif counted := _counted_imports(tables):
        verb = "was" if counted == 1 else "were"
        yield f"{wording.count(counted, 'device')} {verb} imported, by the script's own count. {UNNAMED}"
    elif counted is not None:
        yield "A script that imports devices counted none."
    yield from inventory_words(tables.identities)
    directory = directory_words(tables.identities)
    yield from [directory] if directory else []
    known = managed(tables.identities)["device"]
    stated = pl.concat([known, _of_directory(tables.identities) if directory else known.clear()]).implode()
    listed = tables.identities.filter(~report.is_in([*REGISTERED, IMPORTED]), ~pl.col("device").is_in(stated))
    others = listed["device"].n_unique()
    if others:
        yield f"{wording.count(others, 'device')} of an inventory or of a list for import, without states."
    of_apps = pl.col("report") == APP_EVENTS
    items = tables.item_statuses
    frames = _by_kind(tables.frames())
    frames |= {"app_events": items.filter(of_apps), "item_statuses": items.filter(~of_apps)}
    yield from sign_in_words(tables.sign_ins)
    open_ones = _not_known(tables, frames["item_statuses"])
    for name, (one, many, good) in LISTED.items():
        if name in open_ones and frames[name].height:
            yield f"{wording.count(frames[name].height, one, many)}."
        elif frames[name].height:
            yield f"{wording.count(frames[name].height, one, many)}: {good}."


def _of_directory(identities: pl.DataFrame) -> pl.Series:
    return identities.filter(pl.col("report") == DIRECTORY)["device"]


def _by_kind(frames: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Return tables by name, counts of policies apart from those of apps, each enrolment that failed once."""
    counts = frames.get("item_counts", pl.DataFrame(schema={"report": pl.String}))
    of_policies = (pl.col("report") == POLICIES_COUNTED).fill_null(value=False)
    apart = {"item_counts": counts.filter(~of_policies), "policy_counts": counts.filter(of_policies)}
    if "enrollment_failures" in frames:
        apart["enrollment_failures"] = once_each(frames["enrollment_failures"])
    return {**frames, **apart}


def _not_known(tables: Tables, statuses: pl.DataFrame) -> frozenset[str]:
    """Return the lists of which nobody can say that none failed.

    A column of states that is not understood may be of any of them; a row without a state is of its own.
    """
    if not_understood(tables):
        return frozenset(LISTED) - {"audit_changes"}
    return frozenset({"item_statuses"} if statuses["state"].null_count() else ())


NONE_FAILED = "none failed on a device"
LISTED = {
    "app_events": ("event of an app's troubles", "events of apps' troubles", "none names an error"),
    "item_statuses": (f"state of {wording.one_of(ANY_ITEM)}", f"states of {ANY_ITEMS}", "none failed"),
    "item_counts": (
        f"{APP} that is counted",
        f"{wording.several(APP)} that are counted",
        NONE_FAILED,
    ),
    "policy_counts": (
        f"{POLICY} that is counted",
        f"{wording.several(POLICY)} that are counted",
        NONE_FAILED,
    ),
    "enrollment_failures": ("activity of enrolment", "activities of enrolment", "none failed"),
    "audit_changes": ("change by an administrator", "changes by administrators", "a change is no failure"),
}
"""What a row of each list is, several of them, and what is said where none failed."""


def what_lists_hold(frames: Mapping[str, pl.DataFrame]) -> str:
    """Return how many rows of which lists there are; empty where there is none.

    Args:
        frames: Tables by name.
    """
    nouns = {name: (one, many) for name, (one, many, _) in LISTED.items()}
    nouns["sign_ins"] = ("sign-in", "sign-ins")
    apart = _by_kind(frames)
    held = [(apart[name].height, *words) for name, words in nouns.items() if name in apart]
    if "identities" in frames:
        held.append((frames["identities"]["device"].n_unique(), *_listed_as(frames["identities"])))
    return ", ".join(wording.count(number, one, many) for number, one, many in held if number)


def _listed_as(identities: pl.DataFrame) -> tuple[str, str]:
    """Return what devices of lists are called: each counts once, however many lists name it."""
    owned = identities["report"].is_in(INVENTORIES)
    if owned.all():
        return OWNED
    if owned.any():
        return "listed device", "listed devices"
    return "registered or imported device", "registered or imported devices"


def _registered(rows: pl.DataFrame) -> str:
    used = rows.filter(pl.col(USERLESS).str.to_lowercase() == USED)["device"].n_unique()
    states = {column: words for column, words in TELLS.items() if not (used and column == USERLESS)}
    known = [words for column, words in states.items() if rows[column].null_count() < rows.height]
    named = _profiles(rows)
    unknown = [
        words for column, words in states.items() if words not in known and not (column == PROFILE and named)
    ]
    parts = [f"none {_or(known)}"] if known else []
    parts += [f"{wording.LIST_SILENT} which {_or(unknown)}"] if unknown else []
    parts += named
    parts += [f"{used:,} {SPENT}"] if used else []
    count = wording.count(rows["device"].n_unique(), "registered device")
    waiting = rows.filter(pl.col("profile_state").str.to_lowercase().is_in(["pending", "assigning"])).height
    later = f" {waiting:,} still to be given a profile." if waiting else ""
    return f"{count}: {'; '.join(parts)}.{later}"


def _profiles(rows: pl.DataFrame) -> list[str]:
    """Return how many devices a list names a profile for, where it names profiles and no states of them."""
    names = rows["profile"]
    if names.null_count() == rows.height or rows[PROFILE].null_count() < rows.height:
        return []
    without = names.null_count()
    return [f"a profile stands beside {'all' if not without else f'all but {without:,}'}"]


def _enrolled(rows: pl.DataFrame) -> Iterator[str]:
    """Yield how many devices have which state of enrolment; of one device that state."""
    states = rows["enrollment_state"].drop_nulls().value_counts(sort=True)
    if rows.height == states.height == 1:
        also = f"; {MANAGED_BEFORE}" if names_intune_unheard(rows) else ""
        yield f"State of enrolment: {states['enrollment_state'][0]}{also}."
    elif states["count"].sum() > 1:
        counted = sorted(states.iter_rows(), key=lambda one: (-one[1], one[0]))
        yield f"By state of enrolment: {', '.join(f'{number:,} {state}' for state, number in counted)}."


def _imports(rows: pl.DataFrame) -> str:
    states = rows.group_by(pl.col("profile_state").fill_null("without a state"), maintain_order=True).len()
    counted = ", ".join(f"{number:,} {state}" for state, number in states.iter_rows())
    open_ones = rows.filter(pl.col("profile_state").is_in(unfinished_states())).height
    later = f" {open_ones:,} not finished when asked: ask again." if open_ones else ""
    return f"{wording.count(rows.height, 'import')}: {counted}.{later}"


def _or(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"
