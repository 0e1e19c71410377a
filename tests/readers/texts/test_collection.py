from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.export import open_export
from autopilot_analysis.readers.reading import Reading
from autopilot_analysis.readers.texts.collection import (
    read_collect_results,
    read_collection_footprint,
    read_collection_metadata,
)

FOOTPRINT = r"""--- Start at:2026-01-02T03:04:05
"AreaName" : "autopilot;tpm;"
Collected EventViewer Entry: example/operational
--- 1 EventViewer entries are collected
Failed (HResult: 0x80070003) to CollectFileEntry:c:\programdata\example\*.log
Copied file:c:\windows\example.log, to:C:\ProgramData\Out\example.log
Failed (HResult:0x80070002) to dump HKLM registry:software\example\absent
Succeeded to dump HKCU registry:software\example\present
metadataFile generated:C:\ProgramData\Out\MdmDiagLogMetadata.json
a line nobody knows
--- End at:2026-01-02T03:04:09
"""
RESULTS = """<Collection HRESULT="0"><ID>1</ID>
<RegistryKey HRESULT="-2147024893">"HKLM\\SOFTWARE\\Two Words"</RegistryKey>
<Command HRESULT="0">%windir%\\system32\\Dsregcmd.exe /status</Command>
<OutputFileFormat>flattened</OutputFileFormat></Collection>"""


def rows(read, text):
    return read(text.encode()).rows["properties"].rows()


def test_metadata_reads_alike_as_json_and_as_lines():
    as_json = '{\r\n "MdmDiagVersion":"1.0",\r\n "AreaName" : "autopilot;",\r\n "UBR":3880\r\n}'
    as_lines = "MdmDiagVersion : 1.0\r\nAreaName : autopilot;\r\nUBR : 3880\r\n"
    expected = [("MdmDiagVersion", "1.0"), ("AreaName", "autopilot;"), ("UBR", "3880")]
    assert [row[2:] for row in rows(read_collection_metadata, as_json)] == expected
    assert [row[2:] for row in rows(read_collection_metadata, as_lines)] == expected


def test_metadata_cut_in_the_middle_keeps_the_lines_before():
    cut = '{\r\n "MdmDiagVersion":"1.0",\r\n "UBR":3880,\r\n "Product'
    assert [row[2:] for row in rows(read_collection_metadata, cut)] == [
        ("MdmDiagVersion", "1.0"),
        ("UBR", "3880"),
    ]


def test_the_footprint_tells_what_was_collected_and_what_failed():
    assert rows(read_collection_footprint, FOOTPRINT) == [
        (1, "", "start", "2026-01-02T03:04:05"),
        (2, "", "AreaName", "autopilot;tpm;"),
        (3, "collected", "example/operational", ""),
        (4, "", "EventViewer entries", "1"),
        (5, "failed", "c:\\programdata\\example\\*.log", "0x80070003"),
        (6, "collected", "c:\\windows\\example.log", ""),
        (7, "failed", "HKLM\\software\\example\\absent", "0x80070002"),
        (8, "collected", "HKCU\\software\\example\\present", ""),
        (9, "", "metadataFile generated", "C:\\ProgramData\\Out\\MdmDiagLogMetadata.json"),
        (11, "", "end", "2026-01-02T03:04:09"),
    ]
    assert [(gap.record, gap.count) for gap in read_collection_footprint(FOOTPRINT.encode()).unread] == [
        (10, 1)
    ]


def test_the_header_of_2020_has_no_quotes():
    text = "--- Start at:2020-01-02T03:04:05\nAreaName : Autopilot\n"
    assert rows(read_collection_footprint, text)[1] == (2, "", "AreaName", "Autopilot")


def test_results_number_the_items_and_spell_their_codes():
    assert rows(read_collect_results, RESULTS) == [
        (1, "", "HRESULT", "0x00000000"),
        (2, "", "ID", "1"),
        (1, "RegistryKey", "HKLM\\SOFTWARE\\Two Words", "0x80070003"),
        (2, "Command", "%windir%\\system32\\Dsregcmd.exe /status", "0x00000000"),
        (3, "", "OutputFileFormat", "flattened"),
    ]


def test_cut_results_keep_the_items_before_the_cut():
    reading = read_collect_results(RESULTS.encode()[:150])
    assert reading.count == 3
    assert len(reading.unread) == 1


def test_entities_and_other_texts_are_refused():
    entity = '<!DOCTYPE a [<!ENTITY x "y">]>' + RESULTS
    for text in (entity, "<Other/>", "", "hello"):
        with pytest.raises(NotThisFormat):
            read_collect_results(text.encode())
    for read in (read_collection_metadata, read_collection_footprint):
        with pytest.raises(NotThisFormat):
            read(b"hello : you")


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200) | st.text(alphabet='-<>/"=: a1\n', max_size=200).map(str.encode))
def test_any_bytes_give_a_reading_or_are_refused(noise):
    whole = {
        read_collection_metadata: b'{"AreaName":"a"}',
        read_collection_footprint: b"--- Start at:1\n",
        read_collect_results: b"<Collection>",
    }
    for read, head in whole.items():
        assert isinstance(read(head + noise), Reading)
        with suppress(NotThisFormat):
            assert isinstance(read(noise), Reading)


def test_the_published_results_number_83_items(genuine):
    rows = read_collect_results((genuine / "collect-diagnostics" / "results.xml").read_bytes()).rows[
        "properties"
    ]
    counts = dict(rows["section"].value_counts().iter_rows())
    assert counts == {"": 5, "RegistryKey": 23, "Command": 19, "Events": 18, "FoldersFiles": 23}


def test_the_genuine_footprint_counts_what_it_says_it_collected(genuine):
    members = open_export(genuine / "mdm-diagnostics-23h2.cab").members
    content = next(m for m in members if m.path.endswith("FootPrint.txt")).read()
    reading = read_collection_footprint(content)
    rows = reading.rows["properties"]
    assert reading.unread == ()
    assert rows.filter(section="collected").height == 18 + 18 + 12
    assert rows.filter(section="failed").height == 12 + 3 + 5
