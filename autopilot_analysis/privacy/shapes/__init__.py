"""Identifiers that their shape alone gives away, wherever they stand: addresses, folders, keys, hashes."""

from __future__ import annotations

from autopilot_analysis.privacy.shapes.search import from_shapes
from autopilot_analysis.privacy.shapes.shape import matches

__all__ = ["from_shapes", "matches"]
