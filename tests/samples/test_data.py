"""The exports that ship with the project are what this code writes, byte for byte."""

import re
import zlib
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from autopilot_analysis.samples import Truth, write_data

DATA = Path(__file__).parents[2] / "data"
NAMES = [
    "clock-step.cab", "esp-app-timeout.zip", "mdm-enrollment-refused.cab", "oobe-error-page.cab",
    "pre-provisioning.cab",
    "user-driven-success.cab",
]  # fmt: skip


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    write_data(folder)
    return folder


@pytest.mark.parametrize("name", NAMES)
def test_shipped_exports_are_rebuilt_byte_for_byte(name, rebuilt):
    if hasattr(zlib, "ZLIBNG_VERSION"):
        pytest.skip("zlib-ng packs the same content into other bytes")
    assert (rebuilt / name).read_bytes() == (DATA / name).read_bytes()


def test_shipped_exports_are_small_and_complete():
    assert sorted(path.name for path in DATA.iterdir() if path.suffix in (".cab", ".zip")) == NAMES
    assert all((DATA / name).stat().st_size < 150_000 for name in NAMES)


def test_the_page_beside_the_shipped_exports_names_each():
    page = (DATA / "README.md").read_text("utf-8")
    assert sorted(re.findall(r"(?m)^\| ([\w-]+\.(?:cab|zip)) \|", page)) == NAMES


def test_shipped_truth_is_rebuilt(rebuilt):
    shipped = pl.read_parquet(DATA / "truth.parquet")
    assert_frame_equal(pl.read_parquet(rebuilt / "truth.parquet"), shipped)
    assert sorted(Truth.validate(shipped, cast=True)["export"].unique()) == NAMES
