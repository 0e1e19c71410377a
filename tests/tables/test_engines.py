from __future__ import annotations

from autopilot_analysis.tables.engines import LARGE, engine_for


def test_only_what_is_large_is_grouped_by_the_engine_that_needs_little_memory():
    assert (engine_for(0), engine_for(LARGE - 1), engine_for(LARGE)) == (
        "in-memory",
        "in-memory",
        "streaming",
    )
