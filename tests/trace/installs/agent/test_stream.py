"""Messages of all logs in one order, each with its pass, its page phase and its item."""

import polars as pl
import pytest

from autopilot_analysis.trace.installs.agent.stream import UNNAMED_APP

APP = "11111111-2222-4333-8444-555555555555"
OTHER = "22222222-2222-4333-8444-555555555555"


def subgraph(*apps):
    return f"[Win32App][V3Processor] Processing subgraph with app ids: {', '.join(apps)}"


def handler(app):
    return (
        f"[Win32App][ExecutionActionHandler] Handler invoked with execution type: Install "
        f"for policy with id: {app} and version: 1."
    )


EXIT = "[Win32App] lpExitCode 0"


def test_records_of_one_file_keep_their_order_whatever_the_clock_did(ordered):
    rows = ordered((60, subgraph(APP)), (0, handler(APP)), (90, EXIT))
    assert rows["record"].unique(maintain_order=True).to_list() == [1, 2, 3]
    assert rows["turn"].is_sorted()


def test_each_subgraph_begins_another_pass(ordered):
    rows = ordered((0, subgraph(APP)), (1, handler(APP)), (60, subgraph(APP)), (61, handler(APP)))
    assert rows.group_by("record").agg(pl.col("passage").last()).sort("record")["passage"].n_unique() == 2


def test_an_exit_belongs_to_the_app_whose_installer_runs_on_its_thread(ordered):
    rows = ordered((0, subgraph(APP, OTHER), 7), (1, handler(APP), 7), (2, handler(OTHER), 8), (9, EXIT, 7))
    assert rows.filter(pl.col("role") == "exit")["item"].to_list() == [APP]


@pytest.mark.parametrize(
    ("texts", "page"),
    [
        (["In EspPhase: DeviceSetup"], "device"),
        (["In EspPhase: DeviceSetup", "In EspPhase: AccountSetup"], "account"),
        (["In EspPhase: DeviceSetup", "In EspPhase: NotInEsp"], None),
        ([], None),
    ],
)
def test_the_page_phase_in_force_is_the_last_that_was_entered_until_it_is_left(ordered, texts, page):
    rows = ordered(*enumerate(f"[Win32App] {text}." for text in texts), (60, subgraph(APP)))
    assert rows.filter(pl.col("role") == "subgraph")["page"].to_list() == [page]


LAUNCH = "[Win32App] Launch Win32AppInstaller in machine session"


def test_an_install_in_a_part_without_any_id_is_of_an_app_without_a_name(ordered):
    assert ordered((0, LAUNCH), (9, EXIT))["item"].to_list() == [UNNAMED_APP, UNNAMED_APP]


def test_where_one_line_names_an_app_no_other_line_gets_one_without_a_name(ordered):
    rows = ordered((0, LAUNCH, 8), (5, handler(APP), 7))
    assert UNNAMED_APP not in rows["item"].to_list()
