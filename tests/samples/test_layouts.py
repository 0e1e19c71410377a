"""One story in each shape in which diagnostics reach an analyst."""

from io import BytesIO
from zipfile import ZipFile

import pytest

from autopilot_analysis.errors import UnknownName
from autopilot_analysis.samples.layouts import LAYOUTS, build_export


def test_a_cabinet_and_an_archive_are_one_file_and_a_folder_is_many(told):
    story = told("user_driven_success")
    name, cabinet = build_export(story, "cab", story.now)
    assert (name, cabinet[:4]) == (f"mdmlogs-{story.device.name}.cab", b"MSCF")
    name, files = build_export(story, "folder", story.now)
    assert "System.evtx" in {part.rsplit("/", 1)[-1] for part in files}
    assert name == f"Logs-{story.device.name}"


@pytest.mark.parametrize("layout", ["diaglogs_flattened", "diaglogs_numbered"])
def test_an_archive_of_intune_lists_its_directives(told, layout):
    story = told("user_driven_success")
    name, content = build_export(story, layout, story.now)
    assert name == f"DiagLogs-{story.computer}-{story.now:%Y%m%dT%H%M%SZ}.zip"
    with ZipFile(BytesIO(content)) as archive:
        assert "results.xml" in archive.namelist()


def test_a_layout_of_no_name_is_answered_with_those_there_are(told):
    story = told("user_driven_success")
    with pytest.raises(UnknownName, match="layout"):
        build_export(story, "tape", story.now)
    assert len(LAYOUTS) == 5
