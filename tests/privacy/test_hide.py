"""Frames in, frames of the same type out, and the table that leads back."""

from autopilot_analysis.privacy.hide import pseudonymise
from autopilot_analysis.privacy.pseudonyms import Pseudonyms
from autopilot_analysis.tables import Tables

NAMES = Pseudonyms(b"0123456789abcdef")


def test_the_same_device_has_the_same_pseudonym_in_every_table(rows):
    named = {"device": "SN-0001"}
    frames = {"devices": rows("devices", named | {"serial": "SN-0001"}), "events": rows("events", named)}
    hidden, mapping = pseudonymise(frames, NAMES)
    assert hidden["devices"]["device"][0] == hidden["events"]["device"][0] != "SN-0001"
    assert mapping.rows() == [("device", "SN-0001", NAMES.name("device", "SN-0001"))]


def test_tables_come_back_as_tables_and_as_they_were_when_they_name_nobody(rows):
    tables = Tables.of({"log_lines": rows("log_lines", {"device": "unknown", "message": "started"})})
    hidden, mapping = pseudonymise(tables, NAMES)
    assert isinstance(hidden, Tables)
    assert hidden.log_lines.equals(tables.log_lines)
    assert mapping.is_empty()
