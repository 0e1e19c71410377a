"""What comparing the rows of lists shows, and where it must stay silent."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from findings.service_tables import failure, imported, status, table

from autopilot_analysis.facts.guids import EMPTY_ID
from autopilot_analysis.fleet.explanation.lists.differences import day_of_rise, one_behind_all, what_differs
from autopilot_analysis.fleet.explanation.lists.questions import (
    questions_of_enrollments,
    questions_of_imports,
    questions_of_inventory,
    questions_of_items,
)

DAY = datetime(2026, 5, 4, 8, tzinfo=UTC)


def at(days):
    return DAY + timedelta(days=days)


def items(rows):
    (one,) = questions_of_items(table("item_statuses", rows), table("identities", []))
    return one


def installs(good, bad, **more):
    """So many devices on which an app is installed, and so many on which it failed."""
    states = [("1", None)] * good + [("2", "0x80070643")] * bad
    return [status(f"D-{more}-{n}", state, code, **more) for n, (state, code) in enumerate(states)]


def titles(question, asked=1):
    return [one.title for one in what_differs(question, asked)]


def reasons(rows, name):
    asked = questions_of_enrollments(table("enrollment_failures", rows), table("identities", []))
    return next(one for one in asked if one.name == name)


def test_the_version_with_which_an_app_fails_is_named_with_both_shares():
    question = items(installs(27, 1, version="7.1") + installs(2, 14, version="7.2"))
    (one,) = what_differs(question, 1)
    assert one.title == (
        "Map failed with version 7.2 on 14 of 16 (88 %, 64 to 97 %), with the others on 1 of 28 "
        "(4 %, 1 to 18 %)"
    )
    assert {name: one.finding[name] for name in ("rule", "role", "severity", "item", "device")} == {
        "rule": "FLEET-GROUP", "role": "context", "severity": "high", "item": "version 7.2", "device": "fleet"
    }  # fmt: skip
    assert one.finding["remedy"].startswith("Look at what this version changed")
    assert json.loads(one.contrast["where"][0]) == {"failed": "Map", "version": "7.2"}
    assert one.contrast.select("n", "k", "rest_n", "rest_k").row(0) == (16, 14, 28, 1)


@pytest.mark.parametrize(
    "rows",
    [
        installs(12, 6, version="1") + installs(14, 6, version="2"),  # all versions fail alike
        installs(0, 4, version="2") + installs(6, 0, version="1"),  # too few
        installs(20, 14),  # no version is told
        installs(20, 14, version="1"),  # one alone is compared with nothing
    ],
)
def test_versions_that_fail_alike_and_too_few_devices_show_nothing(rows):
    assert titles(items(rows)) == []


def test_the_build_or_the_account_is_named_where_that_is_what_differs():
    rows = installs(10, 1, version="1", build="26100.1") + installs(11, 1, version="2", build="26100.1")
    rows += installs(1, 9, version="1", build="26200.2") + installs(1, 9, version="2", build="26200.2")
    assert titles(items(rows))[0].startswith("Map failed with build 26200.2 on 18 of 20")
    rows = installs(30, 2, version="1") + [status(f"K-{n}", "2", user="kiosk") for n in range(6)]
    rows += [status(f"O-{n}", "1", user=f"u-{n}") for n in range(6)]
    assert titles(items(rows))[0].startswith("Map failed with account kiosk on 6 of 6")


@pytest.mark.parametrize(
    ("good", "bad", "report", "verb"),
    [
        ("succeeded", "error", "DeviceConfigurationPolicyStatuses", "failed"),
        ("compliant", "nonCompliant", "DevicePolicySettingsComplianceReport", "is not met"),
        ("success", "fail", "DeviceRunStatesByScript", "failed"),
    ],
)
def test_a_model_that_the_report_itself_names_is_compared(good, bad, report, verb):
    rows = [
        status(
            f"D-{n}",
            bad if n % 5 and n < 20 else good,
            model="Slate 4" if n < 20 else "Note 7",
            report=report,
        )
        for n in range(60)
    ]
    assert titles(items(rows)) == [
        f"Map {verb} with model Slate 4 on 16 of 20 (80 %, 58 to 92 %), with the others on 0 of 40 "
        "(0 %, 0 to 9 %)"
    ]
    few = [{**row, "model": "Slate 4" if n < 3 else "Note 7"} for n, row in enumerate(rows)]
    assert titles(items(few)) == []  # near miss: three devices are no group


def test_what_chance_may_show_grows_with_the_questions_asked():
    question = items(installs(16, 4, version="1") + installs(3, 9, version="2"))
    ((one,), several) = list(what_differs(question, 1)), titles(question, 20)
    assert 0.0005 < one.contrast["q"][0] < 0.01
    assert several == []


def test_the_first_row_of_a_group_is_dated():
    rows = installs(26, 1, version="1", at=at(0)) + installs(1, 15, version="2", at=at(9))
    (one,) = what_differs(items(rows), 1)
    assert one.finding["meaning"].startswith("The first row with it is of 2026-05-13. ")
    assert one.finding["at"] == at(9)


def day_by_day(count, failed, version, day):
    """Devices of which one reports after the other."""
    return [
        status(
            f"D-{n}",
            "2" if failed(n) else "1",
            "0x87D1041C" if failed(n) else None,
            version=version(n),
            build="26100.1" if n // 2 % 2 else "22631.9",
            at=at(day(n)),
        )
        for n in range(count)
    ]


def worse_days(n):
    return (30 <= n < 60 and n % 10) or not n % 17


def days_apart(n):
    return 9 * (n // 30) + n % 30 * 0.25


def test_a_version_that_no_other_stood_beside_is_named_with_a_note_on_its_days():
    def version(n):
        return "5.1" if n in {5, 70} else f"5.{n // 30}"  # two pilots had it at other times

    (one,) = what_differs(items(day_by_day(90, worse_days, version, days_apart)), 1)
    assert one.title.startswith("Map failed with version 5.1 on ")
    assert "It cannot be told apart from the days on which it came." in one.finding["meaning"]


def test_a_version_that_all_had_while_all_were_worse_is_named_with_a_note_on_the_day():
    (one,) = what_differs(items(day_by_day(90, worse_days, lambda n: f"5.{n // 30}", days_apart)), 1)
    assert one.title.startswith("Map failed with version 5.1 on 27 of 30")
    note = "It came with the day on which all attempts changed: the two cannot be told apart."
    assert note in one.finding["meaning"]


def test_a_day_from_which_all_devices_fail_more_is_told_where_no_group_is():
    def failed(n):
        return (n >= 90 and n % 3) or not n % 20

    (one,) = what_differs(items(day_by_day(160, failed, lambda n: f"1.{n % 2}", lambda n: n * 0.2)), 1)
    assert one.finding["rule"] == "FLEET-DAY"
    assert one.title.startswith("Map, reported from 2026-05-22 on: failed from ")
    assert json.loads(one.change["where"][0]) == {"failed": "Map"}
    assert one.finding["meaning"].startswith("The day is that on which the state was reported")


def risen(name="Blocked", **more):
    """Failures of other reasons for four weeks, and of one reason from the 18th day on."""
    rows = [failure(f"E-{n}", failure_text=f"Reason {n % 3}", at=at(n * 2.5), **more) for n in range(12)]
    return rows + [failure(f"F-{n}", failure_text=name, at=at(18 + n * 0.45), **more) for n in range(24)]


def test_the_day_from_which_failures_of_one_reason_came_more_often_is_told_beside_the_other_reasons():
    (one,) = day_of_rise(reasons(risen(), "Blocked"), 1, None)
    assert one.title == (
        "Blocked: from 2026-05-22 (90 %: 2026-05-21 to 2026-05-22) on 24 in 11 days, before 0 in 18 days; "
        "for all other reasons 4, before 8"
    )
    assert one.finding["meaning"].startswith("The list holds failures alone")
    assert one.finding["remedy"].startswith("Look in the audit log")
    change = one.change.row(0, named=True)
    assert (json.loads(change["where"]), change["n_before"], change["n_after"]) == (
        {"failed": "Blocked"},
        0,
        24,
    )
    assert change["after"] == pytest.approx(24 / 11)


def test_an_administrators_change_near_that_day_is_named_as_changed_nearby():
    candidates = pl.DataFrame({"at": [at(17.5)], "what": ["Patch: Default restriction"]})
    (one,) = day_of_rise(reasons(risen(), "Blocked"), 1, candidates)
    assert one.finding["meaning"].endswith("Changed near that day: Patch: Default restriction.")


def test_failures_that_always_came_or_came_of_one_persons_tries_are_no_rise():
    always = [failure(f"D-{n}", failure_text="Blocked", at=at(n * 0.7)) for n in range(40)]
    assert list(day_of_rise(reasons(always, "Blocked"), 1, None)) == []
    tries = [failure(f"E-{n}", failure_text="Other", at=at(n * 2.5)) for n in range(12)]
    tries += [failure(None, user="u", failure_text="Blocked", at=at(18 + n * 0.45)) for n in range(24)]
    assert list(day_of_rise(reasons(tries, "Blocked"), 1, None)) == []
    undated = [failure(f"D-{n}", failure_text="Blocked") for n in range(20)]
    assert list(day_of_rise(reasons(undated, "Blocked"), 1, None)) == []


def test_a_rise_must_be_surer_where_many_reasons_are_looked_at():
    rows = [failure(f"E-{n}", failure_text="Other", at=at(n)) for n in range(14)]
    rows += [failure(f"F-{n}", failure_text="Blocked", at=at(8 + n * 0.4)) for n in range(15)]
    question = reasons(rows, "Blocked")
    (one,) = day_of_rise(question, 1, None)
    assert list(day_of_rise(question, 20, None)) == []
    assert one.change["p"][0] * 20 > 0.005


def test_the_value_that_failures_of_one_reason_share_and_others_lack_is_named():
    rows = [failure(f"D-{n}", failure_text="Blocked", build="22631.1") for n in range(14)]
    rows += [failure(f"E-{n}", failure_text="Other", build="26100.2") for n in range(8)]
    assert titles(reasons(rows, "Blocked")) == [
        "Blocked: the reason of 14 of 14 (100 %, 78 to 100 %) failures with build 22631.1, "
        "of 0 of 8 (0 %, 0 to 32 %) others"
    ]
    alike = [{**row, "build": "22631.1"} for row in rows]
    assert titles(reasons(alike, "Blocked")) == []


def behind(rows, name="Cap"):
    return [(one.title, one.finding["item"]) for one in one_behind_all(reasons(rows, name))]


def test_one_account_behind_all_failures_of_a_reason_is_named_with_its_devices():
    rows = [failure(f"D-{n}", user="tech", failure_text="Cap") for n in range(5)]
    assert behind(rows) == [("All 5 failures for Cap are of one account, tech, on 5 devices", "tech")]
    (one,) = one_behind_all(reasons(rows, "Cap"))
    assert one.finding["meaning"] == "Not many accounts are hit: one stands behind 5 of these failures."
    rows += [failure(f"E-{n}", user=f"u-{n}", failure_text="Cap") for n in range(4)]
    assert behind(rows) == [("5 of the 9 failures for Cap are of one account, tech, on 5 devices", "tech")]


def test_an_account_with_half_of_them_or_with_three_is_not_named():
    rows = [failure(f"D-{n}", user="tech", failure_text="Cap") for n in range(5)]
    assert behind(rows + [failure(f"E-{n}", user=f"u-{n}", failure_text="Cap") for n in range(5)]) == []
    three = [failure(f"D-{n}", user="tech", failure_text="Cap") for n in range(3)]
    assert behind([*three, failure("E", user="u", failure_text="Cap")]) == []
    assert behind([failure(f"D-{n}", user=f"u-{n}", failure_text="Cap") for n in range(13)]) == []


def test_one_device_that_is_tried_again_and_again_is_told_as_a_device():
    rows = [failure("D", user="u", failure_text="Cap") for _ in range(6)]
    assert behind(rows) == [("All 6 failures for Cap are of one device, D", "D")]
    (one,) = one_behind_all(reasons(rows, "Cap"))
    assert one.finding["remedy"] == "Look at this one device: the list shows its tries, not many devices"


def test_an_id_that_stands_for_none_is_nobody():
    assert behind([failure(EMPTY_ID, user=EMPTY_ID, failure_text="Cap") for _ in range(6)]) == []


def test_an_account_whose_devices_are_not_told_is_named_without_them():
    rows = [failure(None, user="tech", failure_text="Cap") for _ in range(4)]
    assert behind(rows) == [("All 4 failures for Cap are of one account, tech", "tech")]


def enrolments(a_day, failed, days=60, **more):
    """Enrolments that a list holds whole, so many a day, of which some failed for one reason."""
    rows = []
    for day in range(days):
        for n in range(a_day(day)):
            hit = failed(day, n)
            rows.append(
                failure(
                    f"D-{day}-{n}",
                    report="EnrollmentActivity",
                    failure_text="Blocked" if hit else None,
                    at=at(day + n / 50),
                    build="19045.1" if n % 2 else "26100.2",
                    **more,
                )
            )
    return reasons(rows, "Blocked")


def test_of_a_list_of_all_enrolments_the_group_is_told_with_its_rate_since_its_day():
    question = enrolments(lambda _: 10, lambda day, n: day >= 40 and n % 2)
    (one,) = what_differs(question, 1)
    assert one.title == (
        "Blocked is why 100 of 300 (33 %, 28 to 39 %) enrolments with build 19045.1 failed, of the others "
        "0 of 300 (0 %, 0 to 1 %), since 13 June 2026 100 of 100 (100 %, 96 to 100 %)"
    )


def test_a_rate_that_rose_for_all_is_dated_and_a_rise_of_enrolments_is_none():
    rose = enrolments(lambda _: 10, lambda day, n: (n + day) % 10 < (4 if day >= 40 else 1))
    (one,) = what_differs(rose, 1)
    assert one.title.startswith("Blocked from 2026-06-13 on: failed from 10.0 % (40 of 400")
    assert list(day_of_rise(rose, 1, None)) == []  # the rate says it
    more = enrolments(lambda day: 30 if day >= 40 else 10, lambda day, n: (n + day) % 10 < 1)
    assert titles(more) == [] == list(day_of_rise(more, 1, None))


def test_an_outage_of_enrolments_is_told_by_its_hours_and_asks_what_was_down():
    down = enrolments(lambda _: 25, lambda day, n: (day == 40 and 10 <= n < 20) or (day * 25 + n) % 90 == 3)
    (one,) = what_differs(down, 1)
    assert re.fullmatch(
        r"Blocked on 2026-06-13 from \d\d:00 to \d\d:00 UTC: failed \d+ of \d+ \(\d+ %, \d+ to \d+ %\), "
        r"at other times 1 %",
        one.title,
    )
    assert one.finding["remedy"].startswith("Look at what was down on 2026-06-13 from ")


def enrolled(hit):
    """Managed devices that enrolled over twelve weeks; `hit` tells of which number are not compliant."""
    rows = [
        {"device": f"D-{n}", "report": "managedDevices", "enrolled_at": at(n / 5),
         "compliance_state": "noncompliant" if hit(n) else "compliant"}
        for n in range(420)
    ]  # fmt: skip
    (one,) = questions_of_inventory(table("identities", rows))
    return one


def test_managed_devices_are_compared_by_the_day_on_which_they_enrolled():
    (one,) = what_differs(enrolled(lambda n: n % 2 == 0 if n >= 280 else n % 40 == 0), 2)
    assert one.title.startswith("Of the managed devices enrolled from 2026-06-29 on 70 of 141 (50 %")
    assert "are not compliant, of those enrolled before 7 of 279 (3 %" in one.title
    assert one.finding["meaning"].startswith("The day is that on which the devices enrolled")
    assert one.finding["rule"] == "FLEET-DAY"
    assert titles(enrolled(lambda n: n % 7 == 0)) == []


def test_devices_that_enrolled_within_a_day_of_their_last_word_are_left_out():
    def told(heard):
        rows = [
            {"device": f"D-{n}", "report": "managedDevices", "enrolled_at": at(n / 5),
             "contacted_at": max(at(n / 5), at(80)) + timedelta(hours=heard),
             "compliance_state": "noncompliant" if n >= 400 or n % 70 == 0 else "compliant"}
            for n in range(420)
        ]  # fmt: skip
        return [t for one in questions_of_inventory(table("identities", rows)) for t in titles(one)]

    assert told(23) == []
    assert len(told(25)) == 1


def test_the_group_tag_of_which_imports_ended_in_an_error_is_named():
    text = "ZtdDeviceAlreadyAssigned"
    rows = [
        {**imported(f"B-{n}", *(("error", text) if n < 18 else ("complete",))), "group_tag": "B"}
        for n in range(20)
    ]
    rows += [{**imported(f"A-{n}", "complete"), "group_tag": "A"} for n in range(80)]
    rows += [{**imported(f"N-{n}", "pending"), "group_tag": "N"} for n in range(30)]
    (asked,) = questions_of_imports(table("identities", rows))
    (one,) = what_differs(asked, 1)
    assert one.title.startswith(f"{text}: the error of 18 of 20 (90 %, ")
    assert ") imports with group tag B, of 0 of 80 (0 %, " in one.title
