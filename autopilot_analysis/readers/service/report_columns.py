"""Which fleet export a table is, by its headers, and what each of its columns means."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache

import msgspec
import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.facts.hand_lists import DESCRIBING, column_of, ended_as
from autopilot_analysis.facts.own_words import LEAST_HEADERS, own_words, plain
from autopilot_analysis.facts.report_columns import deciding_headers, report_columns
from autopilot_analysis.readers.reading import IN_PROPERTIES, Unread

CATEGORIES = {
    "AuditLogs": "IntuneAuditLogs",
    "OperationalLogs": "IntuneOperationalLogs",
    "Devices": "IntuneDevices",
    "DeviceComplianceOrg": "IntuneDevices",
}
"""Categories of Intune's diagnostic settings, and the table of Log Analytics that each becomes."""
ENTRA_CATEGORIES = {
    "SignInLogs": "signIns",
    "NonInteractiveUserSignInLogs": "signIns",
}
"""Categories of Entra's diagnostic settings that no other service has, and what their records are."""
ENTRA_TABLES = {
    "SigninLogs": "signIns",
    "AADNonInteractiveUserSignInLogs": "signIns",
    "AuditLogs": "directoryAudits",
}
"""Tables of Log Analytics that Entra's diagnostic settings become, and what their rows are."""
NAMED_BY: Mapping[str, Mapping[str, str]] = {
    "Type": {table: table for table in CATEGORIES.values()}
    | {"IntuneDeviceComplianceOrg": "IntuneDevices"}
    | ENTRA_TABLES,
    "Category": CATEGORIES | ENTRA_CATEGORIES,
    "OperationName": dict.fromkeys(("Enrollment", "Compliance"), "IntuneOperationalLogs"),
}
"""Headers below which a row shows its table of Log Analytics, and the values that do; the surest first."""
LEAST_FILLED = 0.8
"""A column nobody here knows names groups where at least this part of it is filled: a remark is not."""
MOST_VALUES = 12
"""Of more values a column is a remark or a name, no group."""
LONGEST = 40
_A_WORD = re.compile(r"[^\W\d_]")
UNCOMPARED = "uncompared"
"""The meaning of a header that describes devices and by which no groups are named here."""
OF_LOG_ANALYTICS = frozenset({"TenantId", "TimeGenerated", "TimeGenerated [UTC]", "SourceSystem"})
"""Headers of which every table of Log Analytics has one beside Type, which then names the table."""


class Report(msgspec.Struct, frozen=True):
    """One recognised table: which export it is, its columns under our names, headers nobody here knows."""

    name: str
    cells: pl.DataFrame
    strangers: pl.DataFrame = msgspec.field(default_factory=pl.DataFrame)
    """The columns nobody here knows, as written."""
    uncompared: tuple[str, ...] = ()
    """Headers that describe devices, in several ways, and by which no groups are named here."""
    groups: tuple[str, ...] = ()
    """Headers nobody here knows whose few values may name groups."""

    @property
    def unknown(self) -> tuple[str, ...]:
        """Headers no row of facts/report_columns.csv explains."""
        return tuple(self.strangers.columns)

    @property
    def details(self) -> pl.Series:
        """The cells under the headers that may name groups, as one JSON object a row."""
        cells = self.strangers.select(self.groups).select(pl.all().str.strip_chars())
        return cells.select(details=pl.struct(pl.all()).struct.json_encode()).to_series()

    def column(self, name: str) -> pl.Series:
        """Return one column as text, all null when the export does not carry it."""
        if name in self.cells.columns:
            return self.cells[name]
        return pl.Series(name, [None], dtype=pl.String).new_from_index(0, self.cells.height)

    def take(self, name: str) -> pl.Series:
        """Return one column in one piece and let go of it: what is read as something else is not held twice.

        A frame of columns in other pieces than a new one's would be copied as a whole.

        Args:
            name: A column that the export carries.
        """
        return self.cells.drop_in_place(name).rechunk()

    @property
    def unread(self) -> tuple[Unread, ...]:
        """Headers that facts/report_columns.csv does not explain, and those not compared, a gap for each."""
        return (*self._strange(), *self._left())

    def _left(self) -> tuple[Unread, ...]:
        if not self.uncompared:
            return ()
        number = wording.count(len(self.uncompared), "column")
        verb = "describes devices and is" if len(self.uncompared) == 1 else "describe devices and are"
        reason = f"{number} of this {self.name} export {verb} not compared: {', '.join(self.uncompared)}"
        return (Unread(reason, advice="compare by it with a column of that name in a table of your own"),)

    def _strange(self) -> tuple[Unread, ...]:
        unknown = [name for name in self.unknown if name not in self.groups]
        if not unknown:
            return ()
        named = ", ".join(unknown[:12]) + (" …" if len(unknown) > 12 else "")
        number = wording.count(len(unknown), "column")
        verb = "is" if len(unknown) == 1 else "are"
        reason = f"{number} of this {self.name} export {verb} not known here: {named}"
        advice = f"their cells {IN_PROPERTIES}; say what they mean (docs/fleet.md)"
        return (Unread(reason, count=len(unknown), advice=advice),)


def aliases() -> Mapping[str, Mapping[str, str]]:
    """Return, for each report, the meaning (our column) of each of its headers in plain spelling."""
    own = own_words().columns
    return {**_known(), **{report: {**_known()[report], **headers} for report, headers in own.items()}}


@cache
def _known() -> Mapping[str, Mapping[str, str]]:
    known: dict[str, dict[str, str]] = {}
    for report, column, alias, own in report_columns().iter_rows():
        headers, header = known.setdefault(report, {}), plain(alias)
        headers[header] = column if own else headers.get(header, column)
    return known


@cache
def _spellings(report: str) -> frozenset[str]:
    """Return the headers of a report as it spells them."""
    return frozenset(report_columns().filter(pl.col("report") == report, "own")["alias"])


def recognise(
    headers: Iterable[str], among: Iterable[str] | None = None, table: str | None = None
) -> str | None:
    """Return the report whose headers these are, or None when none fits.

    The table that a row names decides, where its headers fit; one that is not read here is no other table. A
    header that one report alone has decides beside two others of it. Of reports that know equally many
    headers, the one that spells more of them so, case included, then one whose table has a header of Log
    Analytics or is not of there, then the one that knows fewer in all, then the one that the facts name first
    is meant. Half of them must be known, unless the analyst named `LEAST_HEADERS`.

    Args:
        headers: The headers as written.
        among: Reports to choose from; all when left out.
        table: What `named_table` says of a row below them.
    """
    written = set(headers)
    given = {plain(header) for header in written} - {""}
    choices = aliases() if among is None else {name: aliases()[name] for name in among}
    if table is not None and table not in aliases():
        return None
    if table is not None and table in choices and recognise(written, [table]):
        return table
    if decided := _decided(written, given, choices):
        return decided
    scored = {
        name: (
            len(given & known.keys()),
            len(written & _spellings(name)),
            name not in CATEGORIES.values() or bool(OF_LOG_ANALYTICS & written),
            -len(known),
        )
        for name, known in choices.items()
    }
    name = max(scored, key=scored.__getitem__, default="")
    hits = scored[name][0] if name else 0
    enough = len(given & own_words().columns.get(name, {}).keys()) >= LEAST_HEADERS
    known = hits >= min(LEAST_HEADERS, len(given)) and 2 * hits >= len(given) > 1
    return name if known or enough else None


def _decided(written: Iterable[str], given: set[str], choices: Mapping[str, Mapping[str, str]]) -> str | None:
    """Return the report of which one header is that no other report has, and of which others are known."""
    deciding = deciding_headers()
    reports = (deciding[header.strip()] for header in written if header.strip() in deciding)
    known = (name for name in reports if len(given & choices.get(name, {}).keys()) >= LEAST_HEADERS)
    return min(known, default=None)


def named_table(row: Mapping[str, object]) -> str | None:
    """Return the table of Log Analytics that a row shows to be its own, by a value that no other table has.

    One that is not read here is named too, so that its columns are taken for no other table's.

    Args:
        row: Its cells under their headers.
    """
    named = (tables.get(str(row.get(header))) for header, tables in NAMED_BY.items())
    stranger = row.get("Type") if OF_LOG_ANALYTICS & row.keys() else None
    return next(filter(None, named), str(stranger) if stranger else None)


def rename(
    name: str, cells: pl.DataFrame, proposed: Mapping[str, str] | None = None, *, extended: bool = False
) -> Report:
    """Bring a table of text under our column names; two headers of one meaning fill each other.

    Args:
        name: The report, as `recognise` found it.
        cells: The table as written, every column text.
        proposed: Columns of further headers.
        extended: Whether somebody may have added columns by hand: those that hold few values name groups.
    """
    known = {plain(header): column for header, column in (proposed or {}).items()}
    known |= aliases().get(name, {})
    meant: dict[str, list[pl.Series]] = {}
    unknown: list[str] = []
    left: list[str] = []
    written = {plain(header) for header in cells.columns}
    for header in cells.columns:
        column = known.get(plain(header))
        text = cells[header].cast(pl.String)
        if column is None:
            localised = header.casefold().endswith("_loc") and plain(header[:-4]) in written
            if not localised and not header.startswith("@odata") and "@" not in header:
                unknown.append(header)
        elif column == UNCOMPARED:
            left += [header] if text.drop_nulls().n_unique() > 1 else []
        elif column != "ignored":
            meant.setdefault(column, []).append(_without_blanks(text))
    if extended:
        for header in (each for each in unknown if column_of(each) in DESCRIBING):
            meant.setdefault(str(column_of(header)), []).append(
                _without_blanks(cells[header].cast(pl.String))
            )
        unknown = [header for header in unknown if column_of(header) not in DESCRIBING]
    shaped = pl.DataFrame([_first(texts).alias(column) for column, texts in meant.items()])
    strangers = cells.select(unknown)
    groups = tuple(each.name for each in strangers if names_groups(each)) if extended else ()
    return Report(name, shaped, strangers, tuple(left), groups)


def names_groups(cells: pl.Series) -> bool:
    """Tell whether the few values of a column may name groups: no numbers, dates or words for how it ended.

    Args:
        cells: A column nobody here knows.
    """
    values = cells.str.strip_chars().drop_nulls()
    values = values.filter(values != "")
    if not cells.len() or values.len() < LEAST_FILLED * cells.len():
        return False
    several = values.unique().to_list()
    if not 2 <= len(several) <= min(MOST_VALUES, cells.len() // 2):
        return False
    words = [each for each in several if _A_WORD.search(each)]
    ends = [each for each in several if ended_as(each)]
    return (
        2 * len(words) > len(several) and 2 * len(ends) < len(several) and max(map(len, several)) <= LONGEST
    )


def _without_blanks(cells: pl.Series) -> pl.Series:
    """Return cells with null in place of blanks; every blank sorts before the first sign that prints."""
    if not (cells < "!").any():
        return cells
    return cells.set(cells.str.strip_chars() == "", None)


def _first(columns: list[pl.Series]) -> pl.Series:
    """Return of each row the first cell that tells something."""
    first, *others = columns
    for other in others:
        first = first.zip_with(first.is_not_null(), other)
    return first
