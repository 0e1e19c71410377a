"""The list of providers: what becomes rows, what is counted, and under which name."""

from uuid import UUID

import pytest

from autopilot_analysis.readers.trace_log.providers import becomes_row, known_name, spelt

CORE = UUID("ff91e668-f7be-577e-14a3-44d801cccfa0").bytes_le
LIVE_ID = UUID("05f02597-fe85-4e67-8542-69567ab8fd4f").bytes_le
NOBODY = UUID(int=5).bytes_le


@pytest.mark.parametrize(
    ("provider", "name", "row"),
    [
        (CORE, "SkipNetworkStatus", True),
        (CORE, "GlobalizationState", False),
        (LIVE_ID, "Anything", False),
        (NOBODY, "Anything", False),
    ],
)
def test_an_events_own_line_goes_before_its_providers_and_the_unlisted_are_counted(provider, name, row):
    assert becomes_row(provider, name) is row


def test_a_provider_is_called_as_windows_registers_it():
    assert known_name(LIVE_ID) == "Microsoft-Windows-LiveId"
    assert known_name(NOBODY) is None


def test_a_guid_is_spelt_as_event_logs_spell_it():
    assert (
        spelt(UUID("ff91e668-f7be-577e-14a3-44d801cccfa0").bytes_le) == "FF91E668-F7BE-577E-14A3-44D801CCCFA0"
    )
