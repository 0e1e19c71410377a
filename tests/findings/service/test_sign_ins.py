"""Sign-ins that an enrolment needs: what was refused, and what happens every day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from findings.service_tables import table, tables_of

from autopilot_analysis.findings import find_in_service
from autopilot_analysis.findings.service.answer import quiet_lists
from autopilot_analysis.findings.service.sign_ins import refused, sign_in_words

ENROLLMENT = "Microsoft Intune Enrollment"
START = datetime(2026, 5, 5, 9, tzinfo=UTC)


def sign_in(code=None, minute=0, user="u@example.com", app=ENROLLMENT, **more):
    at = START + timedelta(minutes=minute)
    return {"report": "signIns", "at": at, "user": user, "app": app, "code": code, **more}


def found(*rows):
    return find_in_service(tables_of(sign_ins=rows)).findings


def test_a_refusal_of_enrolment_names_app_code_users_and_since_when():
    rows = [sign_in(minute=n, user=f"u{n}") for n in range(3)]
    rows += [sign_in("AADSTS53003", 10 + n, f"u{n % 2}", policy="Compliant device") for n in range(4)]
    row = found(*rows).row(0, named=True)
    assert (row["rule"], row["severity"], row["role"], row["code"], row["item"]) == (
        "FLEET-SIGN-IN-REFUSED", "high", "cause", "AADSTS53003", ENROLLMENT,
    )  # fmt: skip
    assert row["title"] == f"{ENROLLMENT}: 4 of 7 sign-ins refused (AADSTS53003), of 2 users"
    assert "Refused by the policy Compliant device (4)." in row["meaning"]
    assert "The first was at 2026-05-05 09:10:00 UTC" in row["meaning"]
    assert "3 had gone well before the first" in row["meaning"]
    assert "exempt" in row["remedy"]


@pytest.mark.parametrize(
    "where",
    [
        {"app": "Microsoft Authentication Broker", "resource": "Device Registration Service"},
        {"app": "A name in another language", "app_id": "d4ebce55-015a-49b5-a083-c84d1797ae8c"},
        {"app": "Device Registration Service"},
    ],
)
@pytest.mark.parametrize(
    "code", ["AADSTS50105", "AADSTS90072", "AADSTS530032", "AADSTS50155", "AADSTS999999"]
)
def test_any_code_that_is_not_of_every_day_is_told_of_what_an_enrolment_needs(where, code):
    assert found(sign_in(code, **where))["code"].to_list() == [code]


@pytest.mark.parametrize("code", ["AADSTS50126", "AADSTS50140", "AADSTS50074", "AADSTS50058", "AADSTS50097"])
def test_what_happens_every_day_is_counted_and_no_failure(code):
    rows = [sign_in(code), sign_in(minute=-5)]
    assert found(*rows).is_empty()
    (words,) = sign_in_words(table("sign_ins", rows))
    assert "1 went well, 1 stopped for reasons of every day (1 " in words
    assert f"({code})" in words
    assert quiet_lists(tables_of(sign_ins=rows)).verdict.startswith("Nothing went wrong")


def test_a_refusal_by_another_app_says_nothing_of_enrolment():
    rows = [sign_in("AADSTS53003", app="Office 365 Exchange Online"), sign_in()]
    assert found(*rows).is_empty()
    answer = quiet_lists(tables_of(sign_ins=rows))
    assert answer.verdict.startswith("Nothing of an enrolment went wrong in what was read")
    assert "Of those to other apps 1 was refused" in answer.sections[0].lines[0].text


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("AADSTS50097", "was interrupted for reasons of every day: 1 of Mail (AADSTS50097, device asked to"),
        ("AADSTS50058", "was interrupted for reasons of every day: 1 of Mail (AADSTS50058, no session to"),
        ("AADSTS65001", "was refused, which says nothing of enrolment: 1 of Mail (AADSTS65001, nobody has"),
        ("AADSTS999999", "was refused, which says nothing of enrolment: 1 of Mail (AADSTS999999)."),
    ],
)
def test_of_sign_ins_to_other_apps_alone_nothing_follows_but_of_an_enrolment_and_codes_are_named(code, words):
    answer = quiet_lists(tables_of(sign_ins=[sign_in(code, app="Mail")]))
    assert answer.verdict.startswith("Nothing of an enrolment went wrong in what was read")
    assert f"Of those to other apps 1 {words}" in answer.sections[0].lines[0].text


def test_sign_ins_to_other_apps_that_went_well_say_no_more_than_that_nothing_of_an_enrolment_failed():
    alone = quiet_lists(tables_of(sign_ins=[sign_in(app="Mail")]))
    assert alone.verdict.startswith("Nothing of an enrolment went wrong")
    assert "other apps" not in alone.sections[0].lines[0].text
    beside = quiet_lists(tables_of(sign_ins=[sign_in(app="Mail"), sign_in()]))
    assert beside.verdict.startswith("Nothing went wrong")


def test_only_the_most_frequent_codes_of_other_apps_are_named_and_the_rest_is_counted():
    rows = [sign_in("AADSTS50097", app=f"App {n}") for n in range(5) for _ in range(n + 1)]
    (words,) = sign_in_words(table("sign_ins", rows))
    why = "AADSTS50097, device asked to prove itself"
    named = f"5 of App 4 ({why}), 4 of App 3 ({why}), 3 of App 2 ({why}), 3 more."
    assert words.endswith(f"15 were interrupted for reasons of every day: {named}")


def test_an_interrupt_of_enrolment_stays_a_step_beside_the_refusal_that_followed():
    rows = [sign_in("AADSTS50097"), sign_in("AADSTS53003", 1)]
    assert found(*rows)["code"].to_list() == ["AADSTS53003"]


@pytest.mark.parametrize(
    ("code", "after", "number"),
    [
        ("AADSTS50155", timedelta(hours=1), 0),
        ("AADSTS50155", timedelta(hours=1, seconds=1), 1),
        ("AADSTS53003", timedelta(minutes=1), 1),
    ],
)
def test_what_the_same_person_got_through_within_the_hour_is_a_step_unless_the_tenant_decided(
    code, after, number
):
    later = sign_in(minute=after.total_seconds() / 60)
    assert refused(table("sign_ins", [sign_in(code), later])).height == number
    of_another = {**later, "user": "v@example.com"}
    assert refused(table("sign_ins", [sign_in(code), of_another])).height == 1


WINDOWS = "Windows Sign In"
PASS = "Temporary Access Pass sign in was blocked due to User Credential Policy."
USED_UP = "AADSTS130502"


def at_windows(code=USED_UP, minute=40, **more):
    return sign_in(code, minute, app=WINDOWS, **more)


def test_who_enrolled_and_is_kept_out_of_windows_is_told_in_the_services_words():
    rows = [sign_in(), *(at_windows(minute=40 + n, failure_text=PASS) for n in range(3))]
    row = found(*rows).row(0, named=True)
    assert (row["rule"], row["severity"], row["role"], row["code"]) == (
        "FLEET-SIGN-IN-SHUT-OUT", "high", "cause", USED_UP,
    )  # fmt: skip
    assert "Windows' own sign-in was refused 3 times" in row["title"]
    assert "may be used more than once" in row["remedy"]
    assert "used up by the first sign-in" in row["meaning"]
    assert PASS[:-1] in row["meaning"]
    (words,) = sign_in_words(table("sign_ins", rows))
    assert "3 were refused after the same user had enrolled" in words
    assert "says nothing of enrolment" not in words


def test_a_code_that_is_not_known_is_told_in_the_services_words_with_something_to_do():
    row = found(sign_in(), at_windows("AADSTS999999", failure_text="Not today.")).row(0, named=True)
    assert "Not today" in row["meaning"]
    assert row["remedy"].startswith("Look the code up")


@pytest.mark.parametrize("code", ["AADSTS130503", "AADSTS50055", "AADSTS50057", "AADSTS53003"])
@pytest.mark.parametrize(
    "app", [{}, {"app_id": "38AA3B87-a06d-4817-b275-7a316988d93b", "app": "Windows-Anmeldung"}]
)
def test_any_code_that_keeps_a_user_out_of_windows_is_told(code, app):
    assert found(sign_in(), at_windows(code) | app)["code"].to_list() == [code]


@pytest.mark.parametrize(
    "rows",
    [
        [at_windows()],
        [sign_in(), at_windows(user="other@example.com")],
        [sign_in(), at_windows(minute=8 * 60 + 1)],
        [sign_in(minute=50), at_windows()],
        [sign_in("AADSTS50074"), at_windows()],
        [sign_in(), at_windows(), at_windows(None, 300)],
        [sign_in(), at_windows("AADSTS50126")],
        [sign_in(device="one"), at_windows(device="another")],
    ],
)
def test_another_user_device_or_day_a_wrong_password_and_who_got_in_later_are_not_kept_out(rows):
    assert "FLEET-SIGN-IN-SHUT-OUT" not in found(*rows)["rule"].to_list()


def test_who_enrolled_eight_hours_ago_still_counts():
    assert found(sign_in(), at_windows(minute=8 * 60)).height == 1
