from __future__ import annotations

import polars as pl
import pytest
from readers.device.device_rows import fact, value

from autopilot_analysis.readers.device.device import identify, value_of


def test_the_serial_is_the_key(told):
    assert told(properties=[fact("serial number", "SN-0042")])["device"] == "SN-0042"


@pytest.mark.parametrize("serial", ["To be filled by O.E.M.", "System Serial Number", "0", "None", "n/a"])
def test_a_placeholder_serial_is_none_and_the_intune_id_is_the_key(told, serial):
    device = told(
        properties=[fact("serial number", serial)],
        values=[value(r"provisioning\Diagnostics\AutoPilot\EstablishedCorrelations", "EntDMID", "id-1")],
    )
    assert (device["serial"], device["device"]) == (None, "id-1")


def test_a_device_nothing_names_takes_the_name_of_its_capture(told):
    assert told()["device"] == "capture"


def test_without_a_registry_enrolment_and_registration_stay_unknown(told):
    device = told(properties=[fact("serial number", "SN-0042")])
    assert (device["enrolled"], device["registered"], device["scenario"]) == (None, None, None)


def test_the_build_decides_and_not_the_product_name(told):
    facts = [fact("ProductName", "Windows 10 Pro"), fact("CurrentBuild", "26100"), fact("UBR", "2033")]
    assert told(properties=facts)["build"] == "26100.2033"


def test_the_zone_is_named_as_iana_names_it(told):
    assert told(properties=[fact("Timezone", "Pacific Standard Time")])["time_zone"] == "America/Los_Angeles"


def test_the_hardware_hash_fills_what_no_better_member_tells(told):
    said = {
        "maker": "Example Corp.",
        "machine": "Notebook 9000",
        "tpm firmware": "7.2.1.0",
        "ek present": "no",
    }
    device = told(properties=[fact(name, text, "hardware of row 1") for name, text in said.items()])
    names = ("manufacturer", "model", "tpm_firmware", "ek_present")
    assert [device[name] for name in names] == ["Example Corp.", "Notebook 9000", "7.2.1.0", False]


AGENT = (
    "Populating AccountId and DeviceId globally. Account ID is : 11111111-2222-4333-8444-555555555555 "
    "Device Id is : 99999999-8888-4777-8666-55555555555{}"
)


@pytest.mark.parametrize(
    ("lines", "known"),
    [
        ([AGENT.format(1), AGENT.format("A")], "99999999-8888-4777-8666-55555555555a"),
        (["another program: Device Id is : 99999999-8888-4777-8666-555555555551"], None),
    ],
)
def test_the_id_that_the_agent_last_wrote_is_the_intune_id_of_a_device_nothing_else_names(rows, lines, known):
    frames = {name: rows(name) for name in ("events", "registry_values", "properties")}
    frames["log_lines"] = rows("log_lines", *({"message": line, "clock": "unknown"} for line in lines))
    device = identify(frames, "capture").row(0, named=True)
    assert (device["intune_device_id"], device["device"]) == (known, known or "capture")


def test_the_comment_of_a_profile_file_names_the_profile(told):
    assert told(properties=[fact("Comment_File", "Profile Example one ")])["profile_name"] == "Example one"
    assert told(properties=[fact("Comment_File", "anything")])["profile_name"] is None


@pytest.mark.parametrize(
    ("text", "kind", "known"),
    [
        ("YES", pl.Boolean(), True),
        ("false", pl.Boolean(), False),
        ("perhaps", pl.Boolean(), None),
        ("0x2", pl.Int64(), None),
        ("2", pl.Int64(), 2),
        ("2", pl.String(), "2"),
    ],
)
def test_a_fact_has_the_type_of_its_column(text, kind, known):
    assert value_of(text, kind) == known
