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


def test_of_many_sources_the_cut_and_the_absent_ones_are_drawn(texts):
    given = [("a", f"s{number:02}", "present") for number in range(40)]
    given += [("a", "z1", "absent"), ("a", "z2", "partial"), ("a", "z3", "not_applicable")]
    ax = draw_coverage(coverage(*given), most=3)
    assert [label.get_text() for label in ax.get_yticklabels()] == ["z1", "z2"]
    assert "and 41 more sources: 40 present, 1 not applicable" in texts(ax)
    assert ax.figure.get_label() == (
        "43 sources of 1 device: 40 present, 1 partial, 1 not applicable, 1 absent; "
        "2 sources drawn of 1 device, and 41 more sources: 40 present, 1 not applicable."
    )


def test_of_many_devices_those_that_lack_something_have_a_column_and_no_figure_is_wider_than_a_page(texts):
    given = [(f"d{number:02}", "x", "absent" if number == 33 else "present") for number in range(40)]
    ax = draw_coverage(coverage(*given))
    assert "d33" in [label.get_text() for label in ax.get_xticklabels()]
    assert "and 11 more devices: 11 present" in texts(ax)
    assert ax.figure.get_size_inches()[0] == 12
