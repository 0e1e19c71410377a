"""One chip has one name, however a device spells its maker."""

from __future__ import annotations

import re

import polars as pl
import pytest

from autopilot_analysis.findings.chips import FIRMWARE, MAKER, chip_facts, chip_name, maker_of


@pytest.mark.parametrize(
    ("spelt", "maker"),
    [
        ("IFX", "IFX"),
        ("Infineon Technologies AG", "IFX"),
        (" 'INTC'", "INTC"),
        ("advanced micro devices, inc.", "AMD"),
        ("Example Chips", None),
        ("not by Intel", None),
        (None, None),
    ],
)
def test_a_maker_is_known_by_how_its_name_begins(spelt, maker):
    frame = pl.DataFrame({"spelt": [spelt]}, schema={"spelt": pl.String})
    assert frame.select(maker_of(pl.col("spelt"))).item() == maker


CHIPS = pl.DataFrame(
    {"tpm_vendor": ["INTC", "IFX", "Example", None], "tpm_firmware": ["402.1", None, "1.0", "7.2"]}
)


def test_a_chip_is_called_by_its_maker_and_its_firmware_as_far_as_they_are_known():
    assert CHIPS.select(chip_name()).to_series().to_list() == [
        "Intel, firmware 402.1",
        "Infineon",
        None,
        None,
    ]


def test_what_a_chip_says_to_the_causes_of_a_code_is_a_line_for_each_fact():
    assert CHIPS.select(chip_facts()).to_series().to_list() == [
        "TPM maker: INTC\nTPM firmware: 402.1",
        "TPM maker: IFX",
        None,
        None,
    ]


@pytest.mark.parametrize("name", ["tpm manufacturer", "manufacturerid", "-manufactureridtxt", "vendor id"])
def test_a_property_that_names_the_maker_is_known(name):
    assert re.search(MAKER, name)


def test_the_version_of_a_maker_is_firmware_and_no_maker():
    assert not re.search(MAKER, "manufacturerversion")
    assert re.search(FIRMWARE, "manufacturerversion")
