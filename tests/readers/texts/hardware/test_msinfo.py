from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.readers.reading import Reading
from autopilot_analysis.readers.texts.hardware.msinfo import read_msinfo

REPORT = "\r\n".join(
    [
        "System Information report written at: 01/02/26 03:04:05",
        "System Name: EXAMPLE-1",
        "[System Summary]",
        "",
        "Item\tValue\t",
        "OS Name\tMicrosoft Windows 11 Pro\t",
        "System Model\tExample 1\t",
        "",
        "[Hardware Resources]",
        "",
        "[Conflicts/Sharing]",
        "",
        "Resource\tDevice\tStatus\t",
        "I/O Port 0x1\tBus\tOK\t",
        "",
    ]
)


def test_rows_stand_under_their_section_without_the_headings():
    assert read_msinfo(REPORT.encode("utf-16")).rows["properties"].rows() == [
        (1, "", "System Information report written at", "01/02/26 03:04:05"),
        (2, "", "System Name", "EXAMPLE-1"),
        (6, "System Summary", "OS Name", "Microsoft Windows 11 Pro"),
        (7, "System Summary", "System Model", "Example 1"),
        (14, "Conflicts/Sharing", "I/O Port 0x1", "Bus\tOK"),
    ]


def test_another_text_is_refused():
    for content in (b"", b"[Section]\r\nname=value\r\n"):
        with pytest.raises(NotThisFormat):
            read_msinfo(content)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200) | st.text(alphabet="[]a\t\r\n: ", max_size=200).map(str.encode))
def test_any_bytes_give_a_reading_or_are_refused(noise):
    assert isinstance(read_msinfo(REPORT.encode() + noise), Reading)
    with suppress(NotThisFormat):
        assert isinstance(read_msinfo(noise), Reading)
