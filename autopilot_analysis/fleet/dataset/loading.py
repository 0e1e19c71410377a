"""Anything that tells of deployments -> one fleet: a dataset, one capture or many, Graph pages, reports."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import polars as pl

from autopilot_analysis import wording
from autopilot_analysis.export import open_export
from autopilot_analysis.export.marker import is_dataset
from autopilot_analysis.export.sources import first_rows
from autopilot_analysis.facts import read_facts
from autopilot_analysis.facts.guids import GUID
from autopilot_analysis.facts.own_words import using_words
from autopilot_analysis.findings import find
from autopilot_analysis.fleet.dataset.audit import values_in_words
from autopilot_analysis.fleet.dataset.captured import captured_at, captured_in
from autopilot_analysis.fleet.dataset.dataset import open_dataset
from autopilot_analysis.fleet.deployments.build import build_deployments
from autopilot_analysis.fleet.deployments.history import with_history
from autopilot_analysis.fleet.deployments.identities import join_identities, name_devices
from autopilot_analysis.fleet.deployments.local_times import (
    anchor_local_times,
    own_zone,
    place_local_times,
    without_local_gap,
    zone_of,
)
from autopilot_analysis.fleet.deployments.name_parts import with_name_parts
from autopilot_analysis.fleet.deployments.own_columns import with_own_columns
from autopilot_analysis.fleet.deployments.reconcile import reconcile_deployments
from autopilot_analysis.fleet.deployments.user_domains import with_user_domains
from autopilot_analysis.fleet.deployments.windows_builds import with_windows_builds
from autopilot_analysis.fleet.frames import on_most_devices_first
from autopilot_analysis.privacy import Pseudonyms, default_key, pseudonymise
from autopilot_analysis.readers import read_tables
from autopilot_analysis.readers.names import read_name_book
from autopilot_analysis.readers.service.item_names import name_listed_items
from autopilot_analysis.tables import SCHEMAS, SEVERITIES, Findings
from autopilot_analysis.tables.capture import PRESENCE
from autopilot_analysis.tables.collections import InPandas, frames_in, summarise
from autopilot_analysis.tables.fleet import describing
from autopilot_analysis.tables.outcomes import FINISHED
from autopilot_analysis.tables.verdict import CAUSE, INFO
from autopilot_analysis.trace import build_trace, count_unknown_messages
from autopilot_analysis.trace.compare import Captured
from autopilot_analysis.trace.installs.naming import name_items

NEEDED = (
    "deployments",
    "identities",
    "installs",
    "item_statuses",
    "audit_changes",
    "sign_ins",
    "enrollment_failures",
    "item_counts",
    "findings",
    "evidence",
    "coverage",
    "gaps",
)
"""Tables that a fleet is loaded from."""

MAY_BE_IDS = ("profile", "esp_profile", "group_tag")
"""Columns of deployments in which some exports write an id in place of a name."""

MOST_LOGS = 200
"""Devices whose logs are looked at for lines that nobody knows: drift shows on a few, and logs are long."""

FILLED_BY_OTHERS = describing()
"""What one export may tell of an attempt that another left out."""


LISTS = ("item_statuses", "item_counts", "enrollment_failures", "identities", "audit_changes", "sign_ins")
"""Tables in which the service lists something else than deployments."""


@dataclass(frozen=True, repr=False)
class Fleet(InPandas):
    """Deployments, and what stands around them."""

    deployments: pl.DataFrame
    """One row for each attempt, whatever number of exports tell of it."""
    installs: pl.DataFrame
    """Tries at apps, scripts and policies; captures alone tell of them."""
    item_statuses: pl.DataFrame
    """What reports say of apps, scripts and policies."""
    findings: pl.DataFrame
    evidence: pl.DataFrame
    candidates: pl.DataFrame
    """What administrators changed, as `at` and `what`: causes to be considered, no more."""
    coverage: pl.DataFrame
    gaps: pl.DataFrame
    log_lines: pl.LazyFrame = field(default_factory=lambda: SCHEMAS["log_lines"].create_empty().lazy())
    """Log records of at most `MOST_LOGS` devices, read only where they are asked for."""
    lists: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    """What the service lists beside deployments, by table."""
    members: pl.DataFrame = field(default_factory=SCHEMAS["members"].create_empty)
    """The files of an export; of a dataset none, which set aside what it could not read."""
    captured: Captured | None = field(default=None)
    """What a device's captures tell, to lay it beside another, see `measure_nearest`; None without any."""

    def __repr__(self) -> str:
        """Return what is in it, in six lines at most."""
        return summarise("Fleet", frames_in(self))

    @property
    def unknown_messages(self) -> pl.DataFrame:
        """Shapes of the agent's lines that no fact knows, by version: where its wording changed, it shows."""
        shapes = count_unknown_messages(self.log_lines.collect())
        counted = shapes.group_by("version", "stem", "shape", maintain_order=True).agg(
            pl.col("n").sum(), pl.col("device").n_unique().alias("devices")
        )
        return counted.rename({"stem": "log"}).sort(
            "devices", "n", "log", "shape", "version", descending=[True, True, False, False, False]
        )

    @property
    def origins(self) -> pl.DataFrame:
        """How many attempts each kind of export tells of, their span of time, and how they stand."""
        counts = [(pl.col("outcome") == name).sum().alias(name) for name in ("succeeded", "failed")]
        running = (~pl.col("outcome").is_in(FINISHED)).sum().alias("not ended")
        return (
            self.deployments.group_by(pl.col("origin").cast(pl.String))
            .agg(
                pl.col("device").n_unique().alias("devices"),
                pl.len().alias("attempts"),
                *counts,
                running,
                pl.col("started_at").min().alias("first_at"),
                pl.col("started_at").max().alias("last_at"),
            )
            .sort("origin")
        )

    @property
    def sources(self) -> pl.DataFrame:
        """On how many devices, or in how many exports, each source was present, partial or absent."""
        counts = [(pl.col("presence") == state).sum().alias(state) for state in PRESENCE]
        titles = first_rows().select("source", "title")
        return (
            self.coverage.group_by("source")
            .agg(*counts, pl.col("records").sum(), pl.col("note").drop_nulls().first())
            .join(titles, on="source", how="left")
            .sort("source")
            .select("title", *PRESENCE, "records", "note", "source")
        )

    @property
    def causes(self) -> pl.DataFrame:
        """What captures prove to be the cause, on how many devices, since when; the first device with it."""
        proven = self.findings.filter(pl.col("role") == CAUSE, pl.col("severity") != INFO)
        same = ["rule", "code", "item"]
        shown = [
            *self.findings.select("^export$").columns,
            "id",
            "device",
            "title",
            "meaning",
            "remedy",
            "page",
        ]
        gravest = pl.col("severity").cast(pl.Enum(SEVERITIES)).min()
        of_first = pl.col(shown).sort_by("device", maintain_order=True).first()
        at = pl.col("at")
        counted = proven.group_by(same, maintain_order=True).agg(
            gravest, of_first, devices=pl.col("device").n_unique(), first_at=at.min(), last_at=at.max()
        )
        own = pl.col("title").str.replace(wording.COUNTED_ATTEMPTS, "")  # of the first device alone
        return on_most_devices_first(counted.with_columns(own)).drop("severity")

    @property
    def found(self) -> pl.DataFrame:
        """What the findings of captures say, on how many devices, and one record that proves it."""
        same = ["device", "rule", "code", "item"]
        proofs = self.evidence.group_by(same, maintain_order=True).agg(
            pl.col("member", "record", "quote").first()
        )
        proven = self.findings.join(proofs, on=same, how="left", nulls_equal=True, maintain_order="left")
        keys = ["severity", "role", "rule", "title"]
        counted = proven.group_by(keys, maintain_order=True).agg(
            pl.col("device").n_unique().alias("devices"),
            pl.col("meaning", "remedy", "device", "member", "record", "quote").first(),
        )
        order = [pl.col("severity").cast(pl.Enum(SEVERITIES)), pl.col("devices")]
        return counted.sort(order, descending=[False, True], maintain_order=True)


def load_deployments(
    path: str | Path,
    *,
    privacy: bool = False,
    time_zone: str = "",
    words: str | Path | None = None,
    names: str | Path = "",
    progress: Callable[[int, int, str], None] | None = None,
) -> Fleet:
    """Return the fleet that a path tells of.

    Attempts that several exports tell of are counted once: the row nearest to the device stands, and what it
    lacks is filled from the others. Model, maker and group tag come from the identities beside them.

    Args:
        path: A dataset, or anything `open_export` opens: captures, Graph pages, reports, or all of these.
        privacy: Put stable pseudonyms of the analyst's own key in place of names, serials and addresses.
        time_zone: That of the browser with which portal CSVs were downloaded, such as `Europe/Berlin` or `W.
            Europe Standard Time`: they hold its local time. Without it they are taken as UTC, unless another
            export tells of the same attempts.
        words: A CSV `text,means` of headers and states in a language that no fact here knows (see
            `facts.own_words.read_words`). A dataset was read already, so there they change nothing.
        names: A name book, see `read_name_book`: ids of profiles, items and changed objects become names.
        progress: Called before each member of an export with its position, how many there are, and its path.

    Raises:
        NotAnExport: The path holds nothing this package can open.
        UnknownName: There is no such time zone, or a word means nothing known here.
        BadInput: The file of words, or the name book, cannot be read.

    Example:
        >>> fleet = load_deployments("data/fleet")  # doctest: +SKIP
        >>> measure_rates(fleet.deployments, by="model")  # doctest: +SKIP
    """
    place = Path(path)
    book = read_name_book(names) if names else None
    zone = zone_of(time_zone) if time_zone else ""
    captured: Captured | None = None
    with using_words(words):
        if is_dataset(path):
            frames = _of_dataset(place, privacy=privacy)
        else:
            frames, captured = _of_export(path, names=names, privacy=privacy, progress=progress)
    fleet = gather_fleet(frames, time_zone=zone)
    if is_dataset(path) and not privacy:
        dataset = open_dataset(place)
        devices = dataset.scan("devices").select("device", "serial").collect()
        fleet = replace(fleet, log_lines=_logs(dataset.scan("log_lines")))
        captured = captured_at(place, devices, names)
    fleet = replace(fleet, captured=captured)
    return fleet if book is None else _named(fleet, book)


def gather_fleet(frames: Mapping[str, pl.DataFrame], *, time_zone: str = "") -> Fleet:
    """Return the fleet of tables that were read already.

    Args:
        frames: The tables in `NEEDED`, by name; others are ignored.
        time_zone: That of portal CSVs, see `load_deployments`; empty leaves what `using_zone` says.
    """
    frames = name_listed_items(frames)
    identities, zone = frames["identities"], time_zone or own_zone()
    named = name_devices(frames["deployments"], identities)
    named = place_local_times(named, zone) if zone else anchor_local_times(named)
    described = with_history(join_identities(_once(named), identities))
    named = with_windows_builds(with_name_parts(with_user_domains(described)))
    deployments = with_own_columns(named)
    empty = SCHEMAS["log_lines"].create_empty()
    return Fleet(
        deployments=deployments,
        candidates=candidates_of(frames["audit_changes"]),
        gaps=without_local_gap(frames["gaps"]) if zone else frames["gaps"],
        log_lines=_logs(frames.get("log_lines", empty).lazy()),
        lists={name: frames[name] for name in LISTS if name in frames},
        members=frames.get("members", SCHEMAS["members"].create_empty()),
        captured=None,
        **{name: frames[name] for name in ("installs", "item_statuses", "findings", "evidence", "coverage")},
    )


def _named(fleet: Fleet, book: pl.DataFrame) -> Fleet:
    """Return the fleet with the names of a book in place of ids, wherever a name would stand."""
    called = dict(book.select("name", "value").iter_rows())

    def name(column: str) -> pl.Expr:
        key = pl.col(column).str.extract(rf"^\{{?({GUID})\}}?$").str.to_lowercase()
        return pl.coalesce(key.replace_strict(called, default=None, return_dtype=pl.String), column).alias(
            column
        )

    what = pl.col("what").str.replace_many(list(called), list(called.values()), ascii_case_insensitive=True)
    return replace(
        fleet,
        deployments=fleet.deployments.with_columns(name(column) for column in MAY_BE_IDS),
        candidates=fleet.candidates.with_columns(what),
        installs=name_items(fleet.installs, book),
    )


def _logs(lines: pl.LazyFrame) -> pl.LazyFrame:
    """Return the log records of the first devices, with the columns of tables.LogLine."""
    devices = lines.select("device").unique().sort("device").head(MOST_LOGS)
    return lines.join(devices, on="device", how="semi").select(SCHEMAS["log_lines"].column_names())


def _of_export(
    path: str | Path, *, names: str | Path, privacy: bool, progress: Callable[[int, int, str], None] | None
) -> tuple[Mapping[str, pl.DataFrame], Captured | None]:
    with open_export(path) as export:
        tables = read_tables(export, names=names, privacy=privacy, progress=progress)
    trace = build_trace(tables)
    found = find(tables, trace) if tables.devices.height else Findings.of({})
    frames: dict[str, pl.DataFrame] = {**tables.frames(), **trace.frames(), **found.frames()}
    return {**frames, "deployments": build_deployments(tables, trace)}, captured_in(tables, trace)


def _of_dataset(path: Path, *, privacy: bool) -> Mapping[str, pl.DataFrame]:
    dataset = open_dataset(path)
    frames = dataset.collect(*NEEDED)
    if not privacy:
        return frames
    frames["log_lines"] = _logs(dataset.scan("log_lines")).collect()
    hidden: Mapping[str, pl.DataFrame] = pseudonymise(frames, Pseudonyms(default_key())).frames
    return hidden


def _once(deployments: pl.DataFrame) -> pl.DataFrame:
    """Keep one row of each attempt, with what other rows of it tell."""
    if deployments.is_empty():
        return deployments
    reconciled = reconcile_deployments(deployments)
    if reconciled["believed"].all():
        return reconciled.drop("same", "believed")
    first = [pl.col(name).drop_nulls().first().alias(f"{name}_elsewhere") for name in FILLED_BY_OTHERS]
    others = reconciled.filter(pl.len().over("same") > 1).group_by("same").agg(first)
    filled = [pl.coalesce(name, f"{name}_elsewhere").alias(name) for name in FILLED_BY_OTHERS]
    kept = reconciled.filter("believed").join(others, on="same", how="left", maintain_order="left")
    return kept.with_columns(filled).select(deployments.columns)


def candidates_of(changes: pl.DataFrame) -> pl.DataFrame:
    """Return what administrators changed: when, and what in words; what Entra notes of every day is left out.

    Args:
        changes: The table `audit_changes`.
    """
    known = changes.select(SCHEMAS["audit_changes"].column_names())
    places = ("$.TargetDisplayNames[0]", "$[0].displayName")  # of Log Analytics, of Graph
    named = pl.coalesce(pl.col("properties").str.json_path_match(place) for place in places)
    values = pl.col("properties").map_elements(values_in_words, return_dtype=pl.String)
    what = pl.concat_str(["operation", pl.coalesce("target", named)], separator=": ", ignore_nulls=True)
    what = pl.when(what != "").then(pl.concat_str([what, values], separator=", ", ignore_nulls=True))
    daily = read_facts("daily_changes")["operation"].str.to_lowercase().implode()
    noteworthy = known.filter(
        ~pl.col("operation").str.strip_chars().str.to_lowercase().is_in(daily).fill_null(value=False)
    )
    dated = noteworthy.select("at", what=what).filter(pl.col("at").is_not_null(), pl.col("what") != "")
    return dated.unique().sort("at", "what")
