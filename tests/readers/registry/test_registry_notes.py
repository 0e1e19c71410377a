r"""Notes of a registry: `Name = value` below `HKLM\…`, and nothing else."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.export.magic import kinds_of, text_of
from autopilot_analysis.export.sources import classify
from autopilot_analysis.readers.registry.registry_notes import read_registry_notes

NOTES = rb"""HKLM\SOFTWARE\Example\Enrollments\AAAA
  EnrollmentType   = 0x1A      (Example)
  "ProviderID" = "Example Server"
  Empty =

[HKEY_CURRENT_USER\Software\Example]
  ChannelURI = https://example.com/?token=a=b
  Status = 0
"""


def test_values_stand_below_their_key_without_quotes_and_in_decimal():
    rows = read_registry_notes(NOTES).rows["registry_values"]
    key = r"HKEY_LOCAL_MACHINE\SOFTWARE\Example\Enrollments\AAAA"
    assert rows.select("record", "key", "name", "value").rows() == [
        (2, key, "EnrollmentType", "26"),
        (3, key, "ProviderID", "Example Server"),
        (4, key, "Empty", ""),
        (7, r"HKEY_CURRENT_USER\Software\Example", "ChannelURI", "https://example.com/?token=a=b"),
        (8, r"HKEY_CURRENT_USER\Software\Example", "Status", "0"),
    ]
    assert set(rows["kind"]) == {"unknown"}


@pytest.mark.parametrize(
    "text", [b"", NOTES + b"and then it failed\n", b"Name = value\n", rb"HKLM\SOFTWARE\Example" + b"\n"]
)
def test_a_text_with_anything_else_or_without_a_value_is_refused(text):
    with pytest.raises(NotThisFormat):
        read_registry_notes(text)


def test_notes_are_known_by_their_first_two_lines():
    assert classify("pasted.txt", kinds_of(NOTES), text_of(NOTES)).source == "registry_notes"


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=120) | st.text(alphabet='HKLM\\=" \n0x[]', max_size=120).map(str.encode))
def test_any_bytes_are_read_or_refused(noise):
    with suppress(NotThisFormat):
        read_registry_notes(NOTES + noise)
