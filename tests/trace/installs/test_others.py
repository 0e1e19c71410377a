"""Installers of no item: transactions of Windows Installer and updates; everything is made up."""

import json
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from autopilot_analysis.tables import schema_of
from autopilot_analysis.trace.installs.others import read_others

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
UPDATE = "Microsoft-Windows-WindowsUpdateClient"


def events(*records, provider="MsiInstaller"):
    schema = schema_of("events")
    rows = []
    for n, (minute, number, data) in enumerate(records, 1):
        at = START + timedelta(minutes=minute)
        row = {"device": "D", "member": "a.evtx", "record": n, "clock": "declared", "provider": provider}
        rows.append(row | {"at": at, "recorded_at": at, "event_id": number, "data": json.dumps(data)})
    return pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=schema)


def spans(*records, **more):
    told = read_others(events(*records, **more)).select("called", "since", "until").rows()
    return [(name, *((at - START).total_seconds() / 60 for at in times)) for name, *times in told]


def transaction(path, process="4252"):
    return {"Data": [path, process, "(NULL)", "(NULL)"], "Binary": ""}


VIEWER = transaction(r"C:\Windows\Temp\viewer.msi")


def test_a_transaction_lasts_from_its_beginning_to_its_end_under_the_name_of_its_product():
    named = {"Data": ["Example Viewer", "1.0", "1033", "0", "Example", "(NULL)"], "Binary": ""}
    assert spans((1, 1040, VIEWER), (3, 1033, named), (4, 1042, VIEWER)) == [("Example Viewer", 1, 4)]


def test_the_sentence_of_a_product_gives_its_name():
    said = {"Data": ["Product: Example Viewer -- Installation failed.", "(NULL)"]}
    assert spans((1, 1040, VIEWER), (3, 11708, said), (4, 1042, VIEWER)) == [("Example Viewer", 1, 4)]


def test_a_transaction_without_a_product_is_known_by_its_file():
    assert spans((1, 1040, VIEWER), (4, 1042, VIEWER)) == [("viewer.msi", 1, 4)]


def test_a_transaction_without_an_end_is_none():
    assert spans((1, 1040, VIEWER), (5, 1040, VIEWER), (6, 1042, VIEWER)) == [("viewer.msi", 5, 6)]


def test_an_update_lasts_from_its_beginning_to_its_success_or_failure():
    one, two = ({"updateTitle": f"Update {n}", "updateGuid": f"{{{n}}}"} for n in (1, 2))
    told = spans((1, 43, one), (2, 43, two), (5, 20, two), (9, 19, one), provider=UPDATE)
    assert told == [("Update 1", 1, 9), ("Update 2", 2, 5)]


def test_numbers_of_other_providers_are_nobodys_installers():
    assert spans((1, 1040, VIEWER), (4, 1042, VIEWER), provider="Example") == []


@pytest.mark.parametrize(
    "sentence",
    ["Product: {} -- Installation failed.", "Produkt: {} -- Fehler.", "Produit : {} -- x", "製品: {} -- x"],
)
def test_the_sentence_may_be_of_any_language(sentence):
    said = {"Data": [sentence.format("Example Viewer"), "(NULL)"]}
    assert spans((1, 1040, VIEWER), (3, 11708, said), (4, 1042, VIEWER)) == [("Example Viewer", 1, 4)]


@pytest.mark.parametrize(
    ("path", "product", "by"),
    [
        (r"Microsoft Office\Updates\Download\Teams_windows_x64.msi", "Teams", "Office (Click-to-Run)"),
        (r"ccmsetup\{0A}\client.msi", "Client", "the setup of the Configuration Manager client"),
        (r"Temp\1\IntuneWindowsAgent.msi", "Agent", "the Intune agent's own update"),
        (r"ProgramData\x\setup.msi", "Dell SupportAssist Remediation", "the maker's own updater"),
        (r"IMECache\1\viewer.msi", "Office Viewer", None),
    ],
)
def test_who_is_known_to_run_it_is_named(path, product, by):
    said = {"Data": [product, "1.0", "1033", "0", "Example", "(NULL)"]}
    begun = transaction(rf"C:\{path}")
    called = f"{product}, run by {by}" if by else product
    assert spans((1, 1040, begun), (3, 1033, said), (4, 1042, begun)) == [(called, 1, 4)]
