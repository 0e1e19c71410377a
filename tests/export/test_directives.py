import pytest

from autopilot_analysis.export.content import LooseFile
from autopilot_analysis.export.directives import apply_manifests
from autopilot_analysis.export.magic import kinds_of, text_of
from autopilot_analysis.export.sources import classify
from autopilot_analysis.export.walk import Found

LISTING = b"""<Collection HRESULT="0"><ID>1</ID>
<Command HRESULT="0">%windir%\\system32\\dsregcmd.exe /status</Command>
<RegistryKey HRESULT="-2147024894">HKLM\\Software\\Example</RegistryKey></Collection>"""


@pytest.fixture
def found(tmp_path):
    def make(path, content):
        file = tmp_path / path.replace("/", "_")
        file.write_bytes(content)
        kinds, text = kinds_of(content), text_of(content)
        source = classify(path.rpartition("/")[2], kinds, text)
        return Found(path, (), LooseFile(len(content), file), kinds, source)

    return make


def test_a_file_with_a_weak_name_takes_the_source_of_its_item(found):
    files, gaps = apply_manifests([found("x/results.xml", LISTING), found("x/1/output.log", b"words")])
    assert {file.path: file.source.source for file in files} == {
        "x/results.xml": "collect_results",
        "x/1/output.log": "dsregcmd",
    }
    assert [(gap.member, gap.reason, gap.state) for gap in gaps] == [
        (
            "x/results.xml",
            'item 2, RegistryKey "HKLM\\Software\\Example", left no file (0x80070002)',
            None,
        )
    ]


def test_files_beside_no_manifest_stay_as_they_are(found):
    files = [found("y/1/output.log", b"words")]
    assert apply_manifests(files) == (files, [])


def test_a_manifest_that_cannot_be_read_is_a_gap_and_the_files_stay(found):
    files, gaps = apply_manifests([found("results.xml", LISTING[:-20]), found("1/output.log", b"words")])
    assert [file.path for file in files] == ["results.xml", "1/output.log"]
    assert [(gap.member, gap.state) for gap in gaps] == [("results.xml", "damaged")]
    assert "is no readable XML" in gaps[0].reason
