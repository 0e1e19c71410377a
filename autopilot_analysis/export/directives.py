"""What a results.xml tells of the files beside it: which item each comes from, and which items left none."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from autopilot_analysis.errors import AnalysisError, NotThisFormat
from autopilot_analysis.export.export import NotRead
from autopilot_analysis.export.magic import text_of
from autopilot_analysis.export.manifest import Directive, Manifest, parse_manifest
from autopilot_analysis.export.sources import Source, classify
from autopilot_analysis.export.walk import Found
from autopilot_analysis.facts.source_names import CMTRACE_OTHER, COLLECT_RESULTS, EVENTS_OTHER, OWN_LOG

WEAK = frozenset({EVENTS_OTHER, "command_output", "app_log", CMTRACE_OTHER, OWN_LOG})
"""Sources that a file's own name and bytes give only for want of a better one."""
MANIFEST_BYTES = 4 << 20


def apply_manifests(found: Iterable[Found], refused: Iterable[str] = ()) -> tuple[list[Found], list[NotRead]]:
    """Return the files with what each manifest says of them, and a gap for every item that left no file.

    Args:
        found: Every file of the export that can be read.
        refused: Paths of those that cannot; an item that left one of them left a file.
    """
    files, unread = list(found), list(refused)
    gaps: list[NotRead] = []
    for listing in [file for file in files if file.source and file.source.source == COLLECT_RESULTS]:
        try:
            manifest = _parse(listing)
        except AnalysisError as error:
            gaps.append(NotRead(listing.path, str(error), state="damaged"))
            continue
        base = listing.path.rpartition("/")[0]
        start = f"{base}/" if base else ""
        paths = [*(file.path for file in files if file is not listing), *unread]
        beside = {path: path[len(start) :] for path in paths if path.startswith(start)}
        assigned = manifest.assign(beside.values())
        gaps += _without_file(listing.path, manifest, assigned)
        files = [_named(file, assigned.get(beside.get(file.path, ""))) for file in files]
    return files, gaps


def _parse(listing: Found) -> Manifest:
    """Return one manifest, if it is of a size any genuine one has."""
    if listing.content.size > MANIFEST_BYTES:
        raise NotThisFormat(f"results.xml of {listing.content.size:,} bytes is too large to be one")
    return parse_manifest(listing.content.read())


def _named(file: Found, directive: Directive | None) -> Found:
    """Return a file under the source its item gives, when its own name and bytes gave none or a weak one."""
    if directive is None or directive.kind == "FoldersFiles":
        return file
    if file.source is not None and file.source.source not in WEAK:
        return file
    hinted = _hinted(file, directive)
    return replace(file, source=hinted) if hinted is not None else file


def _hinted(file: Found, directive: Directive) -> Source | None:
    """Return the known thing that an item's words and the file's first bytes make together."""
    try:
        text = text_of(file.content.head())
    except AnalysisError:
        return None
    return classify(directive.input, file.kinds, text)


def _without_file(path: str, manifest: Manifest, assigned: dict[str, Directive]) -> list[NotRead]:
    """Return a gap for each item that left no file, or one gap when none left any."""
    absent = manifest.without_file(assigned)
    if manifest.directives and len(absent) == len(manifest.directives):
        reason = f"lists {len(absent)} items, and no file of any of them is beside it"
        return [
            NotRead(path, reason, len(absent), "pass the whole archive that Collect diagnostics made", None)
        ]
    return [
        NotRead(
            path,
            f"item {item.number}, {item.described}, left no file ({item.code or 'no result code'})",
            state=None,
        )
        for item in absent
    ]
