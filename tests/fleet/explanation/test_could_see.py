"""The smallest difference that would have shown, at its limits."""

import polars as pl
import pytest

from autopilot_analysis.fleet.explanation.visibility import CouldSee, brought_by, could_see


def smallest(n, hits):
    units = pl.DataFrame({"hit": [True] * hits + [False] * (n - hits)})
    return could_see(units, units).smallest


@pytest.mark.parametrize("n", [300, 1000, 6000])
def test_the_smallest_difference_lies_4_85_standard_errors_beyond_a_sixth_of_all(n):
    hits = n // 20
    rest, rise = (hits + 0.5) / (n + 1), smallest(n, hits)
    own = (rest + rise) * (1 - rest - rise) / (n / 6)
    others = rest * (1 - rest) / (n * 5 / 6)
    assert rise == pytest.approx(4.85 * (own + others) ** 0.5, abs=2e-4)


def test_of_a_sixth_of_fewer_than_thirty_units_only_the_exact_test_of_single_values_would_have_shown():
    assert smallest(179, 1) is None  # no attribute names a group
    assert smallest(180, 1) is not None
    units = pl.DataFrame({"hit": [True, *[False] * 58], "model": ["a"] * 30 + ["b"] * 29})
    assert could_see(units, units.drop("hit")).smallest == pytest.approx(0.4, abs=0.1)
    assert could_see(units.head(11), units.drop("hit")).smallest is None


def test_what_was_not_in_the_export_is_named_by_the_fewest_exports_that_bring_it():
    lacking = CouldSee(None, ("model", "group_tag", "firmware", "tpm_version", "esp_profile", "site")).lacking
    assert lacking == (
        "model, firmware, TPM version (in managedDevices); group tag (in windowsAutopilotDeviceIdentities); "
        "ESP profile (in autopilotEvents); site"
    )


@pytest.mark.parametrize("name", ["model", "build", "firmware", "tpm_version", "group_tag", "started_at"])
def test_some_export_brings_each_attribute_that_names_groups(name):
    assert brought_by(name)
