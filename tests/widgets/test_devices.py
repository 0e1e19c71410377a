from __future__ import annotations

import polars as pl
import pytest

from autopilot_analysis import load_story
from autopilot_analysis.samples import write_sample
from autopilot_analysis.tables import Findings, Tables, Trace
from autopilot_analysis.widgets import explore_devices
from autopilot_analysis.widgets.devices import list_devices, match_devices, read_record


@pytest.fixture
def many(refused):
    """Ten thousand devices, each with the attempts of one."""
    tables, trace, _ = refused
    names = [f"SN-{n:05d}" for n in range(10_000)]
    devices = pl.DataFrame({"device": names, "serial": names, "name": [f"PC-{n}" for n in names]})
    attempts = devices.select("device").join(trace.attempts.drop("device"), how="cross")
    return Tables.of({"devices": _whole(tables.devices, devices)}), Trace.of({"attempts": attempts})


def _whole(like, some):
    return pl.concat([like.clear(), some], how="diagonal")


@pytest.mark.parametrize(
    ("search", "outcome", "found"),
    [
        ("SN-0002", "", 1),
        ("0X80180014", "", 1),
        ("failed", "", 1),
        ("", "failed", 1),
        ("", "skipped", 0),
        (".*", "", 0),
    ],
)
def test_devices_are_found_by_serial_name_outcome_and_code(refused, search, outcome, found):
    tables, trace, _ = refused
    assert match_devices(list_devices(tables, trace), search, outcome).height == found


def test_choosing_an_attempt_and_a_stage_narrows_trace_and_records(refused):
    explorer = explore_devices(*refused)
    everything = len(explorer.controls["record"].options)
    explorer.choose(attempt=2)
    assert 1 < len(explorer.controls["record"].options) < everything
    explorer.choose(stage="mdm_enrollment")
    assert explorer.view.alt == "Stages of SN-0002: MDM enrolment failed"


def test_a_record_is_shown_with_its_neighbours(refused):
    tables, _, _ = refused
    explorer = explore_devices(*refused)
    _, place = explorer.controls["record"].options[9]
    explorer.choose(record=place)
    (caption, facts), (_, near) = explorer.view.frames[:2]
    assert caption == f"{place[0]}, record {place[1]}"
    event = tables.events.filter(member=place[0], record=place[1]).row(0, named=True)
    told = dict(facts.select("fact", "value").iter_rows())
    assert (told["event_id"], told["channel"]) == (str(event["event_id"]), event["channel"])
    assert place[1] in near["record"].to_list()
    assert 5 < near.height <= 11


def test_the_first_record_of_a_member_has_neighbours_after_it_only(refused):
    tables, _, _ = refused
    event = tables.events.sort("member", "record").row(0, named=True)
    _, near = read_record(tables, event["device"], (event["member"], event["record"]))
    assert near["record"][0] == event["record"]


def test_every_offered_record_can_be_read(refused):
    explorer = explore_devices(*refused)
    for _, place in explorer.controls["record"].options[1:]:
        facts, _ = read_record(refused[0], "SN-0002", place)
        assert not facts.is_empty(), place


def test_nothing_found_says_so(refused):
    explorer = explore_devices(*refused)
    explorer.choose(search="no such device")
    assert explorer.view.sentence == "0 devices; nothing matches, widen the search."
    explorer.choose(search="")
    assert explorer.selection.device == "SN-0002"


def test_an_empty_export_is_fine():
    explorer = explore_devices(Tables.of({}), Trace.of({}), Findings.of({}))
    assert explorer.selection.device == ""


def test_of_ten_thousand_devices_two_hundred_are_listed_and_all_are_found(many):
    explorer = explore_devices(*many, Findings.of({}))
    assert len(explorer.controls["device"].options) == 200
    assert "showing 200 of 10,000 devices" in explorer.view.sentence
    explorer.choose(search="pc-sn-09999")
    assert explorer.selection.device == "SN-09999"


def test_hostile_names_stay_text(refused):
    bad = '<img src=x onerror="alert(1)">'
    tables, trace, findings = (
        type(each).of({n: f.with_columns(device=pl.lit(bad)) for n, f in each.frames().items()})
        for each in refused
    )
    explorer = explore_devices(tables, trace, findings)
    html = explorer._picture.value + explorer._status.value + explorer._details.value
    assert "<img src=x" not in html
    assert "&lt;img src=x" in explorer._status.value


def test_devices_that_did_not_succeed_are_offered_first(tmp_path):
    for number, scenario in enumerate(
        ("user_driven_success", "mdm_enrollment_refused", "user_driven_success"), 1
    ):
        write_sample(tmp_path / f"{number}.cab", scenario, device=number)
    story = load_story(tmp_path)
    assert list_devices(story.tables, story.trace)["device"].to_list() == ["SN-0002", "SN-0001", "SN-0003"]
    assert explore_devices(*story).selection.device == "SN-0002"


def test_a_saved_notebook_has_its_controls_and_no_second_trace(refused, monkeypatch):
    shown = []
    monkeypatch.setattr("autopilot_analysis.widgets.explorer.display", lambda what, **_: shown.append(what))
    explore_devices(*refused)._ipython_display_()
    assert [kind for output in shown for kind in output if kind.startswith("image")] == []
    assert shown[0]["text/plain"].startswith("Live in JupyterLab and Voilà; choose by: search, outcome")
