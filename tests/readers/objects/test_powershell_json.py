from autopilot_analysis.readers.objects.powershell_json import as_served

SPAN = {"Ticks": 12_015_549_443, "Days": 0, "Minutes": 20, "Seconds": 1, "TotalSeconds": 1201.5549443}


def test_a_span_of_ticks_becomes_seconds_and_a_wrapped_date_its_text():
    date = {"value": "/Date(1772442000000)/", "DisplayHint": 2, "DateTime": "Monday, March 2, 2026"}
    row = as_served({"DeploymentTotalDuration": SPAN, "EventDateTime": date, "AdditionalProperties": {}})
    assert row == {"deploymentTotalDuration": "1201.5549443", "eventDateTime": "/Date(1772442000000)/"}


def test_what_the_sdk_does_not_know_stands_beside_what_it_knows():
    row = as_served({"Id": "1", "AdditionalProperties": {"targetedAppCount": 5}})
    assert row == {"id": "1", "targetedAppCount": 5}


def test_an_object_of_the_service_is_left_as_it_is():
    row = {"id": "1", "state": {"deviceImportStatus": "error"}, "SerialNumber": "SN-0001"}
    assert as_served(row) == row
