import polars as pl

from autopilot_analysis.tables import schema_of
from autopilot_analysis.trace.installs.agent.census import count_unknown_messages


def lines(*messages, member="AppWorkload.log"):
    schema = schema_of("log_lines")
    rows = [
        {"device": "D", "member": member, "record": n, "clock": "unknown", "message": text}
        for n, text in enumerate(messages, 1)
    ]
    return pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=schema)


def test_unknown_lines_are_counted_by_shape_and_known_ones_are_not():
    found = count_unknown_messages(
        lines(
            "EMS Agent Started",
            "[Win32App] Brand new word 17 for 11111111-2222-4333-8444-555555555555 at "
            "https://example.com/a?b=1",
            "[Win32App] Brand new word 4 for 22222222-2222-4333-8444-555555555555 at https://example.org/c",
            r"[Win32App] Folder C:\Windows\IMECache\x was made at 03/02/2026 10:00:00",
        )
    )
    assert found.select("stem", "shape", "n", "record").rows() == [
        ("AppWorkload", "[Win32App] Brand new word <n> for <guid> at <url>", 2, 2),
        ("AppWorkload", "[Win32App] Folder <path> was made at <datetime>", 1, 4),
    ]
    assert found["example"][1].startswith("[Win32App] Folder C:")


def test_an_id_inside_a_longer_word_is_masked_too():
    app = "11111111-2222-4333-8444-555555555555"
    found = count_unknown_messages(
        lines("EMS Agent Started", f"[Win32App] got non-completed: Win32App_{app}_4, 2")
    )
    assert found["shape"].to_list() == ["[Win32App] got non-completed: Win32App_<guid>_4, <n>"]


def test_a_log_of_another_program_is_left_out():
    assert count_unknown_messages(lines("Info CBS Starting TrustedInstaller", member="cbs.log")).is_empty()


def test_an_agent_s_log_of_which_no_line_is_known_is_counted_all_the_same():
    found = count_unknown_messages(lines("Brand new word", "Brand new word", member="Logs/ClientHealth.log"))
    assert found.select("stem", "shape", "n").rows() == [("ClientHealth", "Brand new word", 2)]


def test_a_line_belongs_to_the_version_that_was_told_last_before_it():
    found = count_unknown_messages(
        lines("Brand new word", "Agent version is: 1.93.0.0", "Brand new word").with_columns(
            written_at=pl.datetime(2026, 3, 2, 8, pl.col("record"), time_unit="us")
        )
    )
    assert found.select("version", "n", "record").rows() == [(None, 1, 1), ("1.93.0.0", 1, 3)]
