from __future__ import annotations

import polars as pl

from autopilot_analysis import draw_coverage
from autopilot_analysis.tables import Coverage


def coverage(*given):
    schema = Coverage.create_empty().schema
    rows = [{"device": d, "source": s, "presence": p, "members": 1, "records": 7} for d, s, p in given]
    return pl.DataFrame([{c: r.get(c) for c in schema} for r in rows], schema=schema)


def test_each_presence_has_a_marker_of_its_own():
    ax = draw_coverage(
        coverage(
            ("a", "x", "present"), ("a", "y", "partial"), ("a", "z", "absent"), ("a", "w", "not_applicable")
        )
    )
    looks = {line.get_label(): (line.get_marker(), line.get_fillstyle()) for line in ax.lines}
    assert len(looks) == len(set(looks.values())) == 4


def test_a_dot_stands_where_source_and_device_cross():
    ax = draw_coverage(coverage(("a", "x", "present"), ("b", "y", "present")))
    (line,) = ax.lines
    assert list(zip(line.get_xdata(), line.get_ydata(), strict=True)) == [(0, 0), (1, 1)]


def test_nothing_says_so():
    assert [t.get_text() for t in draw_coverage(coverage()).texts] == ["no source was seen"]
