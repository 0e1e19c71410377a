"""Installs as the agent's logs tell them: apps with their names and kinds, scripts beside them."""

import json

import pytest

from autopilot_analysis.tables import Install
from autopilot_analysis.trace.installs.agent.tries import read_installs_from_log
from autopilot_analysis.trace.installs.rows import no_rows

APP = "11111111-2222-4333-8444-555555555555"
NOTE = "[Win32App][V3Processor] Processing subgraph with app ids: "


@pytest.fixture
def installs(rows):
    def read(*texts, member="AppWorkload.log"):
        lines = [{"message": text, "member": member, "clock": "unknown"} for text in texts]
        return read_installs_from_log(rows("log_lines", *lines))

    return read


def policies(**more):
    app = {"Id": APP, "Name": "Sample Viewer", "Version": 2, "Intent": 3} | more
    return f"Get policies = [{json.dumps(app)}]"


def handler():
    text = (
        "[Win32App][ExecutionActionHandler] Handler invoked with execution type: Install for policy with id: "
    )
    return f"{text}{APP} and version: 1."


def test_lines_that_tell_of_no_install_give_typed_rows_without_any(installs):
    assert installs("nothing of the kind", member="setup.log").equals(no_rows())


def test_an_app_takes_name_version_and_account_from_its_policy(installs):
    (row,) = installs(policies(InstallEx='{"RunAs": 1}'), NOTE + APP, handler()).iter_rows(named=True)
    assert (row["name"], row["kind"], row["version"], row["context"]) == (
        "Sample Viewer",
        "win32",
        "1",
        "system",
    )
    assert (row["outcome"], row["try_number"]) == ("unfinished", 1)


def test_what_an_app_depends_on_stands_in_its_detail(installs):
    links = [{"AppId": APP, "ChildId": "22222222-2222-4333-8444-555555555555", "Action": 10}]
    (row,) = installs(policies(FlatDependencies=links), NOTE + APP, handler()).iter_rows(named=True)
    assert json.loads(row["detail"])["links"][0]["action"] == 10


def test_an_app_that_carries_its_own_installer_data_is_one_of_the_store(installs):
    (row,) = installs(policies(InstallerData='{"PackageIdentifier": "X"}'), NOTE + APP, handler()).iter_rows(
        named=True
    )
    assert row["kind"] == "winget"


def test_rows_have_the_columns_of_the_table(installs):
    assert installs(policies(), NOTE + APP, handler()).schema == Install.create_empty().schema
