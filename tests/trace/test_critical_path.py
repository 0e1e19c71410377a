from datetime import timedelta

from autopilot_analysis.trace.critical_path import build_critical_path


def parts(path):
    return [
        (row["cause"], row["item"], row["waited"].total_seconds() / 60) for row in path.iter_rows(named=True)
    ]


def test_the_parts_name_every_minute_and_the_gaps(phase):
    path = build_critical_path(phase.trace(*phase.serial))
    assert parts(path) == [
        ("unattributed", None, 5),
        ("download", "a", 5),
        ("install", "a", 10),
        ("download", "b", 5),
        ("install", "b", 25),
        ("unattributed", None, 10),
    ]


def test_the_parts_sum_to_the_phase_to_the_microsecond(phase):
    odd = (
        phase.install("a", 1.23456, 9.87654, 33.3333),
        phase.install("b", 8.7654, 12.3, 41.00001),
        phase.install("c", -5, 2, 70),
    )
    path = build_critical_path(phase.trace(*odd, end=59.99991))
    assert path["waited"].sum() == timedelta(minutes=59.99991)
    assert path["started_at"][1:].to_list() == path["ended_at"][:-1].to_list()


def test_what_the_page_waits_for_goes_before_what_it_does_not(phase):
    path = build_critical_path(
        phase.trace(phase.install("a", 0, 0, 60), phase.install("b", 0, 0, 60, blocking=True))
    )
    assert parts(path) == [("install", "b", 60)]


def test_a_reboot_and_the_retry_lock_are_causes(phase):
    steps = [
        {"device": "D", "at": phase.at(10), "kind": "shutdown", "member": "m", "record": 1},
        {"device": "D", "at": phase.at(14), "kind": "boot", "member": "m", "record": 2},
    ]
    held = phase.install(
        "a", 0, 20, 50, outcome="waiting", reason="GRS", download_started_at=None, download_ended_at=None
    )
    assert parts(build_critical_path(phase.trace(held, steps=steps))) == [
        ("unattributed", None, 10),
        ("wait_reboot", None, 4),
        ("unattributed", None, 6),
        ("wait_grs", "a", 30),
        ("unattributed", None, 10),
    ]


def test_a_phase_that_was_not_seen_to_end_has_no_path(phase):
    assert build_critical_path(phase.trace(*phase.serial), phase="account_setup").is_empty()


def test_an_item_that_was_not_seen_to_end_is_named_where_nothing_else_ran(phase):
    hung = phase.install("b", 20, 25, 25, outcome="unfinished", ended_at=None)
    path = build_critical_path(phase.trace(phase.install("a", 0, 5, 20), hung))
    assert parts(path) == [
        ("download", "a", 5),
        ("install", "a", 15),
        ("download", "b", 5),
        ("unfinished", "b", 35),
    ]


def test_what_was_seen_to_run_goes_before_what_was_not_seen_to_end(phase):
    hung = phase.install("b", 0, 0, 0, outcome="unfinished", ended_at=None)
    path = build_critical_path(phase.trace(hung, phase.install("a", 30, 30, 60)))
    assert parts(path) == [("unfinished", "b", 30), ("install", "a", 30)]
