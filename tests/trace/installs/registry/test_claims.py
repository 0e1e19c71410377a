"""What a registry place claims, in one shape; an unlisted number stays unknown."""

from datetime import UTC, datetime

import polars as pl
import pytest

from autopilot_analysis.trace.installs.registry.claims import CLAIM, as_claims, named, scaled, to_instant


def test_a_claim_has_the_columns_of_all_claims():
    claims = as_claims(pl.DataFrame({"device": ["D"], "item": ["app"], "exit_code": ["5"], "other": [1]}))
    assert dict(claims.schema) == CLAIM
    assert claims.select("device", "exit_code", "blocking").row(0) == ("D", 5, None)


@pytest.mark.parametrize(
    ("written", "outcome"),
    [("4", "failed"), ("completed", "succeeded"), ("77", "unknown"), (None, "unknown")],
)
def test_a_number_means_what_its_scale_says(written, outcome):
    rows = pl.DataFrame({"written": [written]}, schema={"written": pl.String})
    assert scaled(rows, "esp_app")["outcome"].to_list() == [outcome]


def test_the_same_number_means_another_thing_on_another_scale():
    rows = pl.DataFrame({"written": ["1"]})
    outcomes = [scaled(rows, scale)["outcome"][0] for scale in ("esp_app", "expected", "device_preparation")]
    assert outcomes == ["never_started", "succeeded", "succeeded"]


@pytest.mark.parametrize(
    "text", ["2026-03-02T08:00:00.000Z", "2026-03-02 08:00:00", "03/02/2026 08:00:00", "3/2/2026 8:00:00 AM"]
)
def test_an_instant_is_read_in_every_spelling_that_the_registry_has(text):
    assert pl.DataFrame({"t": [text]}).select(to_instant(pl.col("t"))).item() == datetime(
        2026, 3, 2, 8, tzinfo=UTC
    )


def test_the_value_of_a_name_is_the_first_of_its_group():
    rows = pl.DataFrame({"label": ["status", "url", "status"], "value": ["60", "x", "70"]})
    assert rows.select(status=named("status"), gone=named("lasterror")).row(0) == ("60", None)
