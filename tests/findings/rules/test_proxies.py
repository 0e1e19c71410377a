"""A fixed proxy that the network of the moment does not know."""

import pytest

from autopilot_analysis.findings import find

RULE = "NETWORK-PROXY-UNREACHED"
NAMED, NUMBERED = "proxy.example.com:8080", "192.0.2.7:8080"
UNRESOLVED, UNCONNECTED, LATE = "0x80072EE7", "0x80072EFD", "0x80072EE2"


def netsh(server, past="(none)"):
    return [("proxy server", server, "netsh.log"), ("bypass list", past, "netsh.log")]


def found(world, story, server=NAMED, past="(none)", **more):
    return find(*world(**story, properties=netsh(server, past), **more)).findings.filter(rule=RULE)


@pytest.mark.parametrize(
    ("server", "code", "shown"),
    [
        (NAMED, UNRESOLVED, (f"{NAMED}, whose name was not resolved", "critical")),
        (NAMED, UNCONNECTED, (f"{NAMED}, to which no connection came about", "critical")),
        (NUMBERED, UNCONNECTED, (f"{NUMBERED}, to which no connection came about", "critical")),
        (NUMBERED, LATE, (f"{NUMBERED}, through which no answer came in time", "high")),
        (
            f"http=other.example.com:80;https={NAMED}",
            UNRESOLVED,
            (f"{NAMED}, whose name was not", "critical"),
        ),
        (
            f"{NAMED};second.example.com:80",
            "0xCAA82EE7",
            (f"{NAMED}, whose name was not resolved", "critical"),
        ),
    ],
)
def test_a_code_of_the_way_speaks_of_the_fixed_proxy(world, failure, server, code, shown):
    (row,) = found(world, failure("profile_download", code=code), server).iter_rows(named=True)
    item, severity = shown
    assert row["item"].startswith(item)
    assert (row["code"], row["role"], row["severity"]) == (code, "cause", severity)


@pytest.mark.parametrize(
    ("server", "past", "code"),
    [
        (NUMBERED, "(none)", UNRESOLVED),
        ("http://[2001:db8::7]:8080", "(none)", UNRESOLVED),
        (NAMED, "*.example.com;*.microsoft.com", UNRESOLVED),
        (NAMED, "login.live.com", UNCONNECTED),
        (NAMED, "(none)", "0x80180014"),
        (NAMED, "(none)", "0x80072F8F"),
    ],
    ids=["an address", "an address of six", "past it by a star", "past it by name", "an answer", "TLS"],
)
def test_a_code_that_another_host_or_no_way_explains_is_not_the_proxy_s(world, failure, server, past, code):
    assert found(world, failure("profile_download", code=code), server, past).is_empty()


def test_hosts_of_another_stage_that_go_past_the_proxy_change_nothing(world, failure):
    story = failure("profile_download", code=UNRESOLVED)
    assert found(world, story, past="*.manage.microsoft.com;<local>").height == 1


def test_a_device_with_direct_access_has_no_proxy_to_miss(world, failure):
    story = failure("profile_download", code=UNRESOLVED)
    assert find(*world(**story, properties=[("access", "direct")])).findings.filter(rule=RULE).is_empty()


def test_a_device_that_came_through_reached_its_proxy(world):
    story = {"attempts": [("succeeded", None, "user_driven", 0, 60, None)]}
    assert found(world, story).is_empty()


def test_the_sessions_of_a_page_that_failed_may_say_it_too(world, failure):
    sessions = [("dm:204", {}, minute, UNRESOLVED) for minute in (20, 30, 40, 50)]
    rows = found(world, failure("device_setup", code="0x800705B4"), events=sessions)
    assert rows.select("code", "stage").rows() == [(UNRESOLVED, "mdm_enrollment")]


def test_the_proxy_is_the_cause_and_what_failed_for_it_follows(world, failure):
    story = failure("profile_download", code=UNRESOLVED)
    roles = dict(find(*world(**story, properties=netsh(NAMED))).findings.select("rule", "role").iter_rows())
    assert roles | {RULE: "cause", "PROFILE-DOWNLOAD-FAILED": "consequence"} == roles


def test_the_setting_and_the_failure_are_quoted(world, failure):
    story = failure("profile_download", code=UNRESOLVED)
    evidence = find(*world(**story, properties=netsh(NAMED))).evidence.filter(rule=RULE)
    assert f"proxy server: {NAMED}" in evidence["quote"].to_list()
    assert set(evidence["member"]) == {"netsh.log", "marks.evtx"}
