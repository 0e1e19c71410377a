from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from autopilot_analysis import ingest
from autopilot_analysis.errors import NotAnExport
from autopilot_analysis.report import fit_notebook, fitting
from autopilot_analysis.report.fitting import FEW_DEVICES
from autopilot_analysis.samples import write_sample
from autopilot_analysis.samples.formats.cabinet import write_cabinet

DATA = Path(__file__).parents[2] / "data"


def test_one_capture_is_told_by_its_trace_and_a_fleet_by_its_cause():
    assert fit_notebook(DATA / "mdm-enrollment-refused.cab")["notebook"].to_list() == [
        "01_device_trace", "05_postmortem", "07_side_by_side",
    ]  # fmt: skip
    assert fit_notebook(DATA / "fleet")["notebook"][0] == "04_root_cause"


def test_many_captures_are_a_fleet_and_a_few_are_told_one_by_one(tmp_path, monkeypatch):
    for number in range(FEW_DEVICES):
        write_sample(tmp_path / f"{number}.cab", "mdm_enrollment_refused", device=number + 1)
    assert fit_notebook(tmp_path)["notebook"][0] == "01_device_trace"
    few = tmp_path / "few"
    ingest([tmp_path / "0.cab", tmp_path / "1.cab"], into=few, workers=1)
    assert fit_notebook(few)["notebook"][0] == "01_device_trace"
    assert set(fit_notebook(few)["notebook"]) >= set(fitting.FLEET)
    with monkeypatch.context() as patched:
        patched.setattr(fitting, "FEW_DEVICES", 1)
        assert fit_notebook(few)["notebook"][0] == "04_root_cause"
    shutil.rmtree(few)
    write_sample(tmp_path / "more.cab", "mdm_enrollment_refused", device=99)
    assert fit_notebook(tmp_path)["notebook"][0] == "04_root_cause"


def test_what_a_notebook_shows_is_its_own_heading():
    shown = dict(fit_notebook(DATA / "fleet").select("notebook", "shows").iter_rows())
    assert shown["04_root_cause"] == "Who is hit, since when, and what differs"
    assert shown["02_stage_timings"] == "Where the minutes go"


def test_what_cannot_be_opened_fits_nothing(tmp_path):
    with pytest.raises(NotAnExport):
        fit_notebook(tmp_path / "gone.zip")


def test_a_cabinet_of_the_tool_is_fitted_by_its_list_alone(monkeypatch):
    monkeypatch.setattr(fitting, "open_export", lambda path: pytest.fail("was unpacked"))
    assert fit_notebook(DATA / "mdm-enrollment-refused.cab")["notebook"].to_list() == fitting.DEVICE


def test_a_cabinet_that_holds_archives_is_opened_to_count_its_devices(tmp_path):
    capture = (DATA / "mdm-enrollment-refused.cab").read_bytes()
    many = {f"{number}.cab": capture for number in range(FEW_DEVICES + 1)}
    (tmp_path / "sent.cab").write_bytes(write_cabinet({"MDMDiagReport.xml": b"<a/>", **many}))
    assert fit_notebook(tmp_path / "sent.cab")["notebook"].to_list() == fitting.DATASET
