"""Known issues of builds that the failures of a report fit; every device is made up."""

from __future__ import annotations

import polars as pl
import pytest

from autopilot_analysis.fleet.explanation.failures.failure_kinds import kinds_of
from autopilot_analysis.fleet.explanation.failures.fleet_issues import tell_issues

OLD, MENDED = "26100.6583", "26100.6584"
HYBRID = "offlineDomainJoined"


def told(builds, kind=HYBRID, stage="device_setup", code="0x80004005"):
    rows = pl.DataFrame(
        {
            "device": [f"D-{n}" for n in range(len(builds))],
            "started_at": [None] * len(builds),
            "outcome": "failed",
            "failed_stage": stage,
            "code": code,
            "failure_text": None,
            "enrollment_type": kind,
            "build": builds,
        },
        schema_overrides={
            "started_at": pl.Datetime("us", "UTC"), "failure_text": pl.String, "build": pl.String,
            "failed_stage": pl.String, "enrollment_type": pl.String,
        },
    )  # fmt: skip
    return list(tell_issues(kinds_of(rows).to_dicts(), rows))


@pytest.mark.parametrize("build", [OLD, "26200.6724", "22631.6275"])
@pytest.mark.parametrize("kind", [HYBRID, "offlineDomainJoinedWithWhiteGlove"])
def test_hybrid_joins_that_fail_on_builds_before_the_update_name_the_issue_and_the_update(build, kind):
    ((why, remedy),) = told([build] * 4, kind)
    assert why.text.startswith(
        "0x80004005: 4 of 4 failures fit a known issue by stage, join and build, “Hybrid "
    )
    assert why.text.endswith("likely, not proven.")
    assert "KB5065426 (24H2), KB5065789 (25H2)" in remedy.text
    assert (remedy.kind, remedy.place) == ("remedy", "third parties")


@pytest.mark.parametrize(
    ("builds", "more"),
    [
        ([OLD] * 8 + [MENDED] * 2, {}),  # mended builds fail too: the issue is another one
        ([MENDED] * 4, {}),
        (["26200.6725"] * 4, {}),
        ([None] * 4, {}),
        ([OLD] * 4, {"kind": "azureADJoinedWithAutopilotProfile"}),
        ([OLD] * 4, {"kind": None}),
        ([OLD] * 4, {"stage": "mdm_enrollment"}),
        ([OLD] * 4, {"stage": None}),
        ([OLD] * 4, {"code": "0x80070643"}),
    ],
)
def test_other_builds_joins_stages_and_codes_name_none(builds, more):
    assert told(builds, **more) == []


def test_one_of_ten_on_another_build_leaves_the_issue_named():
    ((why, _),) = told([OLD] * 9 + [MENDED])
    assert why.text.startswith("0x80004005: 9 of 10 failures fit")
