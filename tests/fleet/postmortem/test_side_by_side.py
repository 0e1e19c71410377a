from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from unittest.mock import patch

import polars as pl
import pytest

from autopilot_analysis.errors import BadInput, UnknownName
from autopilot_analysis.figures import draw_side_by_side
from autopilot_analysis.findings import answer
from autopilot_analysis.fleet import lay_side_by_side
from autopilot_analysis.fleet.dataset.story import Story, load_story
from autopilot_analysis.fleet.postmortem import side_by_side
from autopilot_analysis.fleet.postmortem.side_by_side import lay_stories
from autopilot_analysis.samples import write_sample

DATA = Path(__file__).parents[3] / "data"
TIMED_OUT, FINE = DATA / "esp-app-timeout.zip", DATA / "user-driven-success.cab"


@pytest.fixture(scope="module", autouse=True)
def read_once():
    """Tell the story of an export once for all that it is laid beside."""
    with patch.object(side_by_side, "load_story", cache(load_story)) as load:
        yield load


@pytest.fixture(scope="module")
def laid():
    return lay_side_by_side(TIMED_OUT, FINE)


def section(laid, label):
    return next(each.lines for each in laid.answer.sections if each.label == label)


def test_the_answer_opens_with_what_differs_first_and_then_says_why_and_what_to_do(laid):
    labels = [each.label for each in laid.answer.sections]
    assert labels[:4] == ["First to differ", "Why", "What to do", "Proof"]
    assert laid.answer.verdict == "the first failed, the second succeeded"
    (first,), (alike,) = section(laid, "First to differ"), section(laid, "Alike")
    assert first.text == "Device setup failed (0x800705B4) on SN-0003, succeeded on SN-0001."
    assert alike.text.startswith("On both: network, profile download")
    assert section(laid, "Proof")[0].place.endswith("AppWorkload.log, record 56")
    assert laid.answer.outcome == "failed"


def test_the_order_of_the_two_is_kept_and_the_worse_one_is_explained(laid):
    turned = lay_side_by_side(FINE, TIMED_OUT)
    assert turned.devices == ("SN-0001", "SN-0003")
    assert section(turned, "Why") == section(laid, "Why")
    assert section(turned, "First to differ")[0].text.endswith(
        "succeeded on SN-0001, failed (0x800705B4) on SN-0003."
    )


def test_a_finding_is_told_with_the_device_it_was_found_on(laid):
    found = dict(laid.findings.select("rule", "found_on").rows())
    assert found["ESP-APP-HUNG"] == "first"
    assert found["CONFLICT-PC2"] == "first and second"


def test_a_sample_beside_a_device_is_called_a_sample_and_two_samples_are_not(read_once):
    told = []
    for domains in (
        ("contoso.com", "example.com"),
        ("Lab.Example.org", "example-shop.com"),
        ("a.example.net",) * 2,
    ):
        sides = []
        for path, domain in zip((TIMED_OUT, FINE), domains, strict=True):
            tables, trace, findings = read_once(path)
            devices = tables.devices.with_columns(tenant_domain=pl.lit(domain))
            story = Story(replace(tables, devices=devices), trace, findings)
            sides.append((story, answer(*story), devices["device"][0]))
        told.append([line.text[:32] for line in section(lay_stories(*sides), "First to differ")[1:]])
    assert told == [["SN-0001 is a make-believe sample"], ["SN-0003 is a make-believe sample"], []]


def test_two_captures_of_one_device_are_called_so_and_findings_went_or_stayed():
    same = lay_side_by_side(TIMED_OUT, TIMED_OUT)
    assert same.devices == ("the first capture", "the second capture")
    assert section(same, "First to differ")[0].text == "Nothing that both tell of differs."
    assert set(same.findings["state"]) == {"stayed"}


def test_without_a_second_device_the_one_that_went_well_and_is_most_alike_is_taken(tmp_path):
    write_sample(tmp_path / "1.cab", "mdm_enrollment_refused", device=1)
    for number in (2, 3, 4):
        write_sample(tmp_path / f"{number}.cab", "user_driven_success", device=number)
    laid = lay_side_by_side(tmp_path)
    facts = laid.compared.facts
    alike = facts.filter(pl.col("value_first") == pl.col("value_second")).height
    others = [
        lay_side_by_side(tmp_path, other_device=f"SN-000{number}").compared.facts for number in (2, 3, 4)
    ]
    assert laid.devices[0] == "SN-0001"
    assert alike == max(
        each.filter(pl.col("value_first") == pl.col("value_second")).height for each in others
    )


def test_one_device_alone_is_refused_and_a_fleet_without_captures_names_its_notebook():
    with pytest.raises(BadInput, match="other_device"):
        lay_side_by_side(FINE)
    nobody = lay_side_by_side(DATA / "fleet", FINE)
    assert nobody.answer.outcome == "misfit"
    assert draw_side_by_side(nobody.stages, names=nobody.devices).figure.get_label()


def test_frames_for_people_name_the_devices_and_hold_no_empty_column(laid):
    shown = laid.shown("items")
    assert {"outcome, SN-0003", "outcome, SN-0001"} <= set(shown.columns)
    assert not [column.name for column in shown if column.null_count() == shown.height]
    with pytest.raises(UnknownName, match="frame of two devices"):
        laid.shown("nothing")
