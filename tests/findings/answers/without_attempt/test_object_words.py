"""What objects that PowerShell showed say of themselves; every name is made up."""

from __future__ import annotations

import polars as pl

from autopilot_analysis.findings.answers.without_attempt.object_words import MOST_OBJECTS, object_words
from autopilot_analysis.tables import schema_of


def facts(*rows):
    columns = {"section": [], "name": [], "value": []}
    for section, name, value in rows:
        for column, text in zip(columns, (section, name, value), strict=True):
            columns[column].append(text)
    schema = schema_of("properties")
    return pl.DataFrame(columns, schema={name: schema[name] for name in columns})


def test_an_object_is_told_with_what_says_the_most():
    told = facts(
        ("TPM", "-TPM Present", "True"), ("TPM", "SelfTest", "{0}"), ("TPM", "-TPM Version", "2.0"),
        ("BitLocker volume E:", "ProtectionStatus", "Off"), ("BitLocker volume E:", "LockStatus", "Locked"),
    )  # fmt: skip
    assert object_words(told) == (
        "Shown in PowerShell: TPM (TPM Present True, TPM Version 2.0); "
        "BitLocker volume E: (ProtectionStatus Off)"
    )


def test_one_that_says_nothing_of_weight_is_named():
    assert object_words(facts(("TPM", "SelfTest", "{0}"))) == "Shown in PowerShell: TPM"


def test_of_many_objects_the_first_are_told_and_the_others_counted():
    told = [(f"Network test host-{n}.example.com", "PingSucceeded", "True") for n in range(MOST_OBJECTS + 1)]
    assert object_words(facts(*told[:-1])).endswith("host-3.example.com (PingSucceeded True)")
    assert object_words(facts(*told)).endswith("host-3.example.com (PingSucceeded True); and 1 more object")


def test_objects_of_no_known_kind_are_said_to_be_that():
    told = [("Listed object 1", name, "x") for name in ("Alpha", "Beta", "Gamma")]
    assert object_words(facts(*told)) == "Shown in PowerShell: 1 object of no known kind (Alpha, Beta, Gamma)"
    told += [("Listed object 1", "Delta", "x"), ("Listed object 2", "Alpha", "x"), ("BIOS", "Name", "x")]
    assert object_words(facts(*told)) == (
        "Shown in PowerShell: BIOS; 2 objects of no known kind (Alpha, Beta, Gamma, …)"
    )


def test_nothing_is_said_of_nothing():
    assert object_words(facts()) == ""
