"""Name books from CSV and JSON; every id and name is made up."""

import json

import polars as pl
import pytest

from autopilot_analysis import load_story, open_export, read_tables
from autopilot_analysis.errors import BadInput
from autopilot_analysis.readers.names import NAME_BOOK, names_in, read_name_book

ONE = "11111111-2222-4333-8444-555555555555"
TWO = "22222222-2222-4333-8444-555555555555"


def book(path, text, encoding="utf-8"):
    path.write_text(text, encoding=encoding)
    return dict(read_name_book(path).select("name", "value").iter_rows())


@pytest.mark.parametrize(
    "text",
    [
        f"id,name\n{ONE},Contoso VPN\n{TWO},Contoso Mail\n",
        f"{ONE},Contoso VPN\n{{{TWO.upper()}}},Contoso Mail\n",
        f"name;id\nContoso VPN;{ONE}\nContoso Mail;{TWO}\n",
        f"Name,Publisher,App Identifier\nContoso VPN,Contoso,{ONE}\nContoso Mail,Contoso,{TWO}\n",
        json.dumps(
            {"value": [{"id": ONE, "displayName": "Contoso VPN"}, {"id": TWO, "name": "Contoso Mail"}]}
        ),
        json.dumps([{"Id": ONE, "DisplayName": "Contoso VPN"}, {"Id": TWO, "DisplayName": "Contoso Mail"}]),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_name_book_is_read_however_it_is_written(tmp_path, text, encoding):
    assert book(tmp_path / "names", text, encoding) == {ONE: "Contoso VPN", TWO: "Contoso Mail"}


def test_the_first_name_of_an_id_holds_and_lines_without_a_name_are_left_out(tmp_path):
    text = f"id,name\n{ONE},First\n{ONE},Second\n{TWO}, \nnothing,Third\n"
    assert book(tmp_path / "names.csv", text) == {ONE: "First"}


@pytest.mark.parametrize("text", ["", "id,name\n", "a,b,c\n1,2,3\n", '{"value": []}', "{"])
def test_a_name_book_that_names_nothing_is_refused(tmp_path, text):
    (tmp_path / "names").write_text(text)
    with pytest.raises(BadInput, match="name"):
        read_name_book(tmp_path / "names")


def test_a_name_book_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(BadInput, match="cannot be read as a name book"):
        read_name_book(tmp_path / "missing.csv")


@pytest.mark.parametrize(
    "content",
    [
        json.dumps({"value": [{"id": ONE, "displayName": "PC-1", "serialNumber": "SN-1"}]}),
        f"Device ID,Device name\n{ONE},PC-1\n",
        f"id,name,colour\n{ONE},red,blue\n",
    ],
)
def test_what_tells_of_devices_or_of_other_things_is_no_name_book(content):
    assert names_in(content.encode(), "x") is None


def test_a_list_of_apps_in_the_export_names_and_is_read(tmp_path):
    app = {"@odata.type": "#microsoft.graph.win32LobApp", "id": ONE, "displayName": "VPN", "publisher": "C"}
    (tmp_path / "apps.json").write_text(json.dumps({"value": [app]}))
    with open_export(tmp_path) as export:
        tables = read_tables(export)
    rows = tables.properties.filter(section=NAME_BOOK).select("member", "name", "value").rows()
    assert rows == [("apps.json", ONE, "VPN")]
    assert tables.members["state"].to_list() == ["read"]
    assert tables.devices.is_empty()


def registry(folder):
    key = r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\IntuneManagementExtension\Win32Apps"
    nobody = "00000000-0000-0000-0000-000000000000"
    head = "Windows Registry Editor Version 5.00\n"
    apps = [
        f"[{key}\\{nobody}\\{app}_1\\EnforcementStateMessage]\n"
        '"EnforcementStateMessage"="{\\"EnforcementState\\":1000,\\"ErrorCode\\":0}"\n'
        for app in (ONE, TWO)
    ]
    (folder / "IntuneManagementExtension.reg").write_text("\n".join([head, *apps]), encoding="utf-16")


def test_ids_become_names_and_a_gap_counts_those_that_stay_nameless(tmp_path):
    export = tmp_path / "export"
    export.mkdir()
    registry(export)
    names = tmp_path / "names.csv"
    names.write_text(f"id,name\n{ONE},Contoso VPN\n")
    nameless = load_story(export).tables.gaps.filter(advice_names())
    tables, trace, _ = load_story(export, names=names)
    rows = trace.installs.sort("item").select("item", "name").rows()
    assert rows == [(ONE, "Contoso VPN"), (TWO, None)]
    assert nameless["count"].to_list() == [2]
    assert tables.gaps.filter(advice_names())["count"].to_list() == [1]


def advice_names():
    return pl.col("advice").str.contains("--names")
