"""What Entra ID holds of registered devices, and of devices alone."""

import polars as pl
import pytest

from autopilot_analysis.findings.service.directory import DIRECTORY, directory_words, names_intune_unheard
from autopilot_analysis.tables import schema_of


def held(*rows):
    given = [{"report": DIRECTORY, "device": f"aad-{n}", **row} for n, row in enumerate(rows)]
    schema = schema_of("identities")
    return pl.DataFrame([{name: row.get(name) for name in schema} for row in given], schema=schema)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (
            [{"account_enabled": True, "managed": False}],
            "1 device of Entra ID: 1 of 1 enabled, 0 of 1 managed.",
        ),
        ([{"account_enabled": False}, {"account_enabled": True}], "2 devices of Entra ID: 1 of 2 enabled."),
        ([{}], None),
        ([], None),
    ],
)
def test_devices_of_the_directory_are_counted_where_their_states_are_known(rows, words):
    assert directory_words(held(*rows)) == words


@pytest.mark.parametrize(
    ("state", "intune", "names"),
    [
        ("notContacted", "1f2e3d4c-0000-4000-8000-00000000000a", True),
        ("notContacted", "00000000-0000-0000-0000-000000000000", False),
        ("notContacted", None, False),
        ("enrolled", "1f2e3d4c-0000-4000-8000-00000000000a", False),
    ],
)
def test_a_device_never_heard_of_that_names_a_record_of_intune_is_known_by_it(state, intune, names):
    assert names_intune_unheard(held({"enrollment_state": state, "intune_device_id": intune})) is names
