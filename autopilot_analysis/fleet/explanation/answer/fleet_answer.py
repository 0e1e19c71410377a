"""The answer on many deployments: who fails, who is slow, since when, what it costs, what to check."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.defaults import WORDS_FILE, Option
from autopilot_analysis.findings import Answer, Line, Part, Section
from autopilot_analysis.findings.service.devices import ENROLMENT_FAILED
from autopilot_analysis.fleet.dataset.loading import Fleet
from autopilot_analysis.fleet.deployments.passed import are_past, past_the_stage, with_passed
from autopilot_analysis.fleet.explanation.answer.found import Found, look_through
from autopilot_analysis.fleet.explanation.answer.look_at import (
    tell_devices,
    tell_networks,
    tell_what_was_down,
)
from autopilot_analysis.fleet.explanation.answer.one_attempt import is_alone, tell_attempt
from autopilot_analysis.fleet.explanation.answer.stand_outs import (
    differs,
    incident_kinds,
    tell_calm,
    tell_candidates,
    tell_costs,
    tell_counting,
    tell_days,
    tell_groups,
    tell_hours,
    tell_unseen,
)
from autopilot_analysis.fleet.explanation.answer.strongest import CALM_DAYS, in_the_first_line
from autopilot_analysis.fleet.explanation.answer.unread import (
    how_they_ended_is_unknown,
    strange_states,
    tell_local_times,
    tell_read_as,
    tell_unread,
    tell_untaken,
    words_of_states,
)
from autopilot_analysis.fleet.explanation.explanation import Explanation
from autopilot_analysis.fleet.explanation.failures.all_failed import IN_COMMON
from autopilot_analysis.fleet.explanation.failures.app_changes import (
    prove_app_changes,
    tell_app_changes,
    tell_app_changes_to_do,
)
from autopilot_analysis.fleet.explanation.failures.cause_lines import (
    tell_days_of_causes,
    tell_others,
    tell_records,
    tell_remedies_of_causes,
)
from autopilot_analysis.fleet.explanation.failures.failure_kinds import (
    failed_of,
    kinds_of,
    named,
    with_meaning,
)
from autopilot_analysis.fleet.explanation.failures.failure_lines import (
    HALF,
    HANDFUL,
    prove_differences,
    tell_device,
    tell_frequent,
    tell_items,
    tell_lesser,
    tell_lost,
    tell_row,
)
from autopilot_analysis.fleet.explanation.failures.few_behind import tell_behind, to_do_about
from autopilot_analysis.fleet.explanation.failures.later_success import tell_later_success
from autopilot_analysis.fleet.explanation.failures.one_behind import (
    are_much_alike,
    counted_of,
    ended_of,
)
from autopilot_analysis.fleet.explanation.failures.service_failures import (
    tell_reasons,
    tell_reasons_of_own,
    tell_remedies,
    tell_words,
    worth_mending,
)
from autopilot_analysis.fleet.explanation.fleet_findings import name_of
from autopilot_analysis.fleet.explanation.lists.beside import tell_items_to_do, tell_lists
from autopilot_analysis.fleet.explanation.lists.carriers import (
    in_short,
    tell_carriers,
    tell_carriers_to_do,
)
from autopilot_analysis.fleet.explanation.lists.failures_beside import (
    failures_in_short,
    prove_failures,
    tell_failures,
    tell_reasons_of_failures,
    tell_remedies_of_failures,
)
from autopilot_analysis.fleet.explanation.lists.left_out import (
    in_verdict,
    tell_reasons_of_left_out,
    tell_remedies_of_left_out,
)
from autopilot_analysis.fleet.explanation.lists.registered import (
    needs_in_short,
    tell_needs,
    tell_reasons_of_needs,
    tell_remedies_of_needs,
)
from autopilot_analysis.fleet.explanation.sentences import CALM
from autopilot_analysis.fleet.intervals import share_in_words
from autopilot_analysis.fleet.measures.rates import measure_rates

ALONE = (
    f"No deployment is told of here; {wording.OF_A_DEVICE} shows what single devices say",
    f"Use the notebook {wording.OF_A_DEVICE} for this export.",
)
NOTHING = (
    "No deployment and no device's own log is here, so no notebook fits; the verb findings says what is",
    "Ask the verb findings what it holds, or hand in what tells of deployments or of a device.",
)
"""What is said of an export without deployments: of one with a device's own records, and of any other."""
NAME_WORDS = (
    f"Name the column and the words that say how an attempt ended in {WORDS_FILE} "
    f"({Option.WORDS}; docs/fleet.md)."
)


def answer_fleet(fleet: Fleet, *, subject: str = "") -> Answer:
    """Return what goes wrong in a fleet: failing and slow together, as sections.

    Args:
        fleet: What `load_deployments` returned.
        subject: What the answer is about; empty means the only device there is, else the fleet.

    Example:
        >>> from autopilot_analysis import load_deployments
        >>> answer_fleet(load_deployments("data/fleet")).outcome
        'failed'
    """
    rows = fleet.deployments
    alone = rows["device"].n_unique() == 1
    first = rows.row(0, named=True) if alone else {}
    subject = subject or (str(first["serial"] or name_of(first)) if alone else "fleet")
    if rows.is_empty():
        text, use = ALONE if fleet.captured else NOTHING
        return Answer(subject, text, "misfit", (Section(Part.TO_DO, (Line(use),)),))
    found = look_through(fleet)
    happened, one = tuple(_happened(found)), found.one
    attempt = (*tell_attempt(one, fleet.item_statuses), *found.lacking) if one else ()
    parts: dict[Part, Iterable[Line]] = {
        Part.HAPPENED: happened or attempt,
        Part.SINCE: _since(found),
        Part.WHY: _reasons(found),
        Part.TO_DO: dict.fromkeys(_to_do(found)),
        Part.PROOF: _proofs(fleet, found),
        Part.ATTEMPT: attempt if happened else (),
        Part.UNSEEN: _unseen(found),
        Part.OTHERS: (*tell_others(fleet, fleet.causes.slice(len(found.causes))), *_aside(found)),
        Part.COSTS: () if one else (*tell_costs(found.explained), *tell_lost(found.explained, rows)),
        Part.READ_AS: tell_read_as(fleet.gaps, fleet.coverage),
        Part.UNREAD: (
            *tell_unread(fleet.gaps, fleet.coverage),
            *tell_untaken(fleet.members, fleet.gaps, fleet.coverage),
        ),
    }
    sections = [Section(label, tuple(lines)) for label, lines in parts.items()]
    filled = tuple(section for section in sections if section.lines)
    shown = bool(found.causes or found.carriers or found.listed_alone) or found.stands_out
    outcome = "failed" if found.listed_alone else _outcome(rows, found=shown)
    return Answer(subject, _first_line(found), outcome, filled, alone=is_alone(rows))


def _proofs(fleet: Fleet, found: Found) -> Iterator[Line]:
    """Yield the records and counts behind what was found."""
    yield from prove_app_changes(found.changed)
    yield from tell_records(fleet, found.causes)
    yield from tell_counting(found.explained)
    yield from prove_differences(found.explained, fleet.deployments)
    yield from tell_row(found.kinds, fleet)
    yield from prove_failures(found.listed_alone)


def _happened(found: Found) -> Iterator[Line]:
    """Yield what happened, the strongest first."""
    fleet, rows = found.fleet, found.rows
    if found.devices_listed and found.listed_alone:
        yield Line(wording.sentence(found.devices_listed.in_words))
    yield from (Line(wording.sentence(title)) for title in found.listed_groups)
    yield from tell_failures(found.listed_alone)
    yield from _still_open(rows)
    yield from tell_app_changes(found.changed)
    if not found.stands_out:
        yield from tell_needs(found.needs, fleet, shared=True)
        yield from tell_behind(rows)
    yield from tell_carriers(found.carriers)
    yield from tell_groups(found.explained, rows)
    if found.leading:
        yield from tell_lists(fleet, found.explained, found.together)
    if not found.carriers and not found.listed_groups:
        yield from tell_calm(found.explained)
    yield from tell_frequent(fleet, found.causes, found.own, found.chief)
    if found.stands_out:
        yield from tell_behind(rows)
    yield from tell_later_success(rows)
    if found.chief and not found.carriers:
        yield from found.newest
    yield from tell_items(fleet, found.causes)
    if not found.carriers and not found.leading:
        yield from tell_lists(fleet, found.explained, found.together)
    if found.one is None:
        yield from found.lacking
    if found.stands_out:
        yield from tell_needs(found.needs, fleet, shared=True)


def _aside(found: Found) -> Iterator[Line]:
    """Yield what else was found, beside what happened."""
    yield from tell_lesser(found.fleet, found.causes, found.own, {*found.chief, *found.carried})
    if not found.carriers and not found.chief:
        yield from found.newest
    if found.carriers:
        yield from tell_lists(found.fleet, found.explained)
    yield from tell_needs(found.needs, found.fleet, shared=False)
    if found.devices_listed and found.listed_beside:
        yield Line(wording.sentence(found.devices_listed.in_words))
    yield from tell_failures(found.listed_beside)


def _since(found: Found) -> Iterator[Line]:
    """Yield since when; of one attempt nothing is to be compared."""
    if found.one is None:
        yield from tell_days(found.explained, found.rows)
        yield from tell_hours(found.explained)
        yield from tell_days_of_causes(found.explained, found.causes)


def _reasons(found: Found) -> Iterator[Line]:
    yield from (Line(wording.sentence(cause["meaning"])) for cause in found.causes)
    yield from tell_reasons_of_failures(found.listed_alone)
    yield from tell_reasons(found.kinds)
    if found.stands_out:
        yield from tell_reasons_of_own(found.own)
    yield from tell_words([*found.own, *found.frequent], counted_of(found.rows))
    yield from (why for why, _ in found.issues)
    if found.missing:
        yield from tell_reasons_of_left_out(found.missing)
    yield from tell_reasons_of_needs(found.needs)


def _to_do(found: Found) -> Iterator[Line]:
    """Yield what to do; beside what was left out, or a list says failed, not that nothing asks for it."""
    for line in _remedies(found):
        if not (found.missing or found.listed_alone) or line.text != wording.NO_REMEDY:
            yield line


def _remedies(found: Found) -> Iterator[Line]:
    to_mend = [] if found.causes else _to_mend(found.explained, found.frequent)
    to_mend = [kind for kind in to_mend if named(kind) not in found.carried]
    yield from tell_app_changes_to_do(found.changed)
    several = len({named(one) for one in (*found.frequent, *found.own)}) > 1
    if not found.stands_out:
        yield from tell_remedies_of_needs(found.needs)
    yield from tell_remedies_of_causes(found.causes)
    yield from tell_remedies_of_failures(found.listed_alone)
    if found.few:
        yield to_do_about(found.few)
    yield from tell_carriers_to_do(found.carriers)
    yield from tell_items_to_do(found.leading)
    if not found.stands_out:
        yield from tell_remedies(to_mend, several=several)
    if found.stands_out or not found.carriers:
        yield from _to_check(found.explained, found.causes, found.fleet, found.chief)
    if found.stands_out:
        yield from tell_remedies(to_mend, several=several)
    yield from (remedy for _, remedy in found.issues)
    yield from tell_networks(found.explained)
    yield from tell_devices(found.explained, found.rows, found.carried)
    if found.missing:
        yield from tell_remedies_of_left_out(found.missing)
    if found.stands_out:
        yield from tell_remedies_of_needs(found.needs)


def _unseen(found: Found) -> Iterator[Line]:
    if ended_of(found.rows).height:
        yield from tell_unseen(found.explained, found.one, grouped=bool(found.carriers))
    yield from tell_local_times(found.rows, found.fleet.gaps)


def _first_line(found: Found) -> str:
    """Return how many attempts there are, what came of them, and the strongest thing found."""
    counts = f"{verdict_of(found.rows)}{in_verdict(found.missing) if found.missing else ''}"
    together = (one.in_short for one in found.leading)
    listed = (failures_in_short(found.listed_alone, found.devices_listed), *found.listed_groups[:1])
    parts = (counts, _strongest(found), *together, needs_in_short(found.needs), *listed)
    return "; ".join(filter(None, parts))


def _strongest(found: Found) -> str:
    """Return the strongest thing found for the first line; empty where nothing could be compared."""
    if found.one is not None or ended_of(found.rows).is_empty():
        return ""
    if found.changed:
        return found.changed[0].in_short
    if found.carriers and not found.stands_out:
        return in_short(found.carriers[0])
    if found.causes and not found.stands_out:
        return ""
    first = in_the_first_line(found.explained, found.rows)
    if any(one["rule"] == ENROLMENT_FAILED for one in found.listed_alone) and first in (CALM, CALM_DAYS):
        return ""  # computed on those alone that enrolled
    if found.carriers:
        return "; ".join(filter(None, (in_short(found.carriers[0]), first)))
    if first in ("", CALM, CALM_DAYS) and found.few:
        return "; ".join(filter(None, (found.few.in_short, first)))
    kinds = kinds_of(counted_of(found.rows)).filter(pl.col("k") >= HANDFUL).head(1).to_dicts()
    calm = first in (CALM, CALM_DAYS) or any(one.all_failed for one in found.explained.values())
    if calm and kinds and kinds[0]["share"] >= HALF and named(kinds[0]) in found.chief:
        share = wording.percent(kinds[0]["share"], 0)
        return f"{share} of the failures with {with_meaning(kinds[0])}; {first}"
    return first


def _to_mend(explained: dict[str, Explanation], frequent: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the kinds of failure to mend: those of what goes on, then what is frequent and is not over.

    Args:
        explained: Answer of `explain` for each outcome.
        frequent: The most frequent kinds.
    """
    own, over = (incident_kinds(explained, over=ended) for ended in (False, True))
    ended = {named(one) for one in over} - {named(one) for one in own}
    return list({named(kind): kind for kind in (*own, *worth_mending(frequent, ended))}.values())


def _outcome(rows: pl.DataFrame, *, found: bool) -> str:
    """Return how the fleet stands; one attempt stands as it ended itself."""
    if is_alone(rows) and ended_of(rows).height:
        return str(rows["outcome"][0])
    return "failed" if found else "unknown" if ended_of(rows).height else "unfinished"


def _still_open(rows: pl.DataFrame) -> Iterator[Line]:
    """Return that no attempt was seen to end, where that is all there is to say; or that nobody can tell."""
    words = words_of_states(rows)
    if words:
        yield Line(f"How they ended is told in words not known here: {words}.")
    if ended_of(rows).is_empty() and how_they_ended_is_unknown(rows):
        if not words:
            yield Line("No column was understood that says how an attempt ended.")
    elif ended_of(rows).is_empty():
        counted = rows["outcome"].cast(pl.String).value_counts(sort=True).iter_rows()
        states = ", ".join(f"{number:,} {wording.words(outcome)}" for outcome, number in counted)
        yield Line(f"No attempt had ended when last seen: {states}.")


def verdict_of(rows: pl.DataFrame) -> str:
    """Return how many attempts there are on how many devices, and how many of the ended ones failed.

    Args:
        rows: Deployments.
    """
    ended = ended_of(rows)
    counts = (
        f"{wording.count(rows.height, 'attempt')} on {wording.count(rows['device'].n_unique(), 'device')}"
    )
    if ended.is_empty() and how_they_ended_is_unknown(rows):
        return f"{counts}; how they ended is not known"
    if ended.is_empty():
        return f"{counts}; none of them ended"
    past = int(are_past(rows).sum())
    failed, low, high = measure_rates(with_passed(rows)).select("k", "low", "high").row(0)
    strange = strange_states(rows).height
    open_ = rows.height - ended.height - strange - past
    left = f"; {open_:,} not ended" if open_ else ""
    left += f"; of {strange:,} it is not known how they ended" if strange else ""
    if not failed:
        every = "the one" if ended.height == 1 else f"every one of the {ended.height:,}"
        return f"{counts}; {every} that ended succeeded{left}"
    if past:
        counted = wording.share(failed, ended.height + past, low, high)
        return f"{counts}; {counted} failed{past_the_stage(rows)}{left}"
    if ended.height == 1:
        return f"{counts}; the one that ended failed{left}"
    if are_much_alike(rows):
        first = counted_of(rows)
        share = share_in_words(failed_of(first).height, first.height)
        return (
            f"{counts}; {share} first attempts failed, with later tries {failed:,} of {ended.height:,}{left}"
        )
    return f"{counts}; {wording.share(failed, ended.height, low, high)} of those that ended failed{left}"


def _to_check(
    explained: dict[str, Explanation], causes: list[dict[str, Any]], fleet: Fleet, chief: list[str]
) -> Iterator[Line]:
    if how_they_ended_is_unknown(fleet.deployments):
        yield Line(NAME_WORDS)
    if not differs(explained):
        yield from (Line(IN_COMMON) for one in explained.values() if one.all_failed)
        yield Line(tell_device(causes, fleet, chief))
        return
    yield from tell_candidates(explained)
    yield from tell_what_was_down(explained)
