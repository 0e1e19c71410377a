"""What lists of the service let one ask: why one app, script or reason, among others that can be compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

import polars as pl

from autopilot_analysis.facts.guids import EMPTY_ID
from autopilot_analysis.facts.import_states import unfinished_states
from autopilot_analysis.facts.state_words import CONFLICT, FAILED, HELD, MET, SUCCEEDED, UNAFFECTED, UNMET
from autopilot_analysis.findings.service.devices import IMPORTED
from autopilot_analysis.findings.service.failed_enrollments import (
    enrollments_told_whole,
    failed_enrollments,
)
from autopilot_analysis.findings.service.inventory import managed
from autopilot_analysis.findings.service.item_states import in_outcome, name_of_item
from autopilot_analysis.findings.service.lists import newest_statuses, went_well
from autopilot_analysis.fleet.deployments.identities import ADDED
from autopilot_analysis.fleet.deployments.name_parts import with_name_parts
from autopilot_analysis.fleet.deployments.user_domains import with_user_domains
from autopilot_analysis.fleet.deployments.windows_builds import with_windows_builds
from autopilot_analysis.fleet.explanation.groups.contrasts import group_columns
from autopilot_analysis.fleet.explanation.groups.few import LEAST_HITS_OF_FEW
from autopilot_analysis.fleet.frames import with_columns_of

KEYS = ("device", "intune_device_id", "entra_device_id")
"""By what a device of one list is found in another."""
DESCRIBING = (*ADDED, "computer")
"""What lists say of a device: what names groups of them, and its name, which may begin with its site."""
ACCOUNT = "account"
"""Who a row is of: compared as groups are, and no group of devices."""
HITS = {
    FAILED: ("item", "failed"),
    UNMET: (UNMET, "is not met"),
    CONFLICT: (CONFLICT, "is in conflict"),
    HELD: (HELD, "is held back"),
}
REMEDIES_OF_STATES = {
    CONFLICT: "Look at which policies these devices get and the others do not, by a group or a filter: the "
    "second policy that sets the same setting is likely one of them",
    HELD: "Read in the Windows update report which safeguard holds the devices of this group",
}
"""What to do about a group of a state that says more than what its columns call for."""
"""The states that are asked about: what a finding on each is about, and the verb of its title."""
OF_INVENTORIES = ("FLEET-DEVICE-NONCOMPLIANT", "FLEET-DEVICE-UNENCRYPTED")
"""Rules on managed devices of which it is asked which devices they are of."""
LOOK_AT_ONE = "Look at one device of this group"
ENCRYPTION_REPORT = (
    f"{LOOK_AT_ONE} in the encryption report of Intune: it names what stands against "
    "encryption there (TPM, Windows RE, a policy that does not reach it)"
)
SETTLED = timedelta(days=1)
"""A device that was last heard of sooner after its enrolment is not judged by its policies yet."""
OF_IMPORTS = "import"
"""What a finding on an error of imports is about."""
BEFORE_DEVICES = "before looking at single devices"
THIS_FIRST = f"Mend this one {BEFORE_DEVICES}"
"""What to do about an item that fails wherever it is."""
ONE_SOURCE = (
    f"Look at what this group was imported from, such as its list or its purchase order, {BEFORE_DEVICES}"
)
"""What to do about a group of devices whose import failed."""
MOST_ASKED = 20
"""Apps, scripts or reasons that are looked at, those that failed most."""


@dataclass(frozen=True)
class Question:
    """Units of which some failed for one thing.

    Attributes:
        subject: The finding that it is about, as findings of the service name theirs.
        name: What failed, in words.
        units: One row a unit, as `explain` takes deployments: device, started_at, outcome, and what it is.
        rows: All rows of what failed, later tries of a person or device among them.
        verb: What it did on the units that were hit.
        whole: Whether the units are all that were tried, where a list may hold failures alone.
    """

    subject: tuple[str, ...]
    name: str
    units: pl.DataFrame
    rows: pl.DataFrame
    verb: str = "failed"
    whole: bool = False
    remedy: str = ""
    """What to do about a group of it; empty: what its columns call for."""
    dated_by: str = "reported"
    """What happened to a unit on its day."""

    @property
    def days(self) -> int:
        """The number of days on which its units are dated."""
        return int(self.units["started_at"].drop_nulls().dt.date().n_unique())

    @property
    def of_accounts(self) -> bool:
        """Whether its rows name accounts, of which one may stand behind all of them."""
        named = (name for name in (ACCOUNT, "user") if name in self.units.columns)
        return any(self.units[name].drop_nulls().n_unique() > 0 for name in named)

    @property
    def grouped_units(self) -> pl.DataFrame:
        """Its units as they are compared, with the domain of their users and the parts of their names."""
        return with_windows_builds(with_name_parts(with_user_domains(self.units)))

    @property
    def compared_by(self) -> list[str]:
        """The columns that divide its units into groups of devices."""
        units = self.grouped_units
        names = (name for name in group_columns(units) if name != ACCOUNT)
        return [name for name in names if units[name].drop_nulls().n_unique() > 1]


def questions_of_items(statuses: pl.DataFrame, identities: pl.DataFrame) -> list[Question]:
    """Return one question for each app, script and policy: where it failed among the devices it ended on.

    Of a policy it is asked as well on which devices it is not met or in conflict, of an update on which it is
    held back.

    Args:
        statuses: The table `item_statuses`.
        identities: The table `identities`: what lists beside it say of the same devices.
    """
    asked = [
        Question(
            subject=(subject, str(row["item"]), str(row["name"])),
            name=name_of_item({**row, "report": own["report"][0]}),
            units=own.select(
                "device",
                "version",
                *ADDED,
                "outcome",
                "code",
                "user",
                started_at="at",
                account="user",
                name="computer",
            ),
            rows=own.filter(outcome="failed"),
            verb=verb,
            remedy=REMEDIES_OF_STATES.get(bad, ""),
        )
        for bad, (subject, verb) in HITS.items()
        for row, own in _apart(_devices(ended_items(statuses, bad), identities), ["item", "name"])
    ]
    return _worth_asking(asked)


def _devices(ended: pl.DataFrame, identities: pl.DataFrame) -> pl.DataFrame:
    """Return rows of items, a device once for each; one without a key is a device of its own.

    Where several lists hold an item, its code and version on the device are those of the one that knows them.
    """
    rows = ended.with_row_index("row")
    rows = rows.with_columns(pl.coalesce("device", pl.col("row").cast(pl.String)))
    keys = ["device", "item", "name"]
    if ended["report"].n_unique() > 1:
        same = pl.col("outcome") == pl.col("outcome").first().over(keys)
        rows = rows.with_columns(
            pl.col("version").drop_nulls().first().over(keys),
            pl.coalesce("code", pl.col("code").filter(same).drop_nulls().first().over(keys)),
        )
    return _described(rows.unique(keys, keep="first", maintain_order=True), identities)


def ended_items(statuses: pl.DataFrame, bad: str = FAILED) -> pl.DataFrame:
    """Return the newest rows of items that failed, then of those that went well, with `outcome`.

    Args:
        statuses: The table `item_statuses`.
        bad: The state that counts as failed, as `autopilot_analysis.facts.state_words` names it.
    """
    newest = newest_statuses(statuses)
    failed = in_outcome(newest, bad)
    well = in_outcome(newest, UNAFFECTED, SUCCEEDED, MET) if bad == UNMET else went_well(newest)
    return pl.concat(
        rows.with_columns(outcome=pl.lit(outcome))
        for rows, outcome in ((failed, "failed"), (well, "succeeded"))
    )


def questions_of_enrollments(failures: pl.DataFrame, identities: pl.DataFrame) -> list[Question]:
    """Return one question for each reason: enrolments that failed for it among all that a list tells of.

    Of a list that holds failures alone these are the others that failed, a user or device once for each
    reason: what a person or a device tries again for the same reason is no independent evidence.

    Args:
        failures: The table `enrollment_failures`.
        identities: The table `identities`: what lists beside it say of the same devices.
    """
    described = _described(failures, identities)
    whole, alone = enrollments_told_whole(described), enrollments_told_whole(described, whole=False)
    asked = [_of_reason(row, own, whole) for row, own in _by_reason(whole)]
    known = {one.name for one in asked}
    more = [_among_failures(row, own, alone) for row, own in _by_reason(alone) if row["reason"] not in known]
    return _worth_asking([*asked, *more])


def _by_reason(failures: pl.DataFrame) -> Iterator[tuple[dict[str, str | None], pl.DataFrame]]:
    """Yield each reason and the enrolments that failed for it."""
    failed = failed_enrollments(failures)
    yield from _apart(failed.filter(pl.col("reason").is_not_null()), ["reason"])


def _of_reason(row: Mapping[str, str | None], own: pl.DataFrame, whole: pl.DataFrame) -> Question:
    """Return the question which of all enrolments failed for a reason; a device is one unit."""
    hits = own.select("report", "activity", "at", "device", "user", hit=pl.lit(value=True)).unique()
    rows = whole.join(hits, on=["report", "activity", "at", "device", "user"], how="left", nulls_equal=True)
    who = pl.coalesce(_known("device"), _known("user"), pl.format("row {}", pl.int_range(pl.len())))
    failed = pl.when(pl.col("hit").fill_null(value=False)).then(pl.lit("failed"))
    units = rows.select(
        *ADDED,
        "enrollment_type",
        "user",
        name="computer",
        device=who,
        started_at="at",
        outcome=failed.otherwise(pl.lit("succeeded")),
    )
    return Question(("enrolment", str(row["reason"])), str(row["reason"]), units, own, whole=True)


def _among_failures(row: Mapping[str, str | None], own: pl.DataFrame, alone: pl.DataFrame) -> Question:
    """Return the question which of those that failed did so for a reason."""
    failed = failed_enrollments(alone).with_row_index("row")
    who = pl.coalesce(_known("user"), _known("device"), pl.col("row").cast(pl.String))
    once = failed.with_columns(who=who).sort("at", nulls_last=True, maintain_order=True)
    once = once.unique(["who", "reason"], keep="first", maintain_order=True)
    hit = pl.when(reason=row["reason"]).then(pl.lit("failed")).otherwise(pl.lit("succeeded"))
    units = once.select(
        *ADDED,
        "enrollment_type",
        "user",
        name="computer",
        device=pl.col("row").cast(pl.String),
        started_at="at",
        outcome=hit,
    )
    return Question(("enrolment", str(row["reason"])), str(row["reason"]), units, own)


def questions_of_inventory(identities: pl.DataFrame) -> list[Question]:
    """Return which managed devices are not compliant, and which are not encrypted, where enough are.

    A device that is neither, such as one in grace or without a policy, is no unit of the first, nor is one
    that was not heard of since it enrolled: that it is not compliant says that nobody judged it yet.

    Args:
        identities: The table `identities`.
    """
    newest = managed(identities)
    new = (pl.col("contacted_at") - pl.col("enrolled_at") < SETTLED).fill_null(value=False)
    state = pl.col("compliance_state").str.to_lowercase()
    bad = pl.when(state == "noncompliant").then(pl.lit("failed"))
    compliance = pl.when(~new).then(bad.when(state == "compliant").then(pl.lit("succeeded")))
    encryption = (
        pl.when(~pl.col("encrypted")).then(pl.lit("failed")).when("encrypted").then(pl.lit("succeeded"))
    )
    noncompliant, unencrypted = OF_INVENTORIES
    return _worth_asking(
        [
            _of_state(
                newest, compliance, (noncompliant, "compliance_state", "noncompliant"), "not compliant"
            ),
            _of_state(
                newest, encryption, (unencrypted, "encrypted", "false"), "not encrypted", ENCRYPTION_REPORT
            ),
        ]
    )


def _of_state(
    newest: pl.DataFrame, outcome: pl.Expr, subject: tuple[str, ...], verb: str, remedy: str = ""
) -> Question:
    """Return the question which managed devices are in a state, among those of which it is known."""
    units = newest.select("device", *ADDED, "os", "name", outcome=outcome, started_at="enrolled_at")
    known = units.drop_nulls("outcome")
    bad = known.filter(outcome="failed")
    return Question(subject, verb, known, bad, verb, remedy=remedy, dated_by="enrolled")


def questions_of_imports(identities: pl.DataFrame) -> list[Question]:
    """Return one question for each error with which imports of devices ended, among all that ended.

    Args:
        identities: The table `identities`.
    """
    state = pl.col("profile_state")
    rows = identities.filter(pl.col("report") == IMPORTED, ~state.is_in(unfinished_states()))
    never = pl.lit(None, pl.Datetime("us", "UTC"))
    errors = rows.filter(state == "error")["failure_text"].drop_nulls().unique(maintain_order=True)
    asked = []
    for text in errors:
        hit = (state == "error") & pl.col("failure_text").eq_missing(text)
        outcome = pl.when(hit).then(pl.lit("failed")).otherwise(pl.lit("succeeded"))
        units = rows.select("device", *ADDED, outcome=outcome, started_at=never)
        asked.append(
            Question((OF_IMPORTS, text), text, units, units.filter(outcome="failed"), remedy=ONE_SOURCE)
        )
    return _worth_asking(asked)


def _known(column: str) -> pl.Expr:
    """Return a column of ids, null where the id is empty."""
    return pl.when(pl.col(column) != EMPTY_ID).then(pl.col(column))


def _described(rows: pl.DataFrame, identities: pl.DataFrame) -> pl.DataFrame:
    """Return rows with what they and lists of devices say of each device, their own word first."""
    keys = [identities.select(*ADDED, computer="name", device=key) for key in KEYS]
    known = pl.concat(keys).drop_nulls("device")
    known = known.group_by("device").agg(pl.col(DESCRIBING).drop_nulls().first())
    described = with_columns_of(rows, ADDED)
    for key in (key for key in KEYS if key in rows.columns):
        found = described.join(
            known, left_on=key, right_on="device", how="left", suffix=_ELSEWHERE, maintain_order="left"
        )
        described = found.select(
            pl.coalesce(name, f"{name}{_ELSEWHERE}").alias(name) if name in DESCRIBING else pl.col(name)
            for name in described.columns
        )
    return described


_ELSEWHERE = " elsewhere"


def _worth_asking(asked: list[Question]) -> list[Question]:
    """Return the questions that have enough failures to be looked at, the most frequent first."""
    often = [one for one in asked if one.rows.height >= LEAST_HITS_OF_FEW]
    return sorted(often, key=lambda one: -one.rows.height)[:MOST_ASKED]


def _apart(rows: pl.DataFrame, by: list[str]) -> Iterator[tuple[dict[str, str | None], pl.DataFrame]]:
    """Yield the values of some columns and the rows that have them."""
    for key, own in rows.partition_by(by, as_dict=True, maintain_order=True).items():
        yield dict(zip(by, key, strict=True)), own
