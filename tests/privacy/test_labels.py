"""What only the name beside it, or the structure around it, shows to be an identifier."""

import pytest

from autopilot_analysis.privacy.labels import enrolments, named_cells

OWN, OTHER = "11111111-2222-4333-8444-555555555555", "22222222-2222-4333-8444-555555555555"
ROOT = r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Enrollments"


def test_cells_of_telemetry_carry_the_names_of_their_columns():
    row = '"Colmetadata":"Version;DeviceId;UserName","Col1":"7","Col3":"ann","Col4":"beyond","Col2":""'
    assert list(named_cells([row])) == [("Version", "7"), ("UserName", "ann")]


@pytest.mark.parametrize(
    ("name", "value", "ids"),
    [("UPN", "ann@example.com", [OWN]), ("UPN", "", []), ("ProviderID", "MS DM Server", [])],
)
def test_an_enrolment_is_somebodys_only_by_a_value_that_windows_brings_to_no_other(rows, name, value, ids):
    registry = rows("registry_values", {"key": rf"{ROOT}\{OWN}", "name": name, "value": value})
    assert [found for _, found in enrolments({"registry_values": registry})] == ids


def test_keys_below_context_and_status_name_the_enrolment_too(rows):
    keys = [rf"{ROOT}\Context\{{{OWN}}}", rf"{ROOT}\Status\{OTHER}"]
    registry = rows("registry_values", *({"key": k, "name": "UPN", "value": "ann@example.com"} for k in keys))
    assert [found for _, found in enrolments({"r": registry, "events": rows("events")})] == [OWN, OTHER]
