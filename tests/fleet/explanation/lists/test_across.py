"""Groups in which several apps fail at once, by what the names of devices show; every name is made up."""

from __future__ import annotations

import pytest
from answer_parts import parts
from findings.service_tables import failure, status, table, tables_of

from autopilot_analysis.findings.answers.lists.lists_answer import answer_on_lists
from autopilot_analysis.fleet import find_in_lists
from autopilot_analysis.fleet.explanation.lists.lists import compare_lists, nothing_in
from autopilot_analysis.fleet.explanation.lists.questions import questions_of_enrollments
from autopilot_analysis.tables import SCHEMAS

SITES = ("HAM", "MUC", "BER", "LYS")


def rows_of(failing, apps=3, called="{site}-{n:04}", **more):
    """Apps on 120 devices at four sites; `failing(app, site, n)` says what fails where."""
    return [
        status(
            f"D-{n}",
            "2" if failing(app, site, n) else "1",
            "0x87D30068" if failing(app, site, n) else None,
            item=f"app {app}",
            name=f"Map {app}",
            computer=called.format(site=site, n=n),
            **more,
        )
        for app in range(apps)
        for n in range(120)
        for site in [SITES[n % 4]]
    ]


def titles(rows):
    frames = {name: schema.create_empty() for name, schema in SCHEMAS.items()}
    found = compare_lists({**frames, "item_statuses": table("item_statuses", rows)})
    return [one.title for one in found if one.finding["rule"] == "FLEET-GROUP" and "name" in one.title]


def at_one_site(app, site, n):
    return (site == "LYS" and n % 8 != 7 - 4 * (app % 2)) or (n + app) % 40 == 0


def test_a_site_at_which_all_apps_fail_is_told_once_for_all_of_them():
    found = find_in_lists(tables_of(item_statuses=rows_of(at_one_site))).findings
    (group,) = found.filter(rule="FLEET-GROUP").to_dicts()
    assert group["title"].startswith(
        "At least one of 3 apps failed with device name prefix LYS on 30 of 30 (100 %, 89 to 100 %), "
        "with the others on "
    )
    assert group["meaning"].startswith("These fail more often there: Map 0, Map 2, Map 1. That points to ")
    assert "network (proxy, firewall, content hosts)" in group["remedy"]


def test_what_several_apps_share_is_told_before_any_one_of_them():
    tables = tables_of(item_statuses=rows_of(at_one_site))
    said = parts(answer_on_lists(tables, find_in_lists(tables)))
    begins = {label: said[label][0][:28] for label in ("What happened", "Why", "What to do")}
    assert begins["What happened"].startswith("At least one of 3 apps")
    assert {begins["Why"], begins["What to do"]} == {
        "Device name prefix LYS: Wher",
        "Device name prefix LYS: Thes",
    }
    alone = tables_of(item_statuses=rows_of(at_one_site, apps=1))
    assert parts(answer_on_lists(alone, find_in_lists(alone)))["What happened"][0].startswith(
        "Map 0 failed ("
    )


@pytest.mark.parametrize(
    ("called", "report", "group"),
    [
        ("PC{n:04}-{site}", "DeviceInstallStatusByApp", "1 of 3 apps failed with device name suffix LYS"),
        ("{site}-{n:04}", "DeviceRunStatesByScript", "1 of 3 scripts failed with device name prefix LYS"),
    ],
)
def test_a_site_behind_the_name_and_scripts_are_compared_too(called, report, group):
    (title,) = titles(rows_of(at_one_site, called=called, report=report))
    assert title.replace("one", "1").startswith(f"At least {group}")


def test_a_site_where_one_app_alone_fails_is_told_with_that_app():
    (title,) = titles(
        rows_of(lambda app, site, n: (site == "LYS" and app == 1) or (n // 4 + app * 7) % 13 == 0)
    )
    assert title.startswith("Map 1 failed with device name prefix LYS on 30 of 30")


def test_a_site_where_two_of_five_apps_fail_is_told_with_each_of_them():
    found = titles(
        rows_of(lambda app, site, n: (site == "LYS" and app < 2) or (n // 4 + app * 7) % 13 == 0, apps=5)
    )
    assert [title.split(" failed")[0] for title in found] == ["Map 0", "Map 1"]


def test_apps_that_fail_at_all_sites_alike_say_what_was_compared():
    rows = rows_of(lambda app, _, n: n % 13 == app)
    assert titles(rows) == []
    said = nothing_in(tables_of(item_statuses=rows).frames())
    assert "Compared were device name prefix; what its columns do not name" in said


def test_a_site_with_more_apps_is_not_one_where_each_fails_more_often():
    def failing(app, site, n):
        return (n // 4 + app * 5) % 6 == 0 if site == "LYS" else n < 24

    rows = rows_of(failing, apps=6)
    assert titles([row for row in rows if row["computer"][:3] == "LYS" or _only(row)]) == []


def _only(row):
    """Whether a device elsewhere has this app, one of six."""
    return int(row["computer"][4:]) // 4 % 6 == int(row["item"][4:])


def test_one_app_is_compared_by_itself():
    (title,) = titles(rows_of(at_one_site, apps=1))
    assert title.startswith("Map 0 failed with device name prefix LYS on ")


def test_failed_enrolments_are_compared_by_the_names_of_their_devices():
    rows = [
        failure(
            f"D-{n}", failure_text="Cap" if n < 20 else "Other", computer=f"{'LYS' if n < 20 else 'HAM'}-{n}"
        )
        for n in range(40)
    ]
    asked = questions_of_enrollments(table("enrollment_failures", rows), table("identities", []))
    assert [one.compared_by for one in asked] == [["device_name_prefix"]] * 2
