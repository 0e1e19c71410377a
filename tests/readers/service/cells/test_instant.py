from datetime import UTC, datetime

import polars as pl
import pytest

from autopilot_analysis.readers.service.cells.instant import read_instants, read_together

NOON = datetime(2026, 5, 31, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2026-05-31T12:00:00Z", "2026-05-31T14:00:00.0000000+02:00", "2026-05-31 12:00:00.0000000",
        "2026-05-31T12:00:00", "2026-05-31 12:00", "5/31/2026, 12:00 PM", "5/31/2026 12:00:00 PM",
        "31.05.2026 12:00",
        "31/05/2026 12:00:00", "31/05/2026, 12:00:00 pm", "31-05-2026 12:00:00", "2026/5/31 12:00:00",
        "5/31/2026, 12:00:00\u202fPM", "5/31/2026, 12:00:00.000 PM", "/Date(1780228800000)/",
        "/Date(1780228800000+0200)/",
    ],
)  # fmt: skip
def test_every_known_spelling_of_a_time_is_read(text):
    assert read_instants(pl.Series([text])).values.to_list() == [NOON]


def test_a_date_that_could_be_two_days_is_not_guessed():
    instants = read_instants(pl.Series(["5/6/2026 14:03", "7/8/2026 09:00"]))
    assert instants.values.null_count() == 2
    assert (instants.unreadable, instants.ambiguous) == (2, True)


def test_one_date_above_twelve_settles_the_order_for_the_column():
    assert read_instants(pl.Series(["5/6/2026 14:03", "31/5/2026 09:00"])).values.dt.month().to_list() == [
        6,
        5,
    ]


@pytest.mark.parametrize(("text", "month"), [("5/6/2026, 2:03 PM", 5), ("5.6.2026 14:03", 6)])
def test_where_no_number_decides_the_spelling_does(text, month):
    assert read_instants(pl.Series([text])).values.dt.month().to_list() == [month]


def test_a_date_that_begins_with_the_year_needs_no_other_to_be_certain():
    assert read_instants(pl.Series(["2026/5/6 9:03:00"])).values.to_list() == [
        datetime(2026, 5, 6, 9, 3, tzinfo=UTC)
    ]


def test_numbers_above_twelve_in_both_places_settle_nothing():
    assert read_instants(pl.Series(["13/1/2026 09:00", "1/13/2026 09:00"])).ambiguous


def test_never_is_null_and_is_not_counted():
    instants = read_instants(pl.Series(["0001-01-01T00:00:00Z", None, ""]))
    assert (instants.values.null_count(), instants.unreadable) == (3, 0)


def test_one_column_says_for_all_of_its_export_which_number_is_the_month():
    first, second = read_together([pl.Series(["5/6/2026 14:03"]), pl.Series([None, "31/5/2026 09:00"])])
    assert first.values.dt.month().to_list() == [6]
    assert second.values.dt.month().to_list() == [None, 5]
    assert (first.unreadable, second.unreadable) == (0, 0)


def test_each_column_counts_its_own_cells_that_are_no_time():
    columns = [pl.Series(["soon", "2026-05-06T12:00:00Z"]), pl.Series(["/Date(1778068800000)/"] * 2)]
    first, second = read_together(columns)
    assert (first.unread.to_list(), second.unread.to_list()) == ([True, False], [False, False])
    assert first.values.to_list()[1] == second.values.to_list()[0]


@pytest.mark.parametrize("text", ["29-Nov-2026 21:05:00", "29-Nov-2026"])
def test_a_month_by_its_name_leaves_no_doubt(text):
    read = read_instants(pl.Series([text]))
    assert read.values.dt.strftime("%Y-%m-%d").to_list() == ["2026-11-29"]
    assert (read.unreadable, read.ambiguous) == (0, False)
