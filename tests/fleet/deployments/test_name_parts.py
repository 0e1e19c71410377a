"""The parts of device names as groups; every name is made up."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from autopilot_analysis.fleet import explain
from autopilot_analysis.fleet.deployments.name_parts import NAME_PREFIX, NAME_SUFFIX, with_name_parts


def named(*forms, serial=None):
    """So many devices of each form, numbered through."""
    names = [form.format(n) for count, form in forms for n in range(count)]
    serials = [serial.format(n) if serial else None for n in range(len(names))]
    return pl.DataFrame({"name": names, "serial": pl.Series(serials, dtype=pl.String)})


@pytest.mark.parametrize(
    ("frame", "column", "parts"),
    [
        (named((12, "lis-5CG{:03}"), (11, "OPO-5CG{:03}")), NAME_PREFIX, {"LIS": 12, "OPO": 11}),
        (named((12, "LIS_NB_{:03}"), (11, "OPO-{:03}-X1")), NAME_PREFIX, {"LIS": 12, "OPO": 11}),
        (named((12, "LIS{:03}"), (11, "OPO{:03}"), (9, "FAO{:03}")), NAME_PREFIX, {"LIS": 12, "OPO": 11}),
        (named((12, "PC-{:03}-LIS"), (11, "PC-{:03}-OPO")), NAME_SUFFIX, {"LIS": 12, "OPO": 11}),
    ],
)
def test_frequent_parts_of_names_are_told(frame, column, parts):
    told = with_name_parts(frame)
    assert dict(told[column].drop_nulls().value_counts().iter_rows()) == parts
    assert ({NAME_PREFIX, NAME_SUFFIX} & set(told.columns)) == {column}
    assert with_name_parts(told) is told


@pytest.mark.parametrize(
    "frame",
    [
        named((40, "DE-{:03}")),
        named((40, "DE-{:03}"), (9, "AT-{:03}")),  # the second has few devices
        named((40, "PF-{:03}"), (40, "PF-{:03}"), serial="PF{:03}"),
        named((40, "5CG{:03}"), (40, "8CC{:03}")),  # serials as names
        named((20, "PF{:03}AB"), (20, "MJ{:03}AB")),
        named((20, "NB-{:03}"), (20, "DESKTOP-AB{:03}")),  # Windows named it: it failed before its name
        named((10, "AB-{:03}"), (10, "CD-{:03}"), (21, "{:05}")),  # most are named otherwise
        pl.DataFrame({"device": ["LIS-1"]}),
        named((20, "AB-{:03}"), (20, "CD-{:03}")).with_columns(device_name_prefix=pl.lit("x")),
    ],
)
def test_names_without_two_frequent_parts_add_nothing(frame):
    assert with_name_parts(frame).columns == frame.columns


def test_a_serial_that_begins_like_the_name_names_a_maker():
    frame = named((20, "PF-{:03}"), (20, "MJ-{:03}"))
    makers = frame.with_columns(serial=pl.col("name").str.replace("-", ""))
    assert NAME_PREFIX in with_name_parts(frame).columns
    assert NAME_PREFIX not in with_name_parts(makers).columns


def test_tries_of_one_device_are_one_device():
    again = pl.concat([named((30, "LIS-{:03}")), *[named((1, "OPO-{:03}"))] * 12])
    assert NAME_PREFIX not in with_name_parts(again).columns


def sites(hit):
    """Deployments over a month, one a device, at three sites in turn."""
    start, rows = datetime(2026, 1, 5, 9, tzinfo=UTC), range(240)
    return pl.DataFrame(
        {
            "device": [f"D-{n}" for n in rows],
            "origin": "report_v2",
            "started_at": [start + timedelta(hours=3 * n) for n in rows],
            "outcome": ["failed" if hit(n) else "succeeded" for n in rows],
            "name": [f"{('LIS', 'OPO', 'FAO')[n % 3]}-{n}" for n in rows],
        }
    )


def test_a_site_that_fails_since_a_day_is_no_matter_of_all_attempts():
    found = explain(sites(lambda n: (n % 3 == 0 and n > 120 and n % 4 < 3) or n % 40 == 0))
    assert found.contrasts["where"].to_list() == ['{"device_name_prefix": "LIS"}']
    assert "{}" not in found.changes["where"].to_list()


def test_where_every_site_moves_it_is_all_attempts():
    found = explain(sites(lambda n: (n > 120 and n % 2 == 0) or n % 40 == 0))
    assert found.contrasts.is_empty()
    assert found.changes["where"].to_list() == ["{}"]
