"""A name book beside a fleet: ids become names where a name would stand; everything is made up."""

from dataclasses import replace

import polars as pl
import pytest

from autopilot_analysis.errors import BadInput
from autopilot_analysis.fleet import ingest, load_deployments
from autopilot_analysis.fleet.dataset.dataset import open_dataset
from autopilot_analysis.fleet.dataset.loading import MAY_BE_IDS, _named, gather_fleet
from autopilot_analysis.readers.names import NAME_BOOK, read_name_book
from autopilot_analysis.tables import SCHEMAS, schema_of

APP = "e26839fa-1111-4222-8333-444455556666"
KEY = r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\IntuneManagementExtension\Win32Apps"
STATE = '"EnforcementStateMessage"="{\\"EnforcementState\\":1000,\\"ErrorCode\\":0}"'


@pytest.fixture
def book(tmp_path):
    path = tmp_path / "names.csv"
    path.write_text(f"id,name\n{APP},Contoso VPN\n", encoding="utf-8")
    return path


@pytest.fixture
def export(tmp_path):
    folder = tmp_path / "export"
    folder.mkdir()
    nobody = "00000000-0000-0000-0000-000000000000"
    key = f"[{KEY}\\{nobody}\\{APP}_1\\EnforcementStateMessage]"
    text = f"Windows Registry Editor Version 5.00\n\n{key}\n{STATE}\n"
    (folder / "IntuneManagementExtension.reg").write_text(text, encoding="utf-16")
    return folder


def test_what_is_ingested_with_a_name_book_carries_names_and_not_the_book(export, book, tmp_path):
    ingest([export], into=tmp_path / "dataset", names=book, workers=1)
    dataset = open_dataset(tmp_path / "dataset")
    assert dataset.scan("installs").collect().select("item", "name").rows() == [(APP, "Contoso VPN")]
    assert dataset.scan("properties").filter(pl.col("section") == NAME_BOOK).collect().is_empty()


def test_a_name_book_that_cannot_be_read_is_refused_before_any_work(export, tmp_path):
    with pytest.raises(BadInput, match="name book"):
        ingest([export], into=tmp_path / "dataset", names=tmp_path / "missing.csv")
    assert not (tmp_path / "dataset").exists()


def test_a_fleet_with_a_name_book_names_its_items(export, book):
    fleet = load_deployments(export, names=book)
    assert fleet.installs.select("item", "name").rows() == [(APP, "Contoso VPN")]


def test_ids_of_profiles_and_in_changes_become_names(book):
    fleet = gather_fleet({name: schema.create_empty() for name, schema in SCHEMAS.items()})
    kinds = schema_of("deployments")
    row = dict.fromkeys(kinds) | dict.fromkeys(MAY_BE_IDS, APP.upper()) | {"model": APP}
    changes = pl.DataFrame({"what": [f"patched: {APP}"]})
    told = _named(
        replace(fleet, deployments=pl.DataFrame([row], schema=kinds), candidates=changes),
        read_name_book(book),
    )
    assert told.deployments.select(*MAY_BE_IDS, "model").rows() == [("Contoso VPN",) * 3 + (APP,)]
    assert told.candidates["what"].to_list() == ["patched: Contoso VPN"]
