"""What the screen showed: rules and checklist lines, each with a world that shows it and a near miss."""

from datetime import timedelta

import polars as pl
import pytest

from autopilot_analysis.findings import RULES, check_activities, find
from autopilot_analysis.tables import Screen, TlsCheck, Trace

GOOD = [("succeeded", None, "user_driven", 0, 60, None)]


def failed(stage):
    return [("failed", stage, "user_driven", 0, 60, None)]


def noted(*marks, detail="{}"):
    return {"marks": [(name, None, minute, None, detail) for name, minute in marks]}


@pytest.fixture
def on_screen(world):
    """A world with these screens: id, minute, minutes to its end, what else its row holds."""

    def build(*screens, **more):
        tables, trace = world(**more)
        start = pl.Series([trace.attempts["started_at"][0]]).cast(pl.Datetime("us", "UTC"))[0]
        rows = [
            {
                "device": "D", "attempt": 1, "sitting": 1, "screen": screen, "title": screen,
                "at": start + timedelta(minutes=minute), "visible_at": start + timedelta(minutes=minute),
                "ended_at": None if waited is None else start + timedelta(minutes=minute + waited),
                "clock": "declared", "member": "oobe.etl", "record": n,
            } | beside
            for n, (screen, minute, waited, beside) in enumerate(screens, 1)
        ]  # fmt: skip
        schema = Screen.create_empty().schema
        filled = pl.DataFrame([{c: row.get(c) for c in schema} for row in rows], schema=schema)
        return tables, Trace.of({**trace.frames(), "screens": filled})

    return build


def severities(tables, trace, rule):
    found = find(tables, trace, rules={rule: RULES[rule]}).findings
    return found["severity"].to_list()


@pytest.mark.parametrize(
    ("rule", "marks", "attempts", "severity"),
    [
        ("SIGN-IN-OTHER-TENANT", [("sign_in_other_tenant", 5)], failed("entra_join"), ["high"]),
        ("SIGN-IN-OTHER-TENANT", [("sign_in_other_tenant", 5)], failed("device_setup"), ["info"]),
        ("SIGN-IN-OTHER-TENANT", [("sign_in_other_tenant", 5)], GOOD, ["info"]),
        ("SIGN-IN-OTHER-TENANT", [("sign_in_page_error", 5)], failed("entra_join"), []),
        ("REGISTRATION-LOST", [("profile_available", 5), ("profile_state_not_provisioned", 9)],
         failed("mdm_enrollment"), ["high"]),
        ("REGISTRATION-LOST", [("profile_available", 9), ("profile_not_provisioned", 5)],
         failed("mdm_enrollment"), []),
        ("REGISTRATION-LOST",
         [("profile_available", 5), ("profile_not_provisioned", 9), ("profile_state_available", 12)],
         failed("mdm_enrollment"), []),
        ("REGISTRATION-LOST", [("profile_not_provisioned", 9)], failed("mdm_enrollment"), []),
        ("REGISTRATION-LOST", [("profile_available", 5), ("profile_not_provisioned", 9)], GOOD, []),
        ("PRE-PROVISIONING-UNREGISTERED", [("pre_provisioning_unregistered", 5)], failed(None), ["high"]),
        ("PRE-PROVISIONING-UNREGISTERED", [("pre_provisioning_chosen", 5)], failed(None), []),
        ("NETWORK-CAPTIVE-PORTAL", [("captive_portal", 5)], failed("network"), ["warning"]),
        ("NETWORK-CAPTIVE-PORTAL", [("captive_portal", 5)], GOOD, ["info"]),
        ("RESET-CHOSEN", [("reset_chosen", 5)], failed("entra_join"), ["info"]),
        ("RESET-CHOSEN", [("error_page_shown", 5)], failed("entra_join"), []),
    ],
)  # fmt: skip
def test_a_mark_of_a_page_weighs_by_what_came_of_the_attempt(world, rule, marks, attempts, severity):
    assert severities(*world(attempts=attempts, **noted(*marks)), rule) == severity


def test_an_error_page_says_what_it_said_and_for_how_long(on_screen):
    started = {"error": "80180014", "code": "0x80180014", "error_waited": timedelta(seconds=128.5)}
    tables, trace = on_screen(("OobeAAD", 5, 9, started), attempts=failed("mdm_enrollment"))
    shown = trace.screens.with_columns(error_at=pl.col("at"))
    trace = Trace.of({**trace.frames(), "screens": shown})
    found = find(tables, trace, rules={"OOBE-ERROR-PAGE": RULES["OOBE-ERROR-PAGE"]})
    assert found.findings.select("severity", "code", "item", "role").rows() == [
        ("warning", "0x80180014", "OobeAAD: 80180014", "context")
    ]
    assert found.evidence.select("member", "record", "quote").rows() == [
        ("oobe.etl", 1, "OobeAAD: 80180014, for 128.5 s")
    ]
    still = Trace.of(
        {**trace.frames(), "screens": shown.with_columns(error_waited=pl.lit(None, pl.Duration("us")))}
    )
    quote = find(tables, still, rules={"OOBE-ERROR-PAGE": RULES["OOBE-ERROR-PAGE"]}).evidence["quote"]
    assert quote.to_list() == ["OobeAAD: 80180014, end not recorded"]


def test_a_page_without_an_error_is_no_error_page(on_screen):
    assert severities(*on_screen(("OobeAAD", 5, 9, {}), attempts=failed(None)), "OOBE-ERROR-PAGE") == []


@pytest.mark.parametrize(
    ("screen", "scenario", "found"),
    [
        ("OobeAAD", "user_driven", ["info"]),
        ("OobeMSA", "user_driven", []),
        ("OobeAAD", "not_autopilot", []),
    ],
)
def test_the_generic_sign_in_page_counts_on_the_companys_page_of_an_autopilot_device(
    on_screen, screen, scenario, found
):
    tables, trace = on_screen(
        (screen, 4, 9, {}),
        attempts=failed(None),
        device={"scenario": scenario},
        **noted(("sign_in_page_generic", 5)),
    )
    assert severities(tables, trace, "SIGN-IN-PAGE-GENERIC") == found


def checked(tables, trace, activity):
    rows = check_activities(tables, trace, find(tables, trace, rules={}))
    return rows.filter(pl.col("activity") == activity).select("result", "why", "member", "record").row(0)


COMPANY = ("OobeAAD", 5, 9, {})
CONSUMER = ("OobeMSA", 15, 9, {})
REGION = ("OobeRegion", 1, 2, {})


@pytest.mark.parametrize(
    ("screens", "more", "answer"),
    [
        ([REGION, COMPANY], {}, ("pass", 2)),
        ([REGION], {}, ("unknown", 1)),
        ([COMPANY, CONSUMER], {"device": {"registered": True}}, ("fail", 2)),
        ([COMPANY, CONSUMER], {"device": {"registered": None}}, ("unknown", 2)),
        ([("OobeMSA", 15, 9, {"visible_at": None}), COMPANY], {"device": {"registered": True}}, ("pass", 2)),
    ],
)
def test_expected_screens_are_the_companys(on_screen, screens, more, answer):
    tables, trace = on_screen(*screens, attempts=failed(None), **more)
    result, _, member, record = checked(tables, trace, "expected_screens")
    assert (result, record) == answer
    assert member == "oobe.etl"


@pytest.mark.parametrize(("attempts", "result"), [(failed("entra_join"), "fail"), (GOOD, "pass")])
def test_an_error_page_fails_the_screens_unless_the_device_went_on_to_succeed(on_screen, attempts, result):
    tables, trace = on_screen(COMPANY, attempts=attempts)
    shown = trace.screens.with_columns(error_at=pl.col("at"))
    trace = Trace.of({**trace.frames(), "screens": shown})
    assert checked(tables, trace, "expected_screens")[0] == result


def test_screens_that_nobody_saw_are_unknown_and_say_whether_anybody_could(world):
    tables, trace = world(attempts=failed(None))
    sources = "not looked at: none of etl_oobe, events_shell_core is there"
    assert checked(tables, trace, "expected_screens") == ("unknown", sources, None, None)
    tables, trace = world(attempts=failed(None), coverage=[("etl_oobe", "present")])
    assert checked(tables, trace, "sign_in_page") == ("unknown", "no record of it", None, None)


@pytest.mark.parametrize(
    ("marks", "screen", "result"),
    [
        ([("sign_in_page_branded", 6)], COMPANY, "pass"),
        ([("sign_in_page_branded", 6), ("sign_in_page_generic", 7)], COMPANY, "fail"),
        ([("sign_in_page_generic", 6)], ("OobeMSA", 5, 9, {}), "unknown"),
        ([("sign_in_page_generic", 20)], COMPANY, "unknown"),
        ([("sign_in_page_generic", 20)], ("OobeAAD", 5, None, {}), "fail"),
    ],
)
def test_the_sign_in_page_is_what_the_companys_page_said_last(on_screen, marks, screen, result):
    tables, trace = on_screen(screen, attempts=failed(None), **noted(*marks))
    assert checked(tables, trace, "sign_in_page")[0] == result


@pytest.mark.parametrize(
    ("code", "attempts", "severity"),
    [
        ("0x800B0109", failed("network"), ["warning"]),
        ("0x800B0109", GOOD, ["info"]),
        (None, failed("network"), []),
    ],
)
def test_a_server_that_was_not_trusted_is_named_with_its_root(world, code, attempts, severity):
    tables, trace = world(attempts=attempts)
    check = {
        "device": "D", "at": trace.attempts["started_at"][0], "clock": "declared",
        "host": "login.example.com", "process": "svchost.exe", "chain": None,
        "root": "Example Inspection Root", "code": code, "member": "a.etl", "record": 7,
    }  # fmt: skip
    checks = pl.DataFrame([check], schema=TlsCheck.create_empty().schema)
    trace = Trace.of({**trace.frames(), "tls_checks": checks})
    rule = "NETWORK-TLS-CHECK-FAILED"
    found = find(tables, trace, rules={rule: RULES[rule]})
    assert found.findings["severity"].to_list() == severity
    quotes = ["login.example.com, root Example Inspection Root"] * len(severity)
    assert found.evidence["quote"].to_list() == quotes
