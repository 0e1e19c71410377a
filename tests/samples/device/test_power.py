"""A device that starts and stops says so in the System log."""

from autopilot_analysis.samples.device.power import boot, shut_down


def test_a_start_and_a_restart_that_was_asked_for_leave_their_events(blank, ids):
    story = blank()
    boot(story, story.now)
    shut_down(story, "restart", story.now)
    assert ids(story, "SYS") == [12, 1074, 6006, 6009, 6005]
    asked = story.records("SYS")[1]
    assert (asked.provider, asked.data["param5"], asked.data["param2"]) == (
        "User32",
        "restart",
        story.computer,
    )
