from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from autopilot_analysis.report.page.frames import lay_out, same_in_words, spell
from autopilot_analysis.tables.outcomes import CACHED
from autopilot_analysis.tables.story import TRIED_AGAIN
from autopilot_analysis.wording import NAMES


@pytest.mark.parametrize(
    ("value", "name", "text"),
    [
        (None, "", ""),
        (True, "", "yes"),
        (timedelta(minutes=65), "waited", "1 h 05 min"),
        (timedelta(microseconds=903_885), "waited", "0.9 s"),
        (datetime(2026, 3, 2, 8, 0, 0, 300_000, tzinfo=UTC), "at", "2026-03-02 08:00:00"),
        (0.3949, "share", "39.5 %"),
        (0.3949, "lift", "0.395"),
        (1.5, "hours", "1 h 30 min"),
        (0.25, "days", "6 h"),
        (231.1, "lost", "3 h 51 min"),
        (2.5843e-11, "q", "below 0.001"),
        (2.5843e-11, "effect", "2.58e-11"),
        (12_345.6, "minutes", "12,346"),
        (54_747, "bytes", "55 kB"),
        (61_000_000, "downloaded_bytes", "61 MB"),
        (54_747, "records", "54,747"),
        (54_747, "record", "54747"),
        ("mdm_enrollment", "stage", "MDM enrolment"),
        ("mdm_enrollment", "name", "mdm_enrollment"),
        ("internet_missing", "what", "internet missing"),
        ("went from a_b to c", "what", "went from a_b to c"),
        ('{"HRESULT":"0x80180014"}', "quote", "HRESULT: 0x80180014"),
        (["a", "b"], "", "a, b"),
        ({"total_sum": 3}, "", "total sum 3"),
        ("\x1b[31mred", "", "\\x1b[31mred"),
        (float("nan"), "", "not known"),
    ],
)
def test_a_value_reads_as_people_write_it(value, name, text):
    assert spell(value, name) == text


def columns(laid):
    return [column["name"] for column in laid["columns"]]


def test_empty_columns_go_and_one_value_in_every_row_is_said_once():
    frame = pl.DataFrame({"device": ["d", "d"], "empty": [None, None], "n": [1, 2]})
    laid = lay_out(frame, most=10)
    assert columns(laid) == ["N"]
    assert laid["rows"] == [[["1", 1]], [["2", 2]]]
    assert same_in_words(laid["same"]) == "In every row: Device d."


def test_a_single_row_and_a_frame_of_one_value_keep_their_columns():
    assert columns(lay_out(pl.DataFrame({"a": ["x"], "b": [None]}), most=9)) == ["A"]
    assert columns(lay_out(pl.DataFrame({"a": ["x", "x"]}), most=9)) == ["A"]


def test_a_share_with_its_counts_and_interval_is_one_statement():
    frame = pl.DataFrame(
        {
            "g": ["a", "b"],
            "n": [36, 3],
            "k": [14, 1],
            "share": [0.39, 0.33],
            "low": [0.25, 0],
            "high": [0.55, 1],
        }
    )
    laid = lay_out(frame, most=9)
    assert columns(laid) == ["G", "Share"]
    assert [row[1] for row in laid["rows"]] == [["14 of 36 (39 %, 25 to 55 %)", 0.39], ["1 of 3", 0.33]]


def test_levels_of_a_change_read_as_what_they_measure():
    frame = pl.DataFrame(
        {"g": ["a", "b"], "measure": ["failed", "total"], "before": [0.039, 30], "after": [0.395, 65]}
    )
    assert [row[-1] for row in lay_out(frame, most=9)["rows"]] == [
        "from 3.9 % to 39.5 %",
        "from 30 min to 1 h 05 min",
    ]


def test_a_code_carries_its_meaning_unless_the_frame_explains_it():
    frame = pl.DataFrame({"code": ["0x80180014", "0x12345678"], "meaning": ["a", "b"]})
    bare = [row[0] for row in lay_out(frame, most=9)["rows"]]
    told = [row[0] for row in lay_out(frame.drop("meaning"), most=9)["rows"]]
    assert bare == ["0x80180014", "0x12345678"]
    assert told[0].startswith("0x80180014: The service does not accept this device")
    assert told[1] == "0x12345678"


def test_instants_say_utc_in_their_header_and_days_have_no_time():
    days = [datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 3, tzinfo=UTC)]
    frame = pl.DataFrame({"day": days, "started_at": [day.replace(hour=8) for day in days]})
    laid = lay_out(frame, most=9)
    assert columns(laid) == ["Day", "Started (UTC)"]
    assert laid["rows"][0] == ["2026-03-02", "2026-03-02 08:00:00"]


def test_spans_and_numbers_sort_by_their_value():
    laid = lay_out(pl.DataFrame({"waited": [timedelta(minutes=9), timedelta(hours=1)]}), most=9)
    assert laid["rows"] == [[["9 min", 540.0]], [["1 h", 3600.0]]]


def test_rows_beyond_the_most_are_counted():
    laid = lay_out(pl.DataFrame({"n": range(5)}), most=2)
    assert (len(laid["rows"]), laid["total"]) == (2, 5)


def test_a_sentence_that_is_alike_in_every_row_stands_by_itself():
    sentence = "Only attempts that succeeded are counted: what a failed one would have done is not known."
    laid = lay_out(pl.DataFrame({"k": [1, 2], "n": [9, 9], "assumptions": [sentence] * 2}), most=9)
    assert same_in_words(laid["same"]) == f"In every row: N 9. Assumptions: {sentence}"


def codes_of(frame):
    other = pl.DataFrame({"code": ["0x87D1041C"]})  # what is alike in every row stands above the table
    laid = lay_out(pl.concat([frame, other], how="diagonal"), most=frame.height)
    place = [column["name"] for column in laid["columns"]].index("Code")
    return [row[place] for row in laid["rows"]]


def test_a_code_means_what_it_means_in_the_stage_of_its_row():
    code = "0x8007000D"
    joined, prepared, nowhere = codes_of(
        pl.DataFrame({"stage": ["entra_join", "device_setup", None], "code": [code] * 3})
    )
    assert joined == f"{code}: The reply was not the expected JSON; usually a proxy answered with a web page"
    assert prepared == nowhere == f"{code}: The data are not valid"


@pytest.mark.parametrize(
    ("column", "value"),
    [("afterwards", TRIED_AGAIN), ("outcome", "in_progress"), ("download_outcome", CACHED)],
)
def test_a_value_of_ours_reads_as_it_does_everywhere(column, value, monkeypatch):
    assert spell(value, column) == value.replace("_", " ")
    monkeypatch.setitem(NAMES, value, "another word")
    assert spell(value, column) == "another word"


@pytest.mark.parametrize("column", ["stage", "failed_stage"])
def test_the_stage_is_that_which_failed_where_the_row_is_an_attempt(column):
    frame = pl.DataFrame({column: ["mdm_enrollment", "device_setup"], "code": ["0x8007065D"] * 2})
    refused, installed = codes_of(frame)
    assert refused.endswith(": A value sent to the device has the wrong type")
    assert installed.endswith(": A value has the wrong type")


def test_a_row_that_tells_its_scenario_gives_its_code_the_meaning_of_both():
    frame = pl.DataFrame(
        {
            "scenario": ["hybrid_join", "user_driven"],
            "stage": ["entra_join"] * 2,
            "code": ["0x801C03F2"] * 2,
        }
    )
    hybrid, other = codes_of(frame)
    assert "The directory does not hold the device yet" in hybrid
    assert other.endswith(": The directory could not serve the registration")


def test_the_phase_of_a_try_at_an_app_is_its_stage():
    frame = pl.DataFrame({"phase": ["device", "account", None], "code": ["0x80091006"] * 3})
    device, account, nowhere = codes_of(frame)
    assert device == account != nowhere
    assert "the server answered" in device.lower()
    assert nowhere.endswith(": A signed message lacks an attribute that is expected in it")
