"""The cells of fleet exports: whose row it is, which build, which code."""

import polars as pl
import pytest

from autopilot_analysis.readers.service.deployments.deployment import (
    builds,
    codes,
    device_keys,
    member_names,
    of_distinct,
    outcomes,
)

EMPTY = "00000000-0000-0000-0000-000000000000"


@pytest.mark.parametrize(
    ("cells", "device"),
    [
        ({"serial": " SN-0001 ", "intune_device_id": "i"}, "SN-0001"),
        ({"serial": "Default string", "intune_device_id": "i"}, "i"),
        ({"serial": "abc", "intune_device_id": EMPTY, "entra_device_id": "e"}, "e"),
        ({"serial": None, "name": "AP-0001"}, "AP-0001"),
        ({"serial": "0"}, None),
    ],
)
def test_a_device_is_its_serial_unless_firmware_wrote_a_placeholder(cells, device):
    frame = pl.DataFrame([cells], schema=dict.fromkeys(cells, pl.String))
    assert device_keys(frame).to_list() == [device]


@pytest.mark.parametrize(
    ("version", "build"),
    [
        ("10.0.22631.4037", "22631.4037"),
        ("22631.4037", "22631.4037"),
        ("Windows 11 (10.0.26100)", "26100"),
        ("10.0.226310.1", None),
        ("iOS 17.4", None),
        (None, None),
    ],
)
def test_a_build_is_read_from_any_spelling_of_a_version(version, build):
    assert builds(pl.Series([version], dtype=pl.String)).to_list() == [build]


@pytest.mark.parametrize(
    ("text", "code"),
    [("-2145910764", "0x80180014"), ("0x80180014", "0x80180014"), ("0", None), ("", None), ("failed", None)],
)
def test_a_code_of_zero_is_no_error(text, code):
    assert codes(pl.Series([text])).to_list() == [code]


def test_a_number_of_an_enum_is_its_name_and_what_nobody_knows_stays_as_written():
    given = pl.Series(["1", "success", "77"])
    named = member_names(given, "windowsAutopilotDeploymentState")
    assert named.to_list()[1:] == ["success", "77"]
    assert named[0] in outcomes() or named[0].lower() in outcomes()


def test_each_distinct_text_is_read_once():
    seen = []

    def read(texts):
        seen.extend(texts.to_list())
        return texts.str.to_uppercase()

    assert of_distinct(pl.Series(["a", "a", "b", "a", "a", None]), read).to_list() == [*"AABAA", None]
    assert sorted(seen) == ["a", "b"]
