"""One attempt is one row, whatever export it came from."""

import pytest
from dataframely.exc import ValidationError

from autopilot_analysis.tables.fleet import DEPLOYMENT_OUTCOMES, ORIGINS, Deployment, describing

ONE = {"deployment": "key-1", "origin": "graph", "outcome": "in_progress"}


def test_an_attempt_of_which_nothing_is_known_but_its_key_is_a_row(rows):
    nowhere = {"member": None, "record": None}
    row = Deployment.validate(rows("deployments", ONE | nowhere)).row(0, named=True)
    known = {name for name, value in row.items() if value is not None}
    assert known == {"device", "deployment", "origin", "outcome"}


@pytest.mark.parametrize("column", ["deployment", "origin", "outcome"])
def test_a_row_without_key_origin_or_outcome_is_refused(rows, column):
    with pytest.raises(ValidationError):
        Deployment.validate(rows("deployments", ONE | {column: None}))


def test_an_attempt_that_was_left_and_one_that_still_runs_are_no_failures():
    assert DEPLOYMENT_OUTCOMES == ["succeeded", "failed", "in_progress", "abandoned", "unknown"]
    assert ORIGINS == ["capture", "graph", "report_v1", "report_v2", "log_analytics"]


def test_what_was_deployed_is_told_apart_from_how_it_went():
    assert describing() == (
        "serial", "name", "user", "manufacturer", "model", "build", "firmware", "tpm_version", "group_tag",
        "device_category", "profile", "details", "esp_profile", "enrollment_type",
    )  # fmt: skip
