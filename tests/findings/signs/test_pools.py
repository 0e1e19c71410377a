"""What signs ask for, each pool collected once for one export."""

import pytest

from autopilot_analysis.findings.signs.pools import EVIDENCE, gather

POLICY = r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\PolicyManager\current\device\Browser"


def test_the_pools_of_one_export_are_collected_once_and_anew_for_another(world):
    one, other = world(), world()
    assert gather(*one) is gather(*one)
    assert gather(*other) is not gather(*one)
    assert gather(*one).events is gather(*one).events


def test_every_pool_leads_to_its_record(world):
    given = {
        "events": [("ap:171", {}, 5, None)],
        "installs": [{"outcome": "failed"}],
        "lines": [("error", "x")],
    }
    evidence = gather(*world(**given, runs=[(1, "device_setup", "failed", 1, 9, None, None)]))
    for pool in (evidence.events, evidence.failed, evidence.installs, evidence.lines):
        assert pool.height == 1
        assert set(EVIDENCE) <= set(pool.columns)
    assert evidence.nothing.columns == EVIDENCE
    assert evidence.events["key"].to_list() == ["ap:171"]


@pytest.mark.parametrize(("severity", "count"), [("info", 0), ("warning", 1), ("error", 1)])
def test_of_the_agents_logs_only_warnings_and_errors_are_signs(world, severity, count):
    assert gather(*world(lines=[(severity, "x")])).lines.height == count


@pytest.mark.parametrize(
    ("outcome", "count"), [("failed", 1), ("not_detected", 1), ("succeeded", 0), ("unfinished", 0)]
)
def test_items_that_did_not_end_badly_are_no_signs(world, outcome, count):
    assert gather(*world(installs=[{"outcome": outcome}])).installs.height == count


def test_a_policy_is_one_path_whether_the_report_or_the_registry_tells_of_it(world):
    registry = [(POLICY, "AllowCookies", "1"), (POLICY, "AllowCookies_ProviderSet", "1")]
    evidence = gather(*world(settings=[("Browser", "AllowCookies", "1")], registry=registry))
    assert (
        evidence.settings.select("path", "detail").rows()
        == [("browser/allowcookies", "Browser/AllowCookies = 1")] * 2
    )
