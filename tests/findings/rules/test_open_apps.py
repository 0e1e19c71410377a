"""Apps that were not done when the page gave up."""

import pytest
from findings.rule_worlds import RESTARTS, SETUP, TIMED, USER_TIMED, at

HELD = {"item": "held", "name": "Contoso Reader", "outcome": "waiting", "reason": "waits for a restart"}


def test_an_app_that_waits_for_a_restart_is_named_and_not_those_behind_it(proofs):
    rows = proofs("ESP-RESTART-AWAITED", **TIMED, installs=[HELD, RESTARTS])
    assert rows["item"].to_list() == ["Example VPN"]
    assert rows["quote"].to_list() == ["reboot, exit code 3010"]


def test_apps_that_only_the_agent_keeps_waiting_are_named_where_none_asked(proofs):
    rows = proofs("ESP-RESTART-AWAITED", **TIMED, installs=[HELD])
    assert rows["item"].to_list() == ["Contoso Reader"]


@pytest.mark.parametrize(("minute", "found"), [(29, 1), (31, 0), (59, 0), (61, 1)])
def test_a_start_of_windows_after_the_request_and_in_time_is_that_restart(proofs, minute, found):
    steps = [("boot", minute, None, None)]
    assert proofs("ESP-RESTART-AWAITED", **TIMED, installs=[RESTARTS], steps=steps).height == found
    assert proofs("ESP-APP-HUNG", **TIMED, installs=[RESTARTS], steps=steps).height == 1 - found


def test_no_installer_hung_where_a_restart_was_awaited(proofs):
    rows = proofs("ESP-APP-HUNG", **TIMED, installs=[HELD, RESTARTS])
    assert rows.is_empty()


CAME = {"outcome": "succeeded", "exit_code": 0, "started_at": at(30), "ended_at": at(77)}
"""An app whose installer was at work when the page's hour ended, and ended well afterwards."""
LOADED = CAME | {"download_started_at": at(20), "download_ended_at": at(65), "started_at": at(66)}


@pytest.mark.parametrize(
    ("page", "app", "words"),
    [
        (TIMED, CAME, "its installer had begun; it was installed 17 min after the page gave up"),
        (TIMED, CAME | {"kind": "msi"}, "its installer had begun; it was installed 17 min after"),
        (
            USER_TIMED,
            LOADED | {"phase": "account"},
            "its download had begun and its installer had not; it was installed 17 min after",
        ),
    ],
)
def test_an_app_that_came_after_the_page_was_open_when_time_ran_out(proofs, page, app, words):
    rows = proofs("ESP-APP-LATE", **page, installs=[app])
    assert rows["item"].to_list() == ["Example VPN"]
    assert words in rows["quote"][0]
    assert proofs("ESP-APP-HUNG", **page, installs=[app]).is_empty()


@pytest.mark.parametrize(
    ("page", "app"),
    [
        (TIMED, CAME | {"ended_at": at(59)}),
        (TIMED, CAME | {"started_at": at(61)}),
        (TIMED, CAME | {"phase": "account"}),
        (TIMED, CAME | {"ended_at": None}),
        (SETUP | {"attempts": [("failed", "device_setup", "user_driven", 0, 60, None)]}
         | {"runs": [(1, "device_setup", "failed", 10, 60, "0x80070643", "esp_apps_failed")]}, CAME),
    ],
)  # fmt: skip
def test_an_app_that_was_not_at_work_at_the_end_of_the_pages_time_kept_nobody_waiting(proofs, page, app):
    assert proofs("ESP-APP-LATE", **page, installs=[app]).is_empty()


def test_an_app_that_failed_after_the_page_was_open_when_time_ran_out(proofs):
    failed = CAME | {"outcome": "failed", "exit_code": 1603}
    quote = proofs("ESP-APP-FAILED", **TIMED, installs=[failed])["quote"].item()
    assert quote == "outcome failed, exit code 1603; it was still open when the page gave up, 17 min before"
    in_time = proofs("ESP-APP-FAILED", **TIMED, installs=[failed | {"ended_at": at(59)}])
    assert in_time["quote"].item() == "outcome failed, exit code 1603"


OPEN_APP = {
    "item": "cad", "name": "Contoso CAD", "kind": "win32", "outcome": "unfinished", "blocking": True,
    "phase": "device", "exit_code": None, "download_size": 9_000_000_000,
    "detail": '{"download_started_written": "2026-03-17T07:25:11", "started_written": "2026-03-17T07:52:20"}',
}  # fmt: skip
LIMIT = "Die Installation hat das von Ihrer Organisation festgelegte Zeitlimit überschritten."


def noted(*lines):
    """What somebody wrote down of a page: kind and line."""
    return [(kind, line, "note.txt", "Quoted error") for kind, line in lines]


RAN_OUT = ("time limit in another language", LIMIT)
FAILED = ("part of the status page", "Apps (Fehler: 0x800705b4)")
IN_DEVICE = ("phase device setup", "Geräteeinrichtung")


@pytest.mark.parametrize("lines", [(IN_DEVICE, RAN_OUT), (RAN_OUT,), (FAILED,)])
def test_an_app_without_an_end_is_what_a_page_waited_for_that_somebody_wrote_down(proofs, lines):
    rows = proofs("PAGE-APP-OPEN", installs=[OPEN_APP], properties=noted(*lines))
    assert set(rows["item"]) == {"Contoso CAD (still installing)"}
    assert rows["quote"].to_list() == [
        "download began 07:25:11, installer began 07:52:20, 9000 MB to download, no end in the log",
        lines[-1][1],
    ]


def test_an_app_whose_content_had_not_come_was_downloading(proofs):
    app = OPEN_APP | {"download_outcome": "unfinished"}
    rows = proofs("PAGE-APP-OPEN", installs=[app], properties=noted(RAN_OUT))
    assert rows["item"][0] == "Contoso CAD (still downloading)"


@pytest.mark.parametrize(
    ("app", "lines"),
    [
        ({"blocking": False}, [RAN_OUT]),
        ({"blocking": None}, [RAN_OUT]),
        ({"outcome": "succeeded"}, [RAN_OUT]),
        ({"phase": "account"}, [IN_DEVICE, RAN_OUT]),
        ({}, [("part of the status page", "Apps (Fehler: 0x87d1041c)")]),
        ({}, [("bare code", "Autopilot ends with 0x800705b4")]),
        ({}, []),
    ],
    ids=["not waited for", "unknown", "came", "another phase", "another code", "no page", "nothing"],
)
def test_any_other_app_and_any_other_page_are_not_put_together(proofs, app, lines):
    assert proofs("PAGE-APP-OPEN", installs=[OPEN_APP | app], properties=noted(*lines)).is_empty()


def test_an_app_that_came_on_a_later_try_was_not_open(proofs):
    tries = [OPEN_APP, OPEN_APP | {"outcome": "succeeded", "try_number": 2}]
    assert proofs("PAGE-APP-OPEN", installs=tries, properties=noted(RAN_OUT)).is_empty()
