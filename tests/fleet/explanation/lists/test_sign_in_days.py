"""Since when sign-ins that an enrolment needs are refused, and what was changed near that day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from findings.service_tables import tables_of

from autopilot_analysis.fleet import explain_lists, find_in_lists
from autopilot_analysis.fleet.dataset.loading import candidates_of

ENROLLMENT = "Microsoft Intune Enrollment"
START = datetime(2026, 4, 20, 8, tzinfo=UTC)
TURN = 15


def sign_ins(code="AADSTS53003", since=TURN, app=ENROLLMENT, user="u{}"):
    return [
        {
            "report": "signIns", "app": app, "user": user.format(f"{day}-{n}"),
            "at": START + timedelta(days=day, minutes=20 * n),
            "code": code if day >= since and n % 4 else None,
        }
        for day in range(30)
        for n in range(8)
    ]  # fmt: skip


def change(operation, day, hours=0, target="Compliant device"):
    return {"operation": operation, "target": target, "at": START + timedelta(days=day, hours=hours)}


def test_the_day_is_found_with_the_policy_that_was_changed_and_not_with_what_happens_every_day():
    changes = [
        change("Update conditional access policy", TURN, 1),
        change("Update device", TURN, target="PC-1"),
    ]
    tables = tables_of(sign_ins=sign_ins(), audit_changes=changes)
    found = find_in_lists(tables).findings
    assert found["rule"].to_list() == ["FLEET-SIGN-IN-REFUSED", "FLEET-DAY"]
    day = found.row(1, named=True)
    assert "refused from 2026-05-05 on" in day["title"]
    assert "Update conditional access policy: Compliant device" in day["meaning"]
    frames = tables.frames()
    told = explain_lists(frames, candidates_of(frames["audit_changes"]))
    assert told.changes["where"].to_list() == ['{"refused": "Microsoft Intune Enrollment (AADSTS53003)"}']


def test_what_was_so_from_the_beginning_or_is_of_another_app_has_no_day():
    for rows in (sign_ins(since=0), sign_ins(app="Office 365 Exchange Online"), sign_ins("AADSTS50126")):
        assert "FLEET-DAY" not in find_in_lists(tables_of(sign_ins=rows)).findings["rule"].to_list()


def test_one_user_who_tries_again_and_again_is_one_a_day():
    rows = [row for row in sign_ins(user="u") if row["at"] >= START + timedelta(days=TURN - 3)]
    rows = [row for row in rows if row["at"] < START + timedelta(days=TURN + 3)]
    assert "FLEET-DAY" not in find_in_lists(tables_of(sign_ins=rows)).findings["rule"].to_list()
