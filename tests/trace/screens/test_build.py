"""Screens: pages of each sitting, how long each stood there, what it said and what was pressed."""

from datetime import timedelta
from shutil import copyfile

import polars as pl
import pytest

from autopilot_analysis import build_trace, open_export, read_tables
from autopilot_analysis.tables import Screen, StageRun
from autopilot_analysis.trace.place import spans_of
from autopilot_analysis.trace.screens.build import (
    build_screens,
    kind_of,
    owner_of,
    screens_in_attempts,
    signals_of,
    title_of,
)

NO_RUNS = StageRun.create_empty()


@pytest.fixture
def screens(rows, traced):
    """The screens that these reports of one trace give."""

    def build(*reports, **more):
        return build_screens(rows("events", *(traced(*report, **more) for report in reports)))

    return build


def spans(frame):
    """Screen, seconds to visible, seconds to the end, result."""
    at = pl.col("at")
    return frame.select(
        "screen",
        (pl.col("visible_at") - at).dt.total_microseconds() / 1e6,
        (pl.col("waited")).dt.total_microseconds() / 1e6,
        "result",
    ).rows()


def test_a_page_stands_from_its_start_to_its_end_and_is_seen_from_its_first_load(screens):
    frame = screens(
        (0, 62404, "OobeRegion"),
        (0.5, 62407, "Visible", "true"),
        (3, 62407, "Visible", "true"),
        (9.25, 62405, "success"),
        (9.5, 62404, "OobeKeyboard"),
        (9.75, 62405, "abort"),
    )
    assert spans(frame) == [("OobeRegion", 0.5, 9.25, "success"), ("OobeKeyboard", None, 0.25, "abort")]
    assert frame["title"].to_list() == ["Region", "Keyboard"]
    assert Screen.is_valid(frame)


def test_a_page_that_never_ended_has_no_end(screens):
    frame = screens((0, 62404, "OobeRegion"), (5, 62404, "OobeKeyboard"), (6, 62407, "Visible", "true"))
    assert spans(frame) == [("OobeRegion", None, None, None), ("OobeKeyboard", 1.0, None, None)]


def test_the_end_of_a_page_that_nobody_saw_begin_ends_nothing(screens):
    frame = screens(
        (0, 62405, "success"), (1, 62404, "OobeRegion"), (2, 62405, "success"), (3, 62405, "fail")
    )
    assert spans(frame) == [("OobeRegion", None, 1.0, "success")]


@pytest.mark.parametrize(
    ("reports", "sittings"),
    [
        ([(0, 62404, "OobeRegion"), (1, 62404, "StartSelector"), (2, 62404, "OobeRegion")], [1, 2, 2]),
        ([(0, 62400, "ms-cxh://FRX"), (1, 62404, "StartSelector"), (2, 62404, "OobeRegion")], [1, 1]),
        (
            [(0, 62404, "OobeRegion"), (1, 62400, "x"), (2, 62404, "OobeAAD"), (3, 62404, "OobeEula")],
            [1, 2, 2],
        ),
    ],
)
def test_a_sitting_opens_with_oobe_or_with_its_first_page(screens, reports, sittings):
    assert screens(*reports)["sitting"].to_list() == sittings


def test_the_next_trace_is_the_next_sitting_and_ends_no_page(rows, traced):
    frame = build_screens(
        rows(
            "events",
            traced(0, 62404, "OobeRegion"),
            traced(60, 62405, "success", member="oobe.etl.002", record=1),
            traced(61, 62404, "OobeAAD", member="oobe.etl.002", record=2),
        )
    )
    assert frame.select("sitting", "screen", "ended_at").rows() == [
        (1, "OobeRegion", None),
        (2, "OobeAAD", None),
    ]


def test_spans_of_one_trace_are_exact_whatever_the_clock_did(rows, traced, logged, start):
    pages = [(0, 62404, "OobeAAD"), (1, 62407, "Visible", "true"), (2, 62406, "a"), (100, 62405, "success")]
    ours = [traced(*page, off=-5 if n < 3 else -5.5) for n, page in enumerate(pages)]
    theirs = [logged(*page) for page in pages]
    frame = build_screens(rows("events", *ours, *theirs))
    assert spans(frame) == [("OobeAAD", 1.0, 99.5, "success")]
    assert frame["ended_at"].to_list() == [start + timedelta(seconds=99.5)]
    assert frame["member"].to_list() == ["shell.evtx"]


def test_an_error_page_inside_sign_in_stands_until_it_is_left(screens, start):
    frame = screens(
        (0, 62404, "OobeAAD"),
        (1, 62407, "Visible", "true"),
        (10, 62407, "CDJUIError", "80180014"),
        (11, 62407, "CDJUIShowPage", "idErrorPage"),
        (41, 62407, "CDJUIShowPage", "idProgressRingPage"),
        (50, 62407, "CDJUIShowPage", "idErrorPage"),
        (60, 62405, "fail"),
    )
    assert frame.select("error", "code", "error_at", "error_waited").rows() == [
        ("80180014", "0x80180014", start + timedelta(seconds=11), timedelta(seconds=40))
    ]


def test_trying_again_leaves_the_error_page(screens):
    frame = screens(
        (0, 62404, "OobeAAD"),
        (1, 62407, "CDJUIError", "ztdTenantMismatch"),
        (2, 62407, "CDJUIShowPage", "idErrorPage"),
        (9, 62406, "CDJUIClickOnErrorTryAgain"),
        (30, 62405, "fail"),
    )
    assert frame.select("error", "code", "error_waited", "choices").rows() == [
        ("ztdTenantMismatch", None, timedelta(seconds=7), "CDJUIClickOnErrorTryAgain")
    ]


def test_fail_alone_is_no_error(screens):
    frame = screens((0, 62404, "OobeAAD"), (1, 62407, "Visible", "true"), (30, 62405, "fail"))
    assert frame.select("error", "code", "error_at").rows() == [(None, None, None)]


def test_a_page_that_is_an_error_page_is_one_from_the_moment_it_is_seen(screens, start):
    seen = screens((0, 62404, "OobeNetworkLossError"), (1, 62407, "Visible", "true"), (8, 62405, "success"))
    unseen = screens((0, 62404, "OobeNetworkLossError"), (8, 62405, "success"))
    assert seen.select("error", "error_at", "error_waited").rows() == [
        ("Error page: no network", start + timedelta(seconds=1), timedelta(seconds=7))
    ]
    assert unseen.select("error", "error_at").rows() == [(None, None)]


@pytest.mark.parametrize(("result", "error"), [("fail", "Pre-provisioning: result"), ("success", None)])
def test_the_result_of_pre_provisioning_is_an_error_page_when_its_start_failed(screens, result, error):
    frame = screens(
        (0, 62404, "AutopilotWhiteGloveLanding"),
        (5, 62405, result),
        (6, 62404, "AutopilotWhiteGloveResult"),
        (7, 62407, "Visible", "true"),
    )
    assert frame["error"].to_list() == [None, error]


@pytest.mark.parametrize(
    ("value", "error", "code"),
    [
        ('{"message":"x","errorCode":-2145910764}', "CommercialOOBE_Step: x", "0x80180014"),
        ('{"message":"x","errorCode":"0x80180014"}', "CommercialOOBE_Step: x", "0x80180014"),
        ('{"message":"","errorCode":"0x80180014"}', "CommercialOOBE_Step", "0x80180014"),
        ('{"message":"x","errorCode":0}', None, None),
    ],
)
def test_a_step_that_reports_an_error_code_says_which_and_in_its_own_words(screens, value, error, code):
    frame = screens((0, 62404, "AutoPilotPrefetch"), (1, 62407, "CommercialOOBE_Step", value))
    assert frame.select("error", "code").rows() == [(error, code)]


def test_the_first_error_stays(screens):
    frame = screens(
        (0, 62404, "OobeAAD"), (1, 62407, "CDJUIError", "80180014"), (2, 62407, "CDJUIError", "801c0003")
    )
    assert frame.select("error", "code").rows() == [("80180014", "0x80180014")]


def test_what_was_pressed_is_listed_in_order_each_once(rows, traced):
    frame = build_screens(
        rows(
            "events",
            traced(0, 62404, "OobeAAD"),
            traced(1, 62406, "nextButton", pressed=True),
            traced(2, 62407, "Identity.Login.Clicked", "null"),
            traced(3, 62406, "nextButton", pressed=True),
            traced(4, 62406, "CloudNDUPOptoutLinkClicked"),
            traced(5, 62406, "Ready"),
        )
    )
    assert frame["choices"].to_list() == ["nextButton, Identity.Login.Clicked, CloudNDUPOptoutLinkClicked"]


def test_an_unknown_page_is_shown_as_written(screens):
    assert screens((0, 62404, "OobeSomethingNew"))["title"].to_list() == ["OobeSomethingNew"]
    assert title_of("oobeREGION") == "Region"
    assert (kind_of("OobeNetworkLossError"), kind_of("x")) == ("error", None)
    assert (owner_of("AutopilotWhiteGloveResult"), owner_of("x")) == ("AutopilotWhiteGloveLanding", None)


def test_a_report_may_mean_several_things_or_nothing():
    assert signals_of("CDJUIShowPage", "idErrorPage") == {"error_page", "error_page_left"}
    assert signals_of("CDJUIShowPage", "other") == {"error_page_left"}
    assert signals_of("CDJUIError", "") == set()
    assert signals_of("CDJUIClickOnErrorTryAgain", "") == {"error_page_left", "choice"}
    assert signals_of("InVisible", "true") == set()


def test_a_screen_belongs_to_the_attempt_that_had_begun_and_first_steps_to_what_follows(rows, screens, start):
    frame = screens(
        (0, 62404, "StartSelector"), (1, 62405, "success"), (2, 62404, "OobeAAD"), (9, 62405, "success"),
        (20, 62404, "StartSelector"), (21, 62405, "success"), (40, 62404, "OobeRegion"),
    )  # fmt: skip
    attempts = rows(
        "attempts",
        {"attempt": 1, "started_at": start + timedelta(seconds=5), "outcome": "failed"},
        {"attempt": 2, "started_at": start + timedelta(seconds=30), "outcome": "failed"},
    )
    spans = spans_of(attempts, NO_RUNS)
    assert screens_in_attempts(frame, attempts, spans)["attempt"].to_list() == [1, 1, 1, 2]
    assert screens_in_attempts(frame, attempts.clear(), spans.clear())["attempt"].to_list() == [None] * 4


def test_devices_are_kept_apart(rows, traced):
    given = [traced(0, 62404, "OobeRegion"), traced(1, 62404, "OobeAAD")]
    events = rows("events", {**given[0], "device": "A"}, {**given[1], "device": "B"})
    assert build_screens(events).select("device", "sitting", "screen").rows() == [
        ("A", 1, "OobeRegion"),
        ("B", 1, "OobeAAD"),
    ]


def test_no_reports_give_no_screens(rows):
    frame = build_screens(rows("events"))
    assert frame.is_empty()
    assert Screen.is_valid(frame)


EXPECTED = [
    ("StartSelector", None, 0.168, "success"),
    ("AutoPilotPrefetch", None, 1.516, "success"),
    ("OobeLanguage", None, 0.033, "success"),
    ("OobeLanguageAutoPilot", None, 0.034, "success"),
    ("OobeRegion", 0.542, None, None),
    ("StartSelector", None, 0.129, "success"),
    ("AutoPilotPrefetch", None, 1.596, "success"),
    ("OobeLanguage", None, 0.103, "success"),
    ("OobeLanguageAutoPilot", None, 0.060, "success"),
    ("OobeRegion", 1.032, None, None),
]


@pytest.mark.parametrize(("pattern", "most_off"), [("*", 0.0006), ("*.etl.*", 0.0006), ("*.evtx", 0.012)])
def test_a_genuine_device_shows_the_same_screens_by_traces_by_the_log_and_by_both(
    genuine, tmp_path, pattern, most_off
):
    for path in (genuine / "oobe-traces").glob(pattern):
        if path.is_file():
            copyfile(path, tmp_path / path.name)
    with open_export(tmp_path) as export:
        frame = build_trace(read_tables(export)).screens
    assert frame["sitting"].to_list() == [1] * 5 + [2] * 5
    for found, expected in zip(spans(frame), EXPECTED, strict=True):
        assert (found[0], found[3]) == (expected[0], expected[3])
        for ours, theirs in zip(found[1:3], expected[1:3], strict=True):
            assert (ours is None) == (theirs is None)
            assert ours is None or abs(ours - theirs) <= most_off
    cited = set(frame["member"].str.contains("evtx", literal=True))
    assert cited == {pattern != "*.etl.*"}


def test_a_genuine_log_of_oobe_alone_gives_its_screens(genuine):
    with open_export(genuine / "windows11-event-logs") as export:
        frame = build_trace(read_tables(export, only=["events"])).screens
    assert (frame.height, frame["ended_at"].count(), frame["sitting"].max()) == (53, 51, 3)
