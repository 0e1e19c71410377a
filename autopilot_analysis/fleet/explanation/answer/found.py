"""What was found in a fleet: looked for once, for all parts of the answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import polars as pl

from autopilot_analysis.findings import Line
from autopilot_analysis.findings.service.devices import ENROLMENT_FAILED
from autopilot_analysis.findings.service.failed_enrollments import OfDevices, devices_that_failed
from autopilot_analysis.fleet.dataset.loading import Fleet
from autopilot_analysis.fleet.explanation.answer.one_attempt import is_alone
from autopilot_analysis.fleet.explanation.answer.stand_outs import MOST, differs, incident_kinds
from autopilot_analysis.fleet.explanation.explain import explain_outcomes
from autopilot_analysis.fleet.explanation.explanation import Explanation
from autopilot_analysis.fleet.explanation.failures.app_changes import AppChange, app_changes
from autopilot_analysis.fleet.explanation.failures.failure_kinds import BY_SCRIPT, failed_of, kinds_of, named
from autopilot_analysis.fleet.explanation.failures.failure_lines import chief_kinds, tell_newest
from autopilot_analysis.fleet.explanation.failures.few_behind import FewBehind, few_behind
from autopilot_analysis.fleet.explanation.failures.fleet_issues import tell_issues
from autopilot_analysis.fleet.explanation.failures.one_behind import counted_of
from autopilot_analysis.fleet.explanation.lists.beside import Together, items_together
from autopilot_analysis.fleet.explanation.lists.carriers import Carrier, carriers_of, names_of_carriers
from autopilot_analysis.fleet.explanation.lists.failures_beside import Listed, failures_beside
from autopilot_analysis.fleet.explanation.lists.left_out import LeftOut, left_out, tell_left_out
from autopilot_analysis.fleet.explanation.lists.lists import compare_lists
from autopilot_analysis.fleet.explanation.lists.registered import InNeed, needs_beside
from autopilot_analysis.tables.fleet import CAPTURE

LEAST_OF_FAILED = 0.5
"""Beside lists a cause that captures prove leads from this share of the devices that failed on."""


@dataclass(frozen=True)
class Found:
    """What was found in a fleet, looked for once for all parts of the answer.

    Attributes:
        fleet: What `load_deployments` returned.
        explained: Answer of `explain` for each outcome.
        causes: The cause that captures prove, the first one, or none.
        carriers: The item with which deployments fail, the first one, or none.
        missing: What successful deployments did not bring.
        own: Kinds of failure that belong to the groups and days that stand out.
        needs: States in which registered devices want attention, as a list beside the deployments says.
        listed: What lists beside the deployments say failed.
    """

    fleet: Fleet
    explained: dict[str, Explanation]
    causes: list[dict[str, Any]]
    carriers: list[Carrier]
    missing: LeftOut | None
    own: list[dict[str, Any]]
    needs: list[InNeed]
    listed: Listed

    @property
    def listed_alone(self) -> Listed:
        """What lists say failed where no deployment failed: nothing else is there to mend."""
        explained = failed_of(self.rows).height or self.causes or self.carriers or self.missing
        return () if explained else self.listed

    @cached_property
    def listed_groups(self) -> list[str]:
        """In which groups or on which days enrolments failed before any deployment, where none failed."""
        if not any(one["rule"] == ENROLMENT_FAILED for one in self.listed_alone):
            return []
        lists = {**self.fleet.lists, "item_statuses": self.fleet.item_statuses.clear()}
        return [one.title for one in compare_lists(lists, self.fleet.candidates)][:MOST]

    @cached_property
    def devices_listed(self) -> OfDevices | None:
        """On how many devices an enrolment failed before any deployment, as a list of all enrolments says."""
        if not any(one["rule"] == ENROLMENT_FAILED for one in self.listed):
            return None
        return devices_that_failed(self.fleet.lists["enrollment_failures"])

    @property
    def listed_beside(self) -> Listed:
        """Enrolments that a list says failed, where deployments failed too; of apps comparing tells."""
        of_enrolment = (one for one in self.listed if one["rule"] == ENROLMENT_FAILED)
        return () if self.listed_alone else tuple(of_enrolment)

    @property
    def rows(self) -> pl.DataFrame:
        """One attempt a row."""
        return self.fleet.deployments

    @property
    def one(self) -> dict[str, Any] | None:
        """The only attempt there is; None of several."""
        return self.rows.row(0, named=True) if is_alone(self.rows) else None

    @property
    def stands_out(self) -> bool:
        """Whether a group or a day differs from the rest."""
        return differs(self.explained)

    @property
    def carried(self) -> set[str]:
        """Kinds of failure that the item explains."""
        return names_of_carriers(self.carriers)

    @cached_property
    def chief(self) -> list[str]:
        """Kinds of failure that have lines of their own."""
        found = bool(self.carriers) or self.stands_out
        compared = not any(one.few for one in self.explained.values())
        return [
            name
            for name in chief_kinds(self.rows, found=found, compared=compared)
            if name not in self.carried
        ]

    @cached_property
    def frequent(self) -> list[dict[str, Any]]:
        """The most frequent kinds of failure, where no cause is proven."""
        kinds = [] if self.causes else kinds_of(counted_of(self.rows)).head(MOST).to_dicts()
        return [kind for kind in kinds if named(kind) in self.chief]

    @cached_property
    def issues(self) -> tuple[tuple[Line, Line], ...]:
        """Known issues of Windows that failures fit, and what mends them; none beside a proven cause."""
        kinds = [] if self.causes else [*self.own, *self.frequent]
        return tuple(tell_issues(kinds, counted_of(self.rows)))

    @property
    def kinds(self) -> list[dict[str, Any]]:
        """Those of which the answer says why and shows a row: nothing stands out before them."""
        return [] if self.stands_out else self.frequent

    @cached_property
    def changed(self) -> list[AppChange]:
        """The apps that fail since their revision, their rule, the agent or Windows changed."""
        return app_changes(self.fleet.installs, self.rows)

    @cached_property
    def few(self) -> FewBehind | None:
        """The few devices that make most failures, if there are such."""
        return few_behind(self.rows)

    @cached_property
    def together(self) -> list[Together]:
        """The items of lists that failed on the devices whose deployments failed; none beside a carrier."""
        return [] if self.carriers else items_together(self.fleet, self.explained)

    @property
    def leading(self) -> list[Together]:
        """Of these the first, where most failed deployments have it in common."""
        return [one for one in self.together[:1] if one.leads]

    @cached_property
    def newest(self) -> tuple[Line, ...]:
        """The newest failures."""
        return tuple(tell_newest(self.rows, self.explained, self.causes))

    @cached_property
    def lacking(self) -> tuple[Line, ...]:
        """What successful deployments did not bring, in lines."""
        return tuple(tell_left_out(self.missing)) if self.missing else ()


def look_through(fleet: Fleet) -> Found:
    """Look for all that the answer is made of."""
    explained = explain_outcomes(fleet.deployments, candidates=fleet.candidates)
    causes = [one for one in fleet.causes.head(1).to_dicts() if _leads(one, fleet.deployments)]
    carriers = [] if causes else carriers_of(fleet)[:1]
    explained = {outcome: as_carried(one, carriers) for outcome, one in explained.items()}
    return Found(
        fleet,
        explained,
        causes,
        carriers=carriers,
        missing=left_out(fleet.deployments, fleet.item_statuses),
        own=[] if causes else incident_kinds(explained),
        needs=needs_beside(fleet),
        listed=failures_beside(fleet),
    )


def _leads(cause: Mapping[str, Any], rows: pl.DataFrame) -> bool:
    """Tell whether a cause that captures prove is one of the fleet: lists tell of others as well."""
    captured_alone = (rows["origin"].cast(pl.String) == CAPTURE).all()
    failed = failed_of(rows)["device"].n_unique()
    return bool(captured_alone or cause["devices"] >= LEAST_OF_FAILED * failed)


def as_carried(one: Explanation, carriers: list[Carrier]) -> Explanation:
    """Return an explanation whose codes are a script's where a script carries the failures with them.

    Args:
        one: Answer of `explain`.
        carriers: What `carriers_of` returned.
    """
    scripts = names_of_carriers([each for each in carriers if each.script])
    if not scripts:
        return one
    return replace(one, codes=one.codes.with_columns(pl.col("code").is_in(scripts).alias(BY_SCRIPT)))
