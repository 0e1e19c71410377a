from __future__ import annotations

import pytest

from autopilot_analysis.report import find_data
from autopilot_analysis.widgets import pick_export
from autopilot_analysis.widgets.picker import plain_file_name


def test_a_path_is_read_and_its_coverage_shown():
    read = []
    picker = pick_export(str(find_data() / "esp-app-timeout.zip"), then=read.append)
    assert picker.tables is None
    picker.read()
    assert read == [picker.tables]
    assert picker.tables.devices.height == 1
    assert picker.progress.value == picker.progress.max == picker.tables.members.height
    assert "Coverage of sources:" in picker._picture.value
    assert "1 device" in picker.status.value


@pytest.mark.parametrize("path", ["", "no/such/export.cab"])
def test_what_cannot_be_read_is_told_and_leaves_nothing_behind(path):
    picker = pick_export(str(find_data() / "clock-step.cab"))
    picker.read()
    picker.path.value = path
    picker.read()
    assert picker.tables is None
    assert picker._picture.value == ""
    assert picker.progress.bar_style == "danger"
    assert not picker.button.disabled


def test_an_upload_is_read_under_a_harmless_name(tmp_path):
    picker = pick_export()
    content = (find_data() / "clock-step.cab").read_bytes()
    upload = {"name": "../../evil<b>.cab", "content": memoryview(content), "type": "", "size": len(content)}
    upload["last_modified"] = None
    picker._take({"new": (upload,)})
    assert picker.tables.devices.height == 1
    assert picker.export.path.name == "evil-b-.cab"


@pytest.mark.parametrize(
    ("name", "kept"),
    [("..", "export"), ("C:\\a\\b.cab", "b.cab"), ("x/../..", "export"), ("a b.zip", "a b.zip")],
)
def test_an_uploaded_name_is_a_name_only(name, kept):
    assert plain_file_name(name) == kept
