from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest
from findings.answers.answer_parts import parts, texts

from autopilot_analysis.findings import answer, find, keep_worst
from autopilot_analysis.fleet import load_story
from autopilot_analysis.samples import write_sample
from autopilot_analysis.tables import Findings


def test_the_answer_says_what_since_when_why_and_what_to_do_in_this_order(refused):
    told = answer(*refused).devices[0]
    assert [part.label for part in told.sections][:6] == [
        "What happened", "Since when", "Why", "In its own words", "What to do", "Proof",
    ]  # fmt: skip
    said = parts(answer(*refused))
    assert texts(said["What happened"])[0] == "MDM enrolment was refused (0x80180014), in 4 attempts."
    assert texts(said["What happened"])[1].startswith("Attempt 4 of 4 (user-driven) failed in MDM enrolment")
    assert texts(said["In its own words"]) == ["The device is not allowed to enroll in this way."]
    assert said["In its own words"][0].place.endswith("-enrollment.evtx, record 5")


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
    assert "This is the likely reason; it is not proven." in texts(told["Why"])
    assert "Absent: MDM Admin event log." in texts(told["Not seen"])
    assert texts(told["Ask for"])[0].startswith("mdmdiagnosticstool.exe -area ")


@pytest.mark.parametrize(
    ("confidence", "begins"),
    [(0.9, None), (0.89, "This is the likely"), (0.7, "This is the likely"), (0.69, "This may be")],
)
def test_how_sure_a_cause_is_stands_in_words_behind_it(refused, confidence, begins):
    tables, trace, found = refused
    doubtful = found.findings.with_columns(confidence=pl.lit(confidence))
    last = texts(parts(answer(tables, trace, Findings(doubtful, found.evidence)))["Why"])[-1]
    assert last.startswith(begins) if begins else "not proven" not in last


@pytest.mark.parametrize("confidence", [0.8, 0.6])
def test_a_cause_that_says_itself_that_it_is_not_proven_says_it_once(refused, confidence):
    tables, trace, found = refused
    doubtful = found.findings.with_columns(
        confidence=pl.lit(confidence), meaning=pl.lit("It may be the policy, which is not proven.")
    )
    why = texts(parts(answer(tables, trace, Findings(doubtful, found.evidence)))["Why"])
    assert sum("not proven" in line for line in why) == 1


def test_beside_a_cause_that_was_not_found_nothing_is_called_the_likely_reason(refused):
    tables, trace, found = refused
    role = pl.when(pl.col("role") == "cause").then(pl.lit("consequence")).otherwise(pl.col("role"))
    followed = found.findings.with_columns(
        role=role.cast(found.findings.schema["role"]), confidence=pl.lit(0.8)
    )
    why = texts(parts(answer(tables, trace, Findings(followed, found.evidence)))["Why"])
    assert why[0] == "The cause was not found; this is what followed from it."
    assert not any("not proven" in line for line in why)


def test_a_failure_without_a_finding_says_that_no_cause_was_found(refused):
    tables, trace, _ = refused
    told = parts(answer(tables, trace, find(tables, trace, rules={})))
    assert texts(told["Why"]) == ["The cause was not found in what was read."]
    assert answer(tables, trace, find(tables, trace, rules={})).devices[0].verdict.endswith("cause not found")
    assert texts(told["What happened"])[0].startswith("Attempt 4 of 4 (user-driven) failed in MDM enrolment")


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


def test_an_answer_knows_the_time_zone_of_its_device(refused):
    tables, trace, found = refused
    zoned = tables.devices.with_columns(time_zone=pl.lit("Asia/Tokyo"))
    (told,) = answer(replace(tables, devices=zoned), trace, found)
    assert told.zones == {told.subject: "Asia/Tokyo"}
    unknown = tables.devices.with_columns(time_zone=pl.lit(None, pl.String))
    assert answer(replace(tables, devices=unknown), trace, found).devices[0].zones == {}


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


def test_a_long_first_line_does_without_the_scenario_before_what_its_cause_is_about(world, failure):
    name = "Contoso Endpoint Sensor for Workstations and Servers, Long Term Edition"
    app = {"outcome": "failed", "name": name, "exit_code": 1, "item": "a1", "phase": "device"}
    story = world(**failure("device_setup") | {"installs": [app]})
    (one,) = answer(*story, find(*story)).devices
    assert name in one.verdict
    assert "(user-driven)" in one.verdict
    assert "(user-driven)" not in one.headline
    assert name in one.headline
    assert "(user-driven)" in " ".join(one.in_lines()[1:])
