"""A page with a name book shows no id that the book names; every id and line is made up."""

import re
from html import unescape

import pytest

from autopilot_analysis.report import write_report

APP, CHECK = "e26839fa-1111-4222-8333-444455556666", "33333333-aaaa-4bbb-8ccc-000000000001"
GUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
INSTALL = [
    f"[Win32App][V3Processor] Processing subgraph with app ids: {APP}",
    "[Win32App][ExecutionActionHandler] Handler invoked with execution type: Install "
    f"for policy with id: {APP}",
    "[Win32App] Launch Win32AppInstaller in machine session",
    "[Win32App] Installation is done, collecting result",
    "[Win32App] lpExitCode 1603",
    "[Win32App] lpExitCode is defined as Failed",
]
SCRIPT = [
    f"[HS] ProcessScript PolicyId: {CHECK} PolicyType: 6",
    "Powershell execution is done, exitCode = 1",
    "[HS] exit code of the script is 1",
    f"[HS] the pre-remdiation detection script compliance result for {CHECK} is False",
]


def log(component, messages):
    return "".join(
        f'<![LOG[{text}]LOG]!><time="10:51:{n:02}.1000000" date="5-26-2026" component="{component}" '
        'context="" type="1" thread="7" file="">\n'
        for n, text in enumerate(messages)
    )


@pytest.fixture
def page(tmp_path):
    """Return the visible text of the page of an app that failed and a script, with a name book or without."""
    export = tmp_path / "export"
    export.mkdir()
    (export / "AppWorkload.log").write_text(log("AppWorkload", INSTALL), encoding="utf-8")
    (export / "HealthScripts.log").write_text(log("HealthScripts", SCRIPT), encoding="utf-8")
    book = tmp_path / "names.csv"
    book.write_text(f"id,name\n{APP},Contoso VPN\n{CHECK},Contoso Check\n", encoding="utf-8")

    def text(*, named):
        names = str(book) if named else ""
        html = write_report("01_device_trace", export=export, out=tmp_path, names=names).read_text("utf-8")
        body = html[html.index("<main") : html.index("</main>")]
        return unescape(re.sub("<[^<>]*>", " ", body))

    return text


def test_with_a_name_book_no_id_stands_on_the_page_without_a_name(page):
    text = page(named=True)
    assert "Contoso VPN" in text
    assert re.findall(GUID, text) == []


def test_without_one_the_ids_stand_there_and_the_page_says_how_many_and_how_to_name_them(page):
    text = page(named=False)
    assert APP in text
    assert "known by their id alone" in text
    assert "--names" in text
