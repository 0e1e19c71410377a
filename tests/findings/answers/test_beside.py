from __future__ import annotations

import polars as pl
import pytest
from findings.answers.answer_parts import parts, texts

from autopilot_analysis import build_trace, open_export, read_tables
from autopilot_analysis.findings import answer, find
from autopilot_analysis.findings.answers.beside import untaken
from autopilot_analysis.findings.answers.to_do import begin_with, tells
from autopilot_analysis.samples import write_sample


def test_the_lead_is_not_told_twice(refused):
    others = texts(parts(answer(*refused))["Also found"])
    assert others[0] == "Enrolment was tried again after a failure (warning)."
    assert not [text for text in others if "MDM enrolment was refused" in text]


def test_where_nothing_leads_a_condition_that_fits_stands_beside_with_what_mends_it(world):
    tables, trace = world(properties=[("WorkplaceJoined", "YES"), ("AzureAdJoined", "NO")])
    labelled = parts(answer(tables, trace, find(tables, trace)))
    title = "Known issue that fits: Device is registered with Entra instead of joined"
    remedy = (
        "Where the device belongs to the organisation, disconnect the work account and join again; a private "
        "device is registered by right and loses its account by that."
    )
    assert f"{title} (info). {remedy}" in texts(labelled["Also found"])
    assert remedy not in texts(labelled["What to do"])


def test_a_warning_without_an_attempt_is_what_happened_and_is_not_told_twice(world):
    failed = ("TcpTestSucceeded", "False", "tests.txt", "Network test ztd.dds.microsoft.com 443")
    tables, trace = world(properties=[failed])
    labelled = parts(answer(tables, trace, find(tables, trace)))
    assert texts(labelled["What happened"])[0].startswith("A test of the network failed for a host")
    assert texts(labelled["What happened"])[-1] == "No attempt at enrolment was seen in what was read."
    assert texts(labelled["What to do"])[0].startswith("Test again from the network in which the device")
    assert "Also found" not in labelled


@pytest.mark.parametrize(("outcome", "rules"), [("unknown", ["LOUD"]), ("failed", [])])
def test_one_begins_with_what_is_loud_where_the_outcome_is_unknown(outcome, rules):
    rows = [
        {"rule": "QUIET", "severity": "info", "remedy": "x"},
        {"rule": "LOUD", "severity": "warning", "remedy": "y"},
    ]
    assert [one["rule"] for one in begin_with(pl.DataFrame(rows), {"outcome": outcome})] == rules


def test_of_many_that_can_be_mended_three_are_enough_to_begin_with():
    rows = pl.DataFrame([{"rule": str(n), "severity": "warning", "remedy": "x"} for n in range(5)])
    assert [one["rule"] for one in begin_with(rows, {"outcome": "unknown"})] == ["0", "1", "2"]


ONE_BESIDE = "Absent or cut, and needed for other questions alone: Hello for Business event log."


@pytest.mark.parametrize(
    ("coverage", "not_seen"),
    [
        ([], ["Nothing that decides this."]),
        (
            [("events_hello", "absent")],
            ["Nothing that decides this.", ONE_BESIDE],
        ),
        (
            [("dsregcmd", "absent"), ("events_hello", "partial")],
            [
                "Absent: Join state (dsregcmd /status).",
                "Absent or cut, and of less weight here: Hello for Business event log.",
            ],
        ),
    ],
)
def test_what_was_not_seen_is_said_without_contradiction(world, failure, coverage, not_seen):
    tables, trace = world(**failure("entra_join"), coverage=coverage)
    assert texts(parts(answer(tables, trace, find(tables, trace, rules={})))["Not seen"]) == not_seen


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ([], []),
        (["b.bin"], ["1 file was not read: b.bin."]),
        (["c.bin", "a.bin", "b.bin"], ["3 files were not read: a.bin, b.bin, c.bin."]),
        (["a", "b", "c", "d", "e"], ["5 files were not read: a, b, c and 2 more."]),
    ],
)
def test_files_that_no_reader_took_are_counted_and_the_first_named(tmp_path, names, said):
    write_sample(tmp_path / "export.cab", "user_driven_success", layout="cab", seed=1)
    for name in names:
        (tmp_path / name).write_bytes(b"words that no reader knows")
    tables = read_tables(open_export(tmp_path))
    trace = build_trace(tables)
    lines = texts(parts(answer(tables, trace, find(tables, trace))).get("Not seen", ()))
    assert [line for line in lines if "not read" in line] == said


def test_where_nothing_of_a_device_was_read_the_unknown_files_are_named_beside_the_reasons(tmp_path):
    (tmp_path / "HealthScripts.log").write_text("no record of an agent log", encoding="utf-8")
    (tmp_path / "other.bin").write_bytes(b"words")
    tables = read_tables(open_export(tmp_path))
    trace = build_trace(tables)
    lines = texts(parts(answer(tables, trace, find(tables, trace, rules={})))["Not read"])
    assert lines == [
        "HealthScripts.log holds no CMTrace record, no line that begins with a date"
        " and no message of the agent that is known.",
        "1 file was not read: other.bin.",
    ]


def test_a_cause_that_weighs_little_leads_before_a_condition_that_fits():
    rows = [
        {"rule": rule, "severity": "info", "remedy": "x"}
        for rule in ("KNOWN-ENTRA-1", "LAPS-ACCOUNT-MISSING")
    ]
    (one,) = begin_with(pl.DataFrame(rows), {"outcome": "unknown"})
    assert one["rule"] == "LAPS-ACCOUNT-MISSING"
    assert [tells(row) for row in rows] == [False, True]
    assert tells({"rule": "KNOWN-ENTRA-1", "severity": "warning"})


def test_a_file_of_a_known_kind_without_a_reader_is_named_where_few_were_sent():
    few = pl.DataFrame({"member": ["battery-report.html"], "state": ["not_read"]})
    assert [line.text for line in untaken(few)] == ["1 file was not read: battery-report.html."]
    many = pl.concat([few, *[pl.DataFrame({"member": [f"{n}.evtx"], "state": ["read"]}) for n in range(8)]])
    assert list(untaken(many)) == []
    assert len(list(untaken(many.head(8)))) == 1


def test_a_file_that_lies_beside_lists_of_the_service_and_is_not_read_is_named(tmp_path):
    (tmp_path / "mail.txt").write_text("Hello, which of these is it?\n", encoding="utf-8")
    sign_in = (
        '{"id":"1","createdDateTime":"2026-05-04T08:00:00Z","appDisplayName":"Mail","status":{"errorCode":0},'
        '"userPrincipalName":"u@example.com"}'
    )
    (tmp_path / "signIns.json").write_text(
        f'{{"@odata.context":"https://graph.microsoft.com/v1.0/$metadata#auditLogs/signIns","value":[{sign_in}]}}'
    )
    tables = read_tables(open_export(tmp_path))
    trace = build_trace(tables)
    lines = texts(parts(answer(tables, trace, find(tables, trace, rules={})))["Not read"])
    assert lines[-1] == "1 file was not read: mail.txt."
