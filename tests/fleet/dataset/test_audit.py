"""What administrators changed, with the values before and after."""

import json
from datetime import UTC, datetime

import polars as pl
import pytest

from autopilot_analysis.fleet.dataset.audit import LONGEST_VALUE, values_in_words
from autopilot_analysis.fleet.dataset.loading import candidates_of
from autopilot_analysis.tables import AuditChange
from autopilot_analysis.tables.typed import empty

AT = datetime(2026, 2, 10, 8, 12, tzinfo=UTC)


def of_analytics(*values):
    """Properties of Log Analytics with so many (name, old, new)."""
    own = [{"Name": name, "Old": old, "New": new} for name, old, new in values]
    return json.dumps(
        {"TargetDisplayNames": ["Restriction"], "Targets": [{"ModifiedProperties": own, "Name": "R"}]}
    )


def of_graph(*values):
    """Properties of Graph with so many (name, old, new)."""
    own = [{"displayName": name, "oldValue": old, "newValue": new} for name, old, new in values]
    return json.dumps([{"displayName": "Restriction", "modifiedProperties": own}])


@pytest.mark.parametrize(
    ("properties", "told"),
    [
        (of_analytics(("OsMinimumVersion", "", "10.0.22631.0")), "OsMinimumVersion set to 10.0.22631.0"),
        (
            of_graph(("OsMinimumVersion", '"10.0.19045"', '"10.0.22631"')),
            "OsMinimumVersion from 10.0.19045 to 10.0.22631",
        ),
        (of_graph(("Timeout", "60", "<null>")), "Timeout emptied, before 60"),
        (of_graph(("Block", True, False)), "Block from true to false"),
        (of_graph(("Same", "1", "1"), ("Also", "null", "")), None),
        (of_graph(("Script", "a", "x" * (LONGEST_VALUE + 1))), "Script changed"),
        (of_graph(("Name", "a", "x" * LONGEST_VALUE)), f"Name from a to {'x' * LONGEST_VALUE}"),
        (
            of_graph(*((f"P{n}", "1", "2") for n in range(5))),
            "P0 from 1 to 2, P1 from 1 to 2, P2 from 1 to 2, and 2 more values",
        ),
        (of_analytics(), None),
        ("{not json", None),
        ('{"Targets": [7, null, {"ModifiedProperties": "x"}]}', None),
        ('"text"', None),
        (None, None),
    ],
)
def test_values_that_a_change_moved_are_told_in_words(properties, told):
    assert values_in_words(properties) == told


def test_a_change_is_named_by_operation_target_and_values():
    rows = [
        {
            "at": AT,
            "operation": "Patch DeviceEnrollmentConfiguration",
            "properties": of_analytics(("Min", "", "2")),
        },
        {"at": AT, "operation": "Create MobileApp", "target": "Zip", "properties": None},
        {"at": None, "operation": "Create MobileApp"},
        {"at": AT},
    ]
    schema = empty(AuditChange).schema
    changes = pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=schema)
    assert candidates_of(changes).rows() == [
        (AT, "Create MobileApp: Zip"),
        (AT, "Patch DeviceEnrollmentConfiguration: Restriction, Min set to 2"),
    ]
