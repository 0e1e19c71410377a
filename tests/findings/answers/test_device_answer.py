from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import polars as pl
import pytest
from findings.sign_worlds import START

from autopilot_analysis import build_trace, open_export, read_tables
from autopilot_analysis.findings import RULES, answer, find, keep_worst, proofs_of
from autopilot_analysis.findings.answers.device_answer import _begun, _each_member_first, _local
from autopilot_analysis.fleet import load_story
from autopilot_analysis.samples import write_sample
from autopilot_analysis.tables import Findings, Trace


def story(folder, scenario):
    write_sample(folder / f"{scenario}.cab", scenario)
    return load_story(folder / f"{scenario}.cab")


@pytest.fixture(scope="module")
def refused(tmp_path_factory):
    return story(tmp_path_factory.mktemp("refused"), "mdm_enrollment_refused")


def parts(answers, number=0):
    return {part.label: part.lines for part in answers.devices[number].sections}


def texts(lines):
    return [line.text for line in lines]


def test_the_answer_says_what_since_when_why_and_what_to_do_in_this_order(refused):
    told = answer(*refused).devices[0]
    assert [part.label for part in told.sections][:6] == [
        "What happened", "Since when", "Why", "In its own words", "What to do", "Proof",
    ]  # fmt: skip
    said = parts(answer(*refused))
    assert texts(said["What happened"])[0] == "MDM enrolment was refused (0x80180014), in 4 attempts."
    assert texts(said["What happened"])[1].startswith("Attempt 4 of 4 (user-driven) failed in MDM enrollment")
    assert texts(said["In its own words"]) == ["The device is not allowed to enroll in this way."]
    assert said["In its own words"][0].place.endswith("-enrollment.evtx, record 5")


def test_a_proof_names_its_record_and_shows_no_json(refused):
    proofs = parts(answer(*refused))["Proof"]
    assert proofs[1].text == "HRESULT: 0x80180014"
    assert proofs[1].place.endswith("record 7")
    assert texts(proofs)[-1] == "and 5 more records"


def test_the_lead_is_not_told_twice(refused):
    others = texts(parts(answer(*refused))["Also found"])
    assert others[0] == "Enrolment was tried again after a failure (warning)."
    assert not [text for text in others if "MDM enrolment was refused" in text]


def test_where_nothing_leads_and_the_outcome_is_unknown_what_else_was_found_says_what_to_do(world):
    tables, trace = world(properties=[("WorkplaceJoined", "YES"), ("AzureAdJoined", "NO")])
    others = texts(parts(answer(tables, trace, find(tables, trace)))["Also found"])
    title = "Known issue that fits: Device is registered with Entra instead of joined"
    assert f"{title} (info). Leave and join again." in others


NOTICE = [
    (
        r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System",
        "legalnoticetext",
        "Hello",
    )
]


@pytest.mark.parametrize(("outcome", "shown"), [("unfinished", True), ("failed", True), ("succeeded", False)])
def test_where_no_cause_was_found_what_mends_the_conditions_that_fit_is_to_be_done(world, outcome, shown):
    attempts = [(outcome, None, "user_driven", 0, None, None)]
    tables, trace = world(attempts=attempts, registry=NOTICE)
    only = {"CONFLICTS": RULES["CONFLICTS"]}
    todo = texts(parts(answer(tables, trace, find(tables, trace, rules=only)))["What to do"])
    title = "A setting that can disturb deployment: Message at sign-in: Keep the message off devices"
    assert any(text.startswith(title) for text in todo) is shown
    assert len(todo) == 1 + shown


def test_the_first_record_of_each_member_is_shown_before_the_second_of_any():
    members = pl.DataFrame({"member": ["a", "a", "a", "b", "c"], "record": [1, 2, 3, 1, 1]})
    assert _each_member_first(members).rows() == [("a", 1), ("b", 1), ("c", 1), ("a", 2), ("a", 3)]


def test_a_sure_cause_asks_for_nothing_and_a_doubtful_one_asks_for_what_was_absent(refused):
    assert "Ask for" not in parts(answer(*refused))
    tables, trace, found = refused
    doubtful = found.findings.with_columns(confidence=pl.lit(0.89))
    absent = tables.coverage.with_columns(
        presence=pl.when(pl.col("source") == "events_mdm_admin")
        .then(pl.lit("absent"))
        .otherwise(pl.col("presence").cast(pl.String))
    )
    with_less = type(tables).of({**tables.frames(), "coverage": absent})
    told = parts(answer(with_less, trace, Findings(doubtful, found.evidence)))
    assert "Confidence 89 %." in texts(told["Why"])
    assert "Absent: MDM Admin event log." in texts(told["Not seen"])
    assert texts(told["Ask for"])[0].startswith("mdmdiagnosticstool.exe -area ")


def test_a_failure_without_a_finding_says_that_no_cause_was_found(refused):
    tables, trace, _ = refused
    told = parts(answer(tables, trace, find(tables, trace, rules={})))
    assert texts(told["Why"]) == ["The cause was not found in what was read."]
    assert answer(tables, trace, find(tables, trace, rules={})).devices[0].verdict.endswith("cause not found")
    assert texts(told["What happened"])[0].startswith("Attempt 4 of 4 (user-driven) failed in MDM enrollment")


def test_a_success_asks_for_no_remedy(tmp_path):
    told = answer(*story(tmp_path, "user_driven_success"))
    assert told.devices[0].outcome == "succeeded"
    assert texts(parts(told)["What to do"]) == ["Nothing that was read asks for a remedy."]


@pytest.mark.parametrize(
    ("installs", "told_of"),
    [
        ([{"name": "Reader", "item": "r", "exit_code": 1603, "code": "0x80070643"}], ["Reader"]),
        ([{"name": None, "item": "s", "kind": "script"}], ["A script failed: s"]),
        ([{"name": n, "item": n, "code": "0x80070643"} for n in ("One", "Two")], ["One"]),
        ([{"name": "R", "item": "r"}, {"name": "R", "item": "r", "outcome": "succeeded"}], []),
        ([{"name": "Reader", "item": "r", "outcome": "succeeded"}], []),
    ],
)
def test_what_never_came_after_a_success_asks_for_its_remedy(world, installs, told_of):
    plain = {"kind": "win32", "outcome": "failed", "ended_at": START + timedelta(minutes=50)}
    tables, trace = world(
        attempts=[("succeeded", None, "self_deploying", 0, 60, None)],
        installs=[plain | one for one in installs],
    )
    told = parts(answer(tables, trace, find(tables, trace)))
    todo = texts(told["What to do"])
    assert ("Nothing that was read asks for a remedy." in todo) is (told_of == [])
    assert all(any(words in text for text in todo) for words in told_of)
    assert len(todo) <= 2
    assert ("Proof" in told) is (told_of != [])


def test_devices_stand_worst_first(tmp_path):
    for number, scenario in enumerate(("user_driven_success", "esp_app_timeout"), start=1):
        write_sample(tmp_path / f"{number}.cab", scenario, device=number)
    assert [one.outcome for one in answer(*load_story(tmp_path))] == ["failed", "succeeded"]


def test_of_many_devices_the_worst_alone_is_kept_and_of_one_all(tmp_path):
    write_sample(tmp_path / "1.cab", "user_driven_success", device=1)
    write_sample(tmp_path / "2.cab", "mdm_enrollment_refused", device=2)
    story = load_story(tmp_path)
    tables, trace, findings = keep_worst(answer(*story), *story)
    assert set(tables.events["device"]) == {"SN-0002"}
    assert trace.attempts["device"].to_list() == ["SN-0002"] * 4
    assert findings.evidence.height == story.findings.evidence.filter(device="SN-0002").height > 0
    gap = story.tables.members.height - tables.members.height
    assert gap == story.tables.members.filter(device="SN-0001").height > 0
    alone = load_story(tmp_path / "1.cab")
    assert keep_worst(answer(*alone), *alone)[1] is alone.trace


def test_findings_that_exports_number_alike_keep_their_own_proofs():
    finding = {"export": "a", "device": "SN-1", "id": 3}
    rows = {
        "export": ["a", "b", "a"],
        "device": ["SN-1", "SN-2", "SN-1"],
        "finding": [3, 3, 4],
        "record": [1, 2, 3],
    }
    assert proofs_of(finding, pl.DataFrame(rows))["record"].to_list() == [1]
    stored = pl.DataFrame(rows).drop("export")
    assert proofs_of({"device": "SN-2", "id": 3}, stored)["record"].to_list() == [2]


def test_since_when_is_told_by_the_device_s_own_clock_where_no_zone_is_known():
    two = pl.Series(["2026-02-18 09:16:06", "2026-02-18 08:04:06"]).str.to_datetime()
    assert _local(two) == (
        "2026-02-18 08:04:06, last at 2026-02-18 09:16:06, on the device's own clock; "
        "its time zone is not known."
    )
    assert _local(two.head(0)) == ""


def test_where_nothing_dates_a_failure_the_start_of_its_attempt_is_named(refused):
    attempts = refused[1].attempts
    began = f"{attempts['started_at'][-1]:%Y-%m-%d %H:%M:%S} UTC"
    assert _begun(attempts) == f"No record of it carries a time; the last attempt began {began}."
    assert _begun(attempts.head(0)) == "No record of it carries a time."


def test_an_answer_knows_the_time_zone_of_its_device(refused):
    tables, trace, found = refused
    zoned = tables.devices.with_columns(time_zone=pl.lit("Asia/Tokyo"))
    (told,) = answer(replace(tables, devices=zoned), trace, found)
    assert told.zones == {told.subject: "Asia/Tokyo"}
    unknown = tables.devices.with_columns(time_zone=pl.lit(None, pl.String))
    assert answer(replace(tables, devices=unknown), trace, found).devices[0].zones == {}


@pytest.mark.parametrize(("minutes", "on_and_on"), [(60, True), (59, False)])
def test_a_failure_that_came_again_an_hour_later_is_told_until_then_and_not_by_its_first_minutes(
    refused, minutes, on_and_on
):
    tables, trace, findings = refused
    ended_at = trace.attempts["ended_at"][-1]
    lead = findings.findings["id"][0]
    last = pl.col("finding").eq(lead) & pl.col("at").eq(pl.col("at").max())
    evidence = findings.evidence.with_columns(
        at=pl.when(last).then(pl.lit(ended_at + timedelta(minutes=minutes))).otherwise("at")
    )
    told = texts(parts(answer(tables, trace, Findings(findings.findings, evidence)))["What happened"])[1]
    assert (", and again and again until" in told, " after " in told) == (on_and_on, not on_and_on)


KEY = "11111111-2222-4333-8444-000000000001"


@pytest.mark.parametrize(
    ("key", "name", "subject"),
    [(KEY, "AP-0001", "AP-0001"), (KEY, None, KEY), ("SN-0001", "AP-0001", "SN-0001")],
)
def test_a_device_goes_by_its_name_where_its_key_is_an_id_of_a_service(world, key, name, subject):
    tables, trace = world(device={"device": key, "name": name})
    one = answer(tables, trace, find(tables, trace, rules={})).devices[0]
    assert (one.subject, one.key) == (subject, key)
    assert answer(tables, trace, find(tables, trace, rules={})).table()["device"].to_list() == [key]


ONE_BESIDE = "1 source that only other questions need: absent or cut, see coverage."


@pytest.mark.parametrize(
    ("coverage", "not_seen"),
    [
        ([], ["Nothing that decides this."]),
        (
            [("events_hello", "absent")],
            [f"Nothing that decides this; {ONE_BESIDE}"],
        ),
        (
            [("dsregcmd", "absent"), ("events_hello", "partial")],
            [
                "Absent: Join state (dsregcmd /status).",
                "1 source that other rules look into: absent or cut, see coverage.",
            ],
        ),
    ],
)
def test_what_was_not_seen_is_said_without_contradiction(world, failure, coverage, not_seen):
    tables, trace = world(**failure("entra_join"), coverage=coverage)
    assert texts(parts(answer(tables, trace, find(tables, trace, rules={})))["Not seen"]) == not_seen


@pytest.mark.parametrize(
    ("afterwards", "words"),
    [
        ("continued", "failed in device setup after 1 h, and the device went on all the same."),
        ("reset", "failed in device setup after 1 h, and somebody chose to reset the device."),
        (None, "failed in device setup after 1 h."),
    ],
)
def test_what_was_done_after_the_last_attempt_had_failed_stands_behind_its_end(
    world, failure, afterwards, words
):
    tables, trace = world(**failure("device_setup"))
    kind = trace.attempts.schema["afterwards"]
    went = trace.attempts.with_columns(
        afterwards=pl.lit(afterwards, dtype=kind), waited=pl.col("ended_at") - pl.col("started_at")
    )
    trace = Trace.of({**trace.frames(), "attempts": went})
    assert parts(answer(tables, trace, find(tables, trace)))["What happened"][1].text.endswith(words)


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
