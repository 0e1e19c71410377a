"""Room 1: what was handed in, opened: a folder, a ZIP, a cabinet, one inside another, or a single file."""

from __future__ import annotations

from autopilot_analysis.export.export import Export, Member, NotRead
from autopilot_analysis.export.limits import Limits
from autopilot_analysis.export.manifest import Directive, Manifest, parse_manifest
from autopilot_analysis.export.marker import is_dataset
from autopilot_analysis.export.opening import content_hash, open_export
from autopilot_analysis.export.sources import Source, sources

__all__ = [
    "Directive",
    "Export",
    "Limits",
    "Manifest",
    "Member",
    "NotRead",
    "Source",
    "content_hash",
    "is_dataset",
    "open_export",
    "parse_manifest",
    "sources",
]
