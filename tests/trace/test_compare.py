from __future__ import annotations

from datetime import timedelta

import polars as pl
import pytest

from autopilot_analysis.tables import Tables, Trace
from autopilot_analysis.trace.compare import (
    ITEMS,
    LEAST_CHANGE,
    LEAST_FACTOR,
    MOST_NAMED,
    NO_PROOF,
    NOT_REACHED,
    Side,
    compare_devices,
)

MINUTE = timedelta(minutes=1)


@pytest.fixture
def side(rows):
    """Build one side from rows of tables; what is left out is empty."""

    def build(**given):
        frames = {name: rows(name, *(dict(row) for row in listed)) for name, listed in given.items()}
        return Side(Tables.of(frames), Trace.of(frames), "SN-0001")

    return build


def run(stage, outcome="succeeded", waited=MINUTE, code=None, attempt=1):
    return {"attempt": attempt, "stage": stage, "outcome": outcome, "waited": waited, "code": code}


def app(name, outcome="succeeded", try_number=1, **more):
    return {"item": f"id of {name}", "name": name, "kind": "win32", "outcome": outcome,
            "try_number": try_number, **more}  # fmt: skip


def setting(name, value, status="in effect"):
    return {"scope": "device", "area": "Update", "name": name, "value": value, "status": status}


def listed(differs, *parts):
    return differs.filter(pl.col("part").is_in(parts)).drop("part").rows()


def test_the_stage_that_ended_differently_stands_first_with_its_code(side):
    first = side(stage_runs=[run("network"), run("mdm_enrollment", "failed", code="0x80180014")])
    second = side(stage_runs=[run("network"), run("mdm_enrollment")])
    compared = compare_devices(first, second)
    assert compared.differs.rows() == [("stage", "MDM enrolment", "failed (0x80180014)", "succeeded", None)]
    assert compared.stages["stage"].to_list() == ["network", "mdm_enrollment"]


def test_a_stage_counts_as_it_was_last_run_and_a_skipped_run_only_where_there_is_no_other(side):
    again = [run("mdm_enrollment", "failed"), run("mdm_enrollment", attempt=2), run("entra_join"),
             run("entra_join", "skipped", attempt=2)]  # fmt: skip
    compared = compare_devices(
        side(stage_runs=again), side(stage_runs=[run("mdm_enrollment"), run("entra_join")])
    )
    assert compared.differs.is_empty()
    assert compared.stages["outcome_first"].to_list() == ["succeeded", "succeeded"]


def test_stages_that_one_side_never_reached_are_told_apart_from_those_without_a_record(side):
    first = side(stage_runs=[run("profile_download"), run("mdm_enrollment", "failed")])
    second = side(
        stage_runs=[run(name) for name in ("network", "profile_download", "mdm_enrollment", "desktop")]
    )
    alone = listed(compare_devices(first, second).differs, "stage")[1:]
    assert alone == [
        ("desktop", None, "seen", NOT_REACHED.format("first", "MDM enrolment")),
        ("network", None, "seen", NO_PROOF.format("first")),
    ]


def test_items_are_compared_by_their_last_try_failed_ones_first_and_versions_after_them(side):
    first = side(
        installs=[app("A", version="1"), app("B"), app("C", "failed"), app("C", "failed", 2, code="0x1")]
    )
    second = side(installs=[app("A", version="2"), app("B", "skipped"), app("C")])
    compared = compare_devices(first, second)
    assert listed(compared.differs, "item", "version") == [
        ("C", "failed (0x1)", "succeeded", None), ("B", "succeeded", "skipped", None), ("A", "1", "2", None),
    ]  # fmt: skip
    tries = compared.items.filter(name="C").select("tries_first", "tries_second").row(0)
    assert tries == (2, 1)


def test_items_that_one_side_alone_tells_of_are_one_row_and_no_difference(side):
    names = [f"App {n}" for n in range(MOST_NAMED + 2)]
    many = side(installs=[app("Shared"), *map(app, names)])
    alone = listed(compare_devices(many, side(installs=[app("Shared")])).differs, "item")
    assert alone == [(", ".join([*names[:MOST_NAMED], "2 more"]), "seen", None, NO_PROOF.format("second"))]
    nothing = listed(compare_devices(many, side()).differs, "item")
    assert nothing == [(ITEMS, "seen", None, NO_PROOF.format("second"))]


def test_what_is_unknown_of_a_device_or_a_setting_differs_from_nothing(side):
    first = side(
        devices=[{"model": "Slate 12", "build": "26100.1"}],
        settings=[setting("Defer", "3"), setting("Pause", "1")],
    )
    second = side(devices=[{"model": "Slate 14"}], settings=[setting("Defer", "5")])
    compared = compare_devices(first, second)
    assert compared.differs.rows() == [
        ("device", "model", "Slate 12", "Slate 14", None),
        ("setting", "Update/Defer", "3, in effect", "5, in effect", None),
        ("setting", "1 setting", "seen", None, NO_PROOF.format("second")),
    ]
    assert compared.facts.filter(fact="build").row(0) == ("build", "26100.1", None)


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        (2 * LEAST_CHANGE, LEAST_CHANGE, 1),
        (2 * LEAST_CHANGE - timedelta(seconds=1), LEAST_CHANGE, 0),
        (LEAST_FACTOR * 10 * MINUTE, 10 * MINUTE, 1),
        (LEAST_FACTOR * 10 * MINUTE - timedelta(seconds=1), 10 * MINUTE, 0),
    ],
)
def test_a_span_differs_from_a_minute_and_half_as_long_again(side, first, second, told):
    sides = (side(stage_runs=[run("device_setup", waited=waited)]) for waited in (first, second))
    assert len(listed(compare_devices(*sides).differs, "timing")) == told


def test_the_greatest_change_of_time_leads_and_says_on_which_side(side):
    first = side(
        stage_runs=[run("device_setup", waited=60 * MINUTE), run("account_setup", waited=2 * MINUTE)]
    )
    second = side(
        stage_runs=[run("device_setup", waited=10 * MINUTE), run("account_setup", waited=8 * MINUTE)]
    )
    assert listed(compare_devices(first, second).differs, "timing") == [
        ("device setup", "1 h", "10 min", "50 min longer on the first"),
        ("account setup", "2 min", "8 min", "6 min longer on the second"),
    ]


def test_policies_are_not_timed(side):
    waited = [{**app("P", waited=n * 60 * MINUTE), "kind": "policy"} for n in (1, 3)]
    assert compare_devices(*(side(installs=[one]) for one in waited)).differs.is_empty()


def test_another_proxy_and_another_root_are_differences_of_the_network(side):
    text = {"member": "a.txt", "source": "winhttp_proxy", "state": "read", "bytes": 1, "sha256": "0"}

    def told(value, root):
        return side(
            members=[text],
            properties=[
                {"member": "a.txt", "section": "", "name": "proxy server", "value": value},
                {"member": "other.txt", "section": "", "name": "bypass list", "value": value},
            ],
            tls_checks=[{"root": root}, {"root": "CN=Example Root"}],
        )

    differs = compare_devices(told("10.0.0.1", "CN=Example Root"), told("192.0.2.1", "CN=Inspector")).differs
    assert listed(differs, "network") == [
        ("proxy server", "10.0.0.1", "192.0.2.1", None),
        ("roots that servers showed", "CN=Example Root", "CN=Example Root; CN=Inspector", None),
    ]
