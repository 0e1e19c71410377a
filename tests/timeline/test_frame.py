from __future__ import annotations

from datetime import timedelta

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from autopilot_analysis.tables import LANES, OCCURRENCES, schema_of
from autopilot_analysis.timeline import build_timeline


def test_every_record_and_every_part_of_the_story_is_one_row(refused, timeline):
    counts = dict(timeline["kind"].cast(pl.String).value_counts().iter_rows())
    tables, trace, findings = refused
    expected = {
        "event": tables.events.height, "log_line": tables.log_lines.height, "mark": trace.marks.height,
        "stage": trace.stage_runs.height, "attempt": trace.attempts.height,
        "install": trace.installs.height, "step": trace.steps.height, "finding": findings.findings.height,
    }  # fmt: skip
    assert {kind: counts.get(kind, 0) for kind in expected} == expected
    assert timeline.schema == schema_of("timeline")
    assert set(counts) <= set(OCCURRENCES)
    assert set(timeline["lane"]) <= set(LANES)


def test_rows_stand_in_order_of_time_with_undated_ones_at_the_end(world):
    rows = [world.event(1, 5, 160), world.event(2, None, 161), world.event(3, 1, 164)]
    line = build_timeline(world.tables({"events": world.frame("events", *rows)}))
    assert line["record"].to_list() == [3, 1, 2]
    assert line["id"].to_list() == [1, 2, 3]
    assert line["at"].to_list() == [world.at(1), world.at(5), None]


def test_a_known_event_has_its_wording_and_lane_and_an_unknown_one_its_provider_and_id(world):
    rows = [
        world.event(1, 0, 164),
        world.event(2, 1, 100, level=3, data='{"Message1":"X"}'),
        world.event(3, 2, 77, provider="Microsoft-Windows-Own", data='{"A":"b","C":1}'),
    ]
    line = build_timeline(world.tables({"events": world.frame("events", *rows)}))
    expected = pl.DataFrame(
        {
            "title": [
                "Internet is available",
                "Autopilot policy not found (usual while the profile is awaited) · Message1: X",
                "Own 77 · A: b, C: 1",
            ],
            "lane": ["network", "records", "records"],
            "track": ["Records", rows[1]["channel"], "Microsoft-Windows-Own/Autopilot"],
            "level": ["info", "warning", "info"],
            "dim": [False, True, False],
        }
    )
    shown = line.select(pl.col("title"), pl.col("lane", "track", "level").cast(pl.String), pl.col("dim"))
    assert_frame_equal(shown, expected)


@pytest.mark.parametrize(("signs", "length", "last"), [(80, 80, "x"), (81, 80, "…")])
def test_a_title_has_at_most_80_signs_and_stands_on_one_line(world, signs, length, last):
    rows = world.frame("log_lines", world.line(1, 0, "a\r\n\t b " + "x" * (signs - 4)))
    title = build_timeline(world.tables({"log_lines": rows}))["title"][0]
    assert (len(title), title[:5], title[-1]) == (length, "a b x", last)


def test_a_log_line_keeps_what_was_written_beside_the_instant(world):
    written = world.at(3600).replace(tzinfo=None)
    rows = world.frame("log_lines", world.line(7, 0, "it failed", severity="error", written_at=written))
    row = build_timeline(world.tables({"log_lines": rows})).row(0, named=True)
    assert (row["at"], row["written_at"], row["clock"]) == (world.at(0), written, "device_zone")
    assert (row["track"], row["provider"], row["level"]) == ("Agent.log", "Agent", "error")
    assert (row["member"], row["record"], row["text"]) == ("logs/Agent.log", 7, "it failed")


def test_an_event_that_is_a_mark_stands_in_its_lane_once(world):
    events = world.frame("events", world.event(1, 0, 164), world.event(2, 1, 286))
    mark = {
        "at": world.at(0),
        "mark": "internet_available",
        "stage": "network",
        "member": "a.evtx",
        "record": 1,
    }
    line = build_timeline(
        world.tables({"events": events}), world.trace({"marks": world.frame("marks", mark)})
    )
    lanes = dict(line.select(pl.concat_str("kind", "record"), pl.col("lane").cast(pl.String)).iter_rows())
    assert lanes == {"event1": "records", "mark1": "network", "event2": "profile"}


def test_spans_have_an_end_or_say_that_it_was_not_seen(world):
    ended, failed = {"outcome": "succeeded"}, {"outcome": "failed", "code": "0x80180014"}
    runs = [
        {"stage": "network", "started_at": world.at(0), "ended_at": world.at(9), **ended},
        {"stage": "entra_join", "started_at": world.at(9), "outcome": "unknown"},
        {"stage": "mdm_enrollment", "ended_at": world.at(20), **failed},
        {"stage": "account_setup", "outcome": "skipped"},
    ]  # fmt: skip
    line = build_timeline(
        world.tables({}),
        world.trace({"stage_runs": world.frame("stage_runs", *({"attempt": 1} | run for run in runs))}),
    )
    assert line.select("title", "at", "ended_at", "open").rows() == [
        ("Network · succeeded", world.at(0), world.at(9), False),
        ("Entra join · unknown", world.at(9), None, True),
        ("MDM enrolment · failed · 0x80180014", world.at(20), None, False),
        ("Account setup · skipped", None, None, False),
    ]


def test_an_install_runs_from_its_first_sign_of_life_to_its_last(world):
    app = {
        "item": "{1}", "name": "Example Viewer", "kind": "win32", "try_number": 2, "outcome": "failed",
        "download_started_at": world.at(10), "started_at": world.at(20), "ended_at": world.at(30),
        "code": "0x8007EA61", "member": "AppWorkload.log", "record": 3,
    }  # fmt: skip
    line = build_timeline(world.tables({}), world.trace({"installs": world.frame("installs", app)}))
    row = line.row(0, named=True)
    assert (row["at"], row["ended_at"], row["open"]) == (world.at(10), world.at(30), False)
    assert (row["lane"], row["track"], row["level"]) == ("apps", "Example Viewer", "error")
    assert row["title"] == "Example Viewer · try 2 · failed · 0x8007EA61"


def test_a_sleep_is_a_span_and_a_clock_step_a_warning(world):
    place = {"member": "a.evtx", "record": 1}
    steps = [
        {"at": world.at(0), "kind": "sleep", "amount": timedelta(seconds=60)} | place,
        {"at": world.at(90), "kind": "clock_step", "detail": "clock went back"} | place,
    ]  # fmt: skip
    line = build_timeline(world.tables({}), world.trace({"steps": world.frame("steps", *steps)}))
    assert line.select("title", "ended_at", "level").rows() == [
        ("Asleep", world.at(60), "info"),
        ("Clock was set: clock went back", None, "warning"),
    ]


def test_findings_and_their_evidence_name_each_other(refused, timeline):
    proven = timeline.filter(pl.col("findings").list.len() > 0).explode("findings")
    place = ["device", "member", "record"]
    for finding in refused.findings.findings["id"]:
        of_it = proven.filter(pl.col("findings") == finding)
        proofs = refused.findings.evidence.filter(pl.col("finding") == finding)
        assert proofs.join(of_it, on=place, how="anti", nulls_equal=True).is_empty()
        assert of_it.filter(pl.col("kind") == "finding").height == 1


def test_a_proof_that_lies_in_no_record_is_a_row_of_its_own(world):
    found = {
        "id": 1,
        "rule": "R",
        "severity": "high",
        "confidence": 1.0,
        "title": "T",
        "meaning": "M",
        "role": "cause",
    }
    proof = {"finding": 1, "rule": "R", "member": "dump.reg", "record": 5, "quote": "HKLM\\Key = 1"}
    line = build_timeline(
        world.tables({}),
        world.trace({}),
        world.findings(
            {"findings": world.frame("findings", found), "evidence": world.frame("evidence", proof)}
        ),
    )
    assert line.select("kind", "title", "level", "record", "findings").rows() == [
        ("finding", "T", "error", 5, [1]),
        ("evidence", "HKLM\\Key = 1", "info", 5, [1]),
    ]


def test_noise_is_not_dimmed_where_it_proves_a_finding(world):
    events = world.frame("events", world.event(1, 0, 100), world.event(2, 1, 100))
    found = {
        "id": 1,
        "rule": "R",
        "severity": "info",
        "confidence": 1.0,
        "title": "T",
        "meaning": "M",
        "role": "context",
    }
    proof = {"finding": 1, "rule": "R", "member": "a.evtx", "record": 2, "at": world.at(1), "quote": "q"}
    line = build_timeline(
        world.tables({"events": events}),
        None,
        world.findings(
            {"findings": world.frame("findings", found), "evidence": world.frame("evidence", proof)}
        ),
    )
    events = line.filter(pl.col("kind") == "event")
    assert events.select("record", "dim", "findings").rows() == [(1, True, []), (2, False, [1])]


def test_an_export_without_anything_gives_an_empty_timeline(world):
    assert build_timeline(world.tables({}), world.trace({}), world.findings({})).is_empty()


def test_the_same_input_gives_the_same_frame(refused, timeline):
    assert_frame_equal(build_timeline(*refused), timeline)


def test_an_event_of_a_trace_is_called_by_its_provider_and_fields(world):
    data = '{"PartA_PrivTags":16777216,"eventName":"Done","status":0}'
    row = world.event(1, 0, 0, provider="Microsoft.Windows.Shell.Own", data=data, channel=None)
    line = build_timeline(world.tables({"events": world.frame("events", row)}))
    assert line.select("title", "track").row(0) == ("Shell.Own · eventName: Done, status: 0", "a.evtx")


def test_a_page_of_oobe_is_a_span_and_its_code_an_error(world):
    page = {
        "screen": "OobeX",
        "title": "Region",
        "sitting": 1,
        "member": "a.evtx",
        "record": 1,
        "at": world.at(0),
    }
    pages = [
        page | {"ended_at": world.at(9), "result": "success"},
        page | {"code": "0x80070002", "record": 2},
    ]
    line = build_timeline(world.tables({}), world.trace({"screens": world.frame("screens", *pages)}))
    assert line.select("lane", "title", "ended_at", "open", "level").rows() == [
        ("screens", "Region · success", world.at(9), False, "info"),
        ("screens", "Region · 0x80070002", None, True, "error"),
    ]
