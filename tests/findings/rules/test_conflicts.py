"""Settings that are known to disturb a deployment weigh where they were in force when it failed."""

import pytest

APPLOCKER = {"Message1": "./Vendor/MSFT/AppLocker/ApplicationLaunchRestrictions"}


@pytest.mark.parametrize(
    ("stage", "minute", "severity"),
    [("device_setup", 30, "warning"), ("entra_join", 30, "info"), ("device_setup", 90_000, "info")],
)
def test_a_policy_that_disturbs_the_page_weighs_where_the_page_failed_with_it(
    proofs, failure, stage, minute, severity
):
    rows = proofs("CONFLICTS", **failure(stage), events=[("dm:2800", APPLOCKER, minute, None)])
    assert set(rows["severity"]) == {severity}
    assert rows["rule"].str.starts_with("CONFLICT-").all()


@pytest.mark.parametrize(("timed_out", "severity"), [(True, "warning"), (False, "info")])
def test_what_only_makes_the_page_wait_harms_where_the_page_ran_out_of_time(
    proofs, failure, timed_out, severity
):
    key = r"HKEY_LOCAL_MACHINE\software\microsoft\PolicyManager\current\device\LocalPoliciesSecurityOptions"
    value = (key, "UserAccountControl_BehaviorOfTheElevationPrompt", "1")
    marks = [("esp_timed_out", "device_setup", 60, None, "")] if timed_out else []
    rows = proofs("CONFLICTS", **failure("device_setup"), registry=[value], marks=marks)
    told = [row["severity"] for row in rows.to_dicts() if row["rule"] == "CONFLICT-PC3"]
    assert told == [severity]


def test_without_any_such_setting_nothing_is_said(proofs, failure):
    assert proofs(
        "CONFLICTS", **failure("device_setup"), events=[("dm:2800", {"Message1": "./x"}, 30, None)]
    ).is_empty()
