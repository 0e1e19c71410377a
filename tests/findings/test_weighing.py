"""A condition weighs only where it fits an attempt that failed."""

import polars as pl
import pytest

from autopilot_analysis.findings.weighing import NEAR, agreed_code, weigh
from autopilot_analysis.tables import STAGES


def weighed(world, failed, about, minute=30, **options):
    """Severity and attempt of one proof beside an attempt that failed in a stage."""
    _, trace = world(attempts=[("failed", failed, "user_driven", 10, 60, None)])
    at = trace.attempts.select(at=pl.col("started_at") + pl.duration(minutes=minute - 10))["at"]
    proof = pl.DataFrame({"device": ["D"], "at": at, "about": [about]}, schema_overrides={"about": pl.String})
    return weigh(proof, trace, **options).select("severity", "attempt").row(0)


@pytest.mark.parametrize(
    ("failed", "about", "severity"),
    [
        ("entra_join", "entra_join", "warning"),
        ("device_preparation", "entra_join", "warning"),
        ("user_authentication", "entra_join", "warning"),
        ("device_setup", "entra_join", "info"),
        ("entra_join", "device_preparation", "warning"),
        ("profile_download", "network", "warning"),
        ("account_setup", "device_setup", "warning"),
        ("desktop", "account_setup", "warning"),
        ("desktop", "device_setup", "info"),
        ("device_setup", None, "warning"),
    ],
)
def test_a_condition_of_a_stage_weighs_where_the_attempt_failed_near_it(world, failed, about, severity):
    assert weighed(world, failed, about) == (severity, 1)


def test_every_stage_is_near_itself():
    assert all(stage in NEAR[stage] for stage in STAGES)
    assert list(NEAR) == STAGES


def test_what_came_before_all_attempts_belongs_to_the_failed_one(world):
    assert weighed(world, "entra_join", "entra_join", minute=0) == ("warning", 1)


def test_what_came_long_after_the_attempt_explains_nothing(world):
    assert weighed(world, "entra_join", "entra_join", minute=60 * 24 * 30) == ("info", None)


def test_without_the_stage_a_condition_fits_any_failed_attempt(world):
    assert weighed(world, "device_setup", "entra_join", by_stage=False) == ("warning", 1)


def test_a_device_agrees_on_a_code_whatever_another_device_names():
    proofs = [("A", "R", "0x1"), ("A", "R", None), ("B", "R", "0x2"), ("C", "R", "0x1"), ("C", "R", "0x3")]
    frame = pl.DataFrame(proofs, schema=["device", "rule", "code"], orient="row")
    assert frame.select(agreed_code())["code"].to_list() == ["0x1", "0x1", "0x2", None, None]
