"""Ids and serial numbers of what belongs to somebody."""

import pytest

from autopilot_analysis.privacy.shapes.things import READERS

GUID = "1f0c6d52-8b1e-4c55-9d0e-5a6b7c8d9e0f"


@pytest.mark.parametrize(
    ("reader", "match", "found"),
    [
        ("ids", f"Enrollments {{{GUID}}} of {GUID}", [("id", GUID), ("id", GUID)]),
        ("path", "Quill%20Net%205", [("network", "Quill Net 5")]),
        ("stick", r"USB\VID_1234&PID_5678\8812QUILL07", [("serial", "8812QUILL07")]),
        ("stick", r"USB\VID_80EE&PID_0021\12345678", []),
        ("stick", r"USB\VID_1234&PID_5678\abcdef", []),
        ("serial", "Serial Number: 5CGQ123XYZ", [("serial", "5CGQ123XYZ")]),
        ("serial", "Serial Number: none", []),
        (
            "wireless",
            "<hex>51</hex><name>Quill Net 5</name>",
            [("network", "51"), ("network", "Quill Net 5")],
        ),
    ],
)
def test_what_belongs_to_somebody_is_told_from_what_every_machine_has(reader, match, found):
    assert list(READERS[reader](match)) == found
