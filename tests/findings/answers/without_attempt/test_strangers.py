"""Texts of no known kind that no device shows itself in; every name and value is made up."""

from __future__ import annotations

import polars as pl
import pytest
from findings.answers.answer_parts import parts, texts

from autopilot_analysis import answer, conclude
from autopilot_analysis.findings.answers.without_attempt.strangers import ASK, strange_verdict
from autopilot_analysis.fleet import load_story
from autopilot_analysis.tables import SCHEMAS, Findings

SERVER = (
    "[Mon Feb 02 10:11:12 2026] [notice] child 4711 begun\n"
    "[Mon Feb 02 10:11:13 2026] [error] worker 7 is in a bad state\n"
)
PRINTER = """TrayName      : Upper
PaperSize     : A4
SheetsLeft    : 120
IsDuplex      : True
"""
CHIP = "TpmPresent  : True\nTpmReady    : True\nLockedOut   : False\n"
VOLUME = "MountPoint       : C:\nVolumeStatus     : FullyEncrypted\nProtectionStatus : On\n"
NOBODYS = ": nothing that was read shows which device it is of, if of one"
NEVER = {"Not seen", "Ask for"}


@pytest.fixture
def given(tmp_path):
    def build(**files):
        for name, text in files.items():
            (tmp_path / name.replace("_", ".")).write_text(text, encoding="utf-8")
        one = next(iter(tmp_path.iterdir()))
        return load_story(tmp_path if len(files) > 1 else one)

    return build


@pytest.mark.parametrize(
    ("files", "verdict"),
    [
        ({"server_log": SERVER}, f"A log of no known kind{NOBODYS}; 1 line calls itself an error"),
        ({"server_log": SERVER * 2}, f"A log of no known kind{NOBODYS}; 2 lines call themselves errors"),
        ({"server_log": SERVER.replace("error", "notice")}, f"A log of no known kind{NOBODYS}"),
        ({"printer_txt": PRINTER}, f"Objects of no known kind{NOBODYS}"),
        (
            {"printer_txt": PRINTER, "server_log": SERVER},
            f"Texts of no known kind{NOBODYS}; 1 line calls itself an error",
        ),
    ],
)
def test_what_is_of_no_known_kind_is_no_page_of_a_device(given, files, verdict):
    story = given(**files)
    told = answer(*story).devices[0]
    assert (told.subject, told.verdict, told.outcome) == ("export", verdict, "unknown")
    assert conclude(*story)["verdict"].to_list() == [verdict]
    labelled = parts(answer(*story))
    assert texts(labelled["What to do"]) == [ASK]
    assert not NEVER & set(labelled)


def test_what_it_holds_and_its_first_error_are_told(given):
    labelled = parts(answer(*given(server_log=SERVER)))
    assert texts(labelled["What it holds"]) == ["Log of no known kind: 2 records, without times."]
    assert texts(labelled["What happened"])[0].endswith("[error] worker 7 is in a bad state.")


@pytest.mark.parametrize(
    "files",
    [
        {"chip_txt": CHIP},
        {"chip_txt": f"{PRINTER}\n{CHIP}"},
        {"computer_txt": "WindowsEditionId : Professional\nOsBuildNumber    : 22631\nOsName           : x\n"},
        {"chip_txt": CHIP, "server_log": SERVER},
        {"drive_txt": f"ComputerName     : PC-77\n{VOLUME}"},
    ],
)
def test_a_known_object_among_them_is_of_a_device(given, files):
    told = answer(*given(**files)).devices[0]
    assert NOBODYS not in told.verdict
    assert told.key != "export"


LINES = {"lines": [("error", "broke")]}
LOG, OBJECTS = {"sources": {"agent.log": "own_log"}}, {"sources": {"agent.log": "listed_objects"}}


@pytest.mark.parametrize(
    ("beside", "strange"),
    [
        (LOG, True),
        ({"sources": {"agent.log": "ime"}}, False),
        ({"sources": {"agent.log": "own_log", "b.log": "ime"}}, False),
        (OBJECTS, False),
        ({**LOG, "device": {"name": "PC-1"}}, False),
        ({**LOG, "device": {"serial": "SN-1"}}, False),
        ({**LOG, "events": [("ap:171", {}, 0, None)]}, False),
        ({**LOG, "installs": [{}]}, False),
        ({**LOG, "attempts": [("failed", None, "user_driven", 0, 60, None)]}, False),
        ({**LOG, "properties": [("A", "1", "agent.log", "Listed object 1")]}, True),
        ({**LOG, "properties": [("A", "1", "agent.log", "TPM")]}, False),
    ],
)
def test_whatever_tells_of_a_device_makes_it_one(world, beside, strange):
    nameless = {"name": None, "serial": None, **beside.get("device", {})}
    tables, trace = world(**{"members": (), **LINES, **beside, "device": nameless})
    assert (strange_verdict(tables, trace, Findings.of({}), "D") is not None) == strange


def test_what_was_found_in_it_is_told_as_ever(world):
    tables, trace = world(members=(), **LINES, **LOG, device={"name": None, "serial": None})
    row = {"device": "D", "rule": "X"}
    schema = SCHEMAS["findings"].create_empty()
    found = Findings.of({"findings": pl.DataFrame([row]).select(
        pl.lit(row.get(name)).cast(kind).alias(name) for name, kind in schema.schema.items()
    )})  # fmt: skip
    assert strange_verdict(tables, trace, found, "D") is None


def test_what_get_computer_info_shows_names_the_device_and_its_build(given):
    shown = "WindowsEditionId : Professional\nOsBuildNumber    : 22631\nCsDNSHostName    : PC-93\n"
    devices = given(computer_txt=shown)[0].devices
    assert devices.select("name", "build").rows() == [("PC-93", "22631")]
