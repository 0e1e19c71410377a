"""The answer on many deployments: who fails, who is slow, since when, what it costs, what to check."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.findings import Answer, Line, Part, Section
from autopilot_analysis.fleet.dataset.loading import Fleet
from autopilot_analysis.fleet.explanation.answer.look_at import tell_devices, tell_what_was_down
from autopilot_analysis.fleet.explanation.answer.one_attempt import is_alone, tell_attempt
from autopilot_analysis.fleet.explanation.answer.stand_outs import (
    MOST,
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
from autopilot_analysis.fleet.explanation.answer.strongest import CALM, CALM_DAYS, in_the_first_line
from autopilot_analysis.fleet.explanation.answer.unread import (
    how_they_ended_is_unknown,
    strange_states,
    tell_local_times,
    tell_unread,
    words_of_states,
)
from autopilot_analysis.fleet.explanation.explain import explain_outcomes
from autopilot_analysis.fleet.explanation.explanation import Explanation
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
    chief_kinds,
    tell_device,
    tell_frequent,
    tell_items,
    tell_lesser,
    tell_lost,
    tell_newest,
    tell_row,
)
from autopilot_analysis.fleet.explanation.failures.later_success import tell_later_success
from autopilot_analysis.fleet.explanation.failures.one_behind import (
    are_much_alike,
    counted_of,
    ended_of,
    tell_one_behind,
)
from autopilot_analysis.fleet.explanation.failures.service_failures import (
    tell_reasons,
    tell_remedies,
    worth_mending,
)
from autopilot_analysis.fleet.explanation.fleet_findings import name_of
from autopilot_analysis.fleet.explanation.lists.beside import tell_lists
from autopilot_analysis.fleet.explanation.lists.carriers import (
    Carrier,
    carriers_of,
    in_short,
    names_of_carriers,
    tell_carriers,
    tell_carriers_to_do,
)
from autopilot_analysis.fleet.explanation.lists.left_out import (
    in_verdict,
    left_out,
    tell_left_out,
    tell_reasons_of_left_out,
    tell_remedies_of_left_out,
)
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
    "Name the column and the words that say how an attempt ended in a CSV of words (--words; docs/fleet.md)."
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
    explained = explain_outcomes(rows, candidates=fleet.candidates)
    causes, others = fleet.causes.head(1).to_dicts(), fleet.causes.slice(1)
    carriers = [] if causes else carriers_of(fleet)[:1]
    missing = left_out(rows, fleet.item_statuses)
    lacking = tuple(tell_left_out(missing)) if missing else ()
    own = [] if causes else incident_kinds(explained)
    found = bool(carriers) or differs(explained)
    compared = not any(one.few for one in explained.values())
    carried = names_of_carriers(carriers)
    chief = [name for name in chief_kinds(rows, found=found, compared=compared) if name not in carried]
    newest = tuple(tell_newest(rows, explained, causes))
    happened = (
        *_still_open(rows),
        *tell_carriers(carriers),
        *tell_groups(explained, rows),
        *([] if carriers else tell_calm(explained)),
        *tell_frequent(fleet, causes, own, chief),
        *tell_one_behind(rows),
        *tell_later_success(rows),
        *(newest if chief and not carriers else ()),
        *tell_items(fleet, causes),
        *([] if carriers else tell_lists(fleet, explained)),
        *(() if is_alone(rows) else lacking),
    )
    aside = (
        *tell_lesser(fleet, causes, own, {*chief, *carried}),
        *(() if carriers or chief else newest),
        *(tell_lists(fleet, explained) if carriers else ()),
    )
    frequent = (
        []
        if causes
        else [kind for kind in kinds_of(counted_of(rows)).head(MOST).to_dicts() if named(kind) in chief]
    )
    kinds = [] if differs(explained) else frequent
    to_mend = _to_mend(explained, frequent) if not causes else []
    one = rows.row(0, named=True) if is_alone(rows) else None
    attempt = (*tell_attempt(one, fleet.item_statuses), *lacking) if one else ()
    since: tuple[Line, ...] = ()
    if not one:
        since = (*tell_days(explained), *tell_hours(explained), *tell_days_of_causes(explained, causes))
    several = len({named(one) for one in (*frequent, *own)}) > 1
    to_do = (
        *tell_remedies_of_causes(causes),
        *tell_carriers_to_do(carriers),
        *tell_remedies([] if differs(explained) else to_mend, several=several),
        *([] if carriers and not differs(explained) else _to_check(explained, causes, fleet, chief)),
        *tell_remedies(to_mend if differs(explained) else [], several=several),
        *tell_devices(explained, rows),
        *(tell_remedies_of_left_out(missing) if missing else ()),
    )
    if missing:
        to_do = tuple(line for line in to_do if line.text != wording.NO_REMEDY)
    parts = {
        Part.HAPPENED: happened or attempt,
        Part.SINCE: since,
        Part.WHY: (
            *(Line(wording.sentence(cause["meaning"])) for cause in causes),
            *tell_reasons(kinds),
            *(tell_reasons_of_left_out(missing) if missing else ()),
        ),
        Part.TO_DO: tuple(dict.fromkeys(to_do)),
        Part.PROOF: (*tell_records(fleet, causes), *tell_counting(explained), *tell_row(kinds, fleet)),
        Part.OTHERS: (*tell_others(fleet, others), *aside),
        Part.ATTEMPT: attempt if happened else (),
        Part.COSTS: () if one else (*tell_costs(explained), *tell_lost(explained, rows)),
        Part.UNSEEN: (
            *(tell_unseen(explained, one, grouped=bool(carriers)) if ended_of(rows).height else ()),
            *tell_local_times(rows, fleet.gaps),
        ),
        Part.UNREAD: tell_unread(fleet.gaps, fleet.coverage),
    }
    sections = [Section(label, tuple(lines)) for label, lines in parts.items()]
    filled = tuple(section for section in sections if section.lines)
    outcome = _outcome(rows, found=bool(causes) or found)
    counts = f"{verdict_of(rows)}{in_verdict(missing) if missing else ''}"
    verdict = "; ".join(filter(None, (counts, _strongest(explained, fleet, carriers, causes, chief))))
    return Answer(subject, verdict, outcome, filled, alone=is_alone(rows))


def _strongest(
    explained: dict[str, Explanation],
    fleet: Fleet,
    carriers: list[Carrier],
    causes: list[dict[str, Any]],
    chief: list[str],
) -> str:
    """Return the strongest thing found for the first line; empty where nothing could be compared."""
    rows = fleet.deployments
    if is_alone(rows) or ended_of(rows).is_empty():
        return ""
    if carriers and not differs(explained):
        return in_short(carriers[0])
    if causes and not differs(explained):
        return ""
    first = in_the_first_line(explained, rows)
    kinds = kinds_of(counted_of(rows)).filter(pl.col("k") >= HANDFUL).head(1).to_dicts()
    if first in (CALM, CALM_DAYS) and kinds and kinds[0]["share"] >= HALF and named(kinds[0]) in chief:
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
    failed, low, high = measure_rates(ended).select("k", "low", "high").row(0)
    strange = strange_states(rows).height
    open_ = rows.height - ended.height - strange
    left = f"; {open_:,} not ended" if open_ else ""
    left += f"; of {strange:,} it is not known how they ended" if strange else ""
    if not failed:
        every = "the one" if ended.height == 1 else f"every one of the {ended.height:,}"
        return f"{counts}; {every} that ended succeeded{left}"
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
        yield Line(tell_device(causes, fleet, chief))
        return
    yield from tell_candidates(explained)
    yield from tell_what_was_down(explained)
