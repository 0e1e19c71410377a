"""The way to apps' content and one app's content are told apart."""

from __future__ import annotations

import pytest

from autopilot_analysis.findings import RULES, find
from autopilot_analysis.findings.rules.no_content import LEAST_APPS

RULE = "NETWORK-NO-CONTENT"
CDN = "[Win32App] External CDN download: Web Exception occurs, the exception is System.Net.WebException: "
UNANSWERED = (
    "Unable to connect to the remote server ---> System.Net.Sockets.SocketException: A connection attempt "
    "failed because the connected party did not properly respond after a period of time 192.0.2.45:443"
)
NO_PROGRESS = "0x80D02002"


def app(name, *, got=0, outcome="failed", **more):
    """A try whose download failed after so many of a thousand bytes."""
    load = {"downloaded_bytes": got, "download_size": 1000, "download_outcome": outcome}
    return {"item": name, "name": name, "outcome": "failed", "code": "0x87D30068"} | load | more


def apps(number, **more):
    return [app(f"App {n}", **more) for n in range(number)]


CAME = app("Large App", got=1000, outcome="succeeded") | {"outcome": "succeeded", "code": None}


@pytest.fixture
def said(proofs, failure):
    """What the rule says of apps and lines, once each."""

    def ask(installs, *lines, **given):
        world = failure("device_setup", code="0x800705B4") | {"installs": installs} | given
        world["lines"] = [("error", line) for line in (*lines, "an ordinary line")]
        return proofs(RULE, **world)["item"].unique(maintain_order=True).to_list()

    return ask


@pytest.mark.parametrize(
    ("line", "item"),
    [
        ("", "3 apps"),
        (CDN + UNANSWERED, "3 apps, 192.0.2.45:443 did not answer"),
        (
            CDN + "The remote server returned an error: (407) Proxy Authentication Required.",
            "3 apps, a proxy on the way to the content host asks for a sign-in (407)",
        ),
        (
            CDN
            + "The underlying connection was closed: Could not establish trust relationship for the SSL/TLS "
            "secure channel. https://content.example.com/a.bin",
            "3 apps, the certificate shown for content.example.com is not trusted",
        ),
        (
            CDN + "The remote name could not be resolved: 'content.example.com'",
            "3 apps, the name of content.example.com was not resolved",
        ),
        (CDN + "something else went wrong", "3 apps"),
        ("[SendWebRequestInternal] Web Exception occurs when downloading: (407)", "3 apps"),
    ],
)
def test_the_network_is_told_with_what_its_connections_met(said, line, item):
    assert said(apps(3), line) == [item]


@pytest.mark.parametrize(
    ("installs", "found"),
    [
        (apps(LEAST_APPS), True),
        (apps(LEAST_APPS - 1), False),
        ([*apps(3), CAME], False),
        ([*apps(3), app("Loaded", got=1000, outcome="succeeded")], False),
        ([*apps(3), CAME | {"attempt": 2}], True),
        ([*apps(3), app("Cached", outcome="cached") | {"outcome": "succeeded"}], True),
        ([*apps(3), app("Installed", outcome=None, started_at="at", exit_code=1)], False),
        ([*apps(3), app("There", outcome=None, detected_before=True) | {"outcome": "succeeded"}], True),
        ([*apps(3), app("Brought", outcome=None) | {"outcome": "succeeded"}], False),
        ([*apps(3), app("Growing", got=400, outcome="unfinished")], False),
        ([*apps(3), app("Stalled", got=40, outcome="unfinished", stalls=1)], True),
        ([*apps(2), app("A few per cent", got=40)], True),
        (apps(3, got=40), False),
        (apps(3, code="0x80070070"), False),
        (apps(3, download_code="0x80D01001"), False),
        (apps(3, code="0x87D30067"), False),
        (apps(3, reason="no content information from the service"), False),
        (apps(3, outcome=None), False),
        (apps(3, kind="msi"), False),
        ([*apps(2, kind="winget"), CAME], True),
    ],
)
def test_what_came_or_is_at_fault_on_the_device_keeps_the_network_out_of_it(said, at, installs, found):
    given = [one | ({"started_at": at(20)} if one.get("started_at") else {}) for one in installs]
    assert bool(said(given)) is found


def test_one_app_is_enough_where_its_connection_is_seen_to_fail(said):
    assert said(apps(1), CDN + UNANSWERED) == ["1 app, 192.0.2.45:443 did not answer"]
    assert said([*apps(1), CAME], CDN + UNANSWERED) == []


def test_an_attempt_that_went_well_asks_nothing_of_the_network(said):
    assert said(apps(3), attempts=[("succeeded", None, "user_driven", 0, 60, None)]) == []


@pytest.mark.parametrize(
    ("record", "line", "found"),
    [
        (1, ("error", CDN + UNANSWERED), True),
        (2, ("error", CDN + UNANSWERED), False),
        (1, ("error", CDN + UNANSWERED, 30), True),
        (1, ("error", CDN + UNANSWERED, 900), False),
    ],
    ids=["behind the try", "before the try", "in the attempt", "after the attempt"],
)
def test_a_connection_counts_where_its_try_stands(proofs, failure, record, line, found):
    given = failure("device_setup") | {"installs": apps(1, record=record), "lines": [line]}
    assert (proofs(RULE, **given).height > 0) is found


def test_a_log_without_any_attempt_is_told_as_a_warning(proofs):
    line = [("info", "a line")]
    alone = proofs(RULE, installs=apps(2, attempt=None), lines=line)
    assert alone["severity"].unique().to_list() == ["warning"]
    well = [("succeeded", None, "user_driven", 0, 60, None)]
    assert proofs(RULE, installs=apps(2, attempt=None), lines=line, attempts=well).is_empty()


def test_store_apps_are_counted_apart(said):
    assert said([*apps(2, kind="winget"), CAME]) == ["2 Store apps"]


def test_apps_without_content_follow_from_the_network(world, failure):
    given = failure("device_setup", code="0x800705B4")
    given |= {"installs": apps(3, download_code=NO_PROGRESS), "lines": [("error", CDN + UNANSWERED)]}
    names = (RULE, "ESP-APP-CONTENT")
    found = find(*world(**given), rules={name: RULES[name] for name in names}).findings
    assert dict(found.select("rule", "role").rows()) == {RULE: "cause", "ESP-APP-CONTENT": "consequence"}
    assert found["code"][0] == NO_PROGRESS


@pytest.mark.parametrize(
    ("lacking", "own"),
    [(apps(1), True), (apps(1, got=400), False), (apps(2), False), (apps(1, kind="winget"), False)],
    ids=["not a byte", "a part", "several", "from another place"],
)
def test_one_app_without_a_byte_among_others_that_came_is_that_apps_content(world, failure, lacking, own):
    given = failure("device_setup", code="0x87D30068") | {"installs": [*lacking, CAME]}
    found = find(*world(**given), rules={"ESP-APP-CONTENT": RULES["ESP-APP-CONTENT"]}).findings
    assert ("that of other apps came by the same way" in found["meaning"][0]) is own
    assert found["remedy"][0].startswith("Upload the app's package") is own
