"""Logs of Windows Installer, written by hand after its documented shape; every name is made up."""

from datetime import date, datetime

import polars as pl
import pytest

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.export.magic import kinds_of, text_of
from autopilot_analysis.export.sources import classify
from autopilot_analysis.readers.installer_logs.msi_log import day_of, read_msi_log
from autopilot_analysis.readers.reading import Unread
from autopilot_analysis.trace.installs.installers.causes import failed_action

LOG = r"""=== Verbose logging started: 28/09/2025  23:59:58  Build type: SHIP UNICODE 5.00.10011.00  Calling process: C:\Windows\system32\msiexec.exe ===
MSI (c) (FC:E0) [23:59:58:060]: ******* RunEngine:
           ******* Product: C:\Windows\IMECache\viewer.msi

Property(S): ProductCode = {0D1E2F3A-1111-4222-8333-444455556666}
Property(S): UserSID = S-1-5-18
ViewerSetup:  Error 0x80070005: Failed to write settings
CustomAction WriteSettings returned actual error code 1603 (note this may not be 100% accurate)
Action ended 0:00:14: InstallFinalize. Return value 3.
MSI (s) (8C:BC) [00:00:15:092]: MainEngineThread is returning 1603
"""  # noqa: E501


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_record_keeps_its_further_lines_its_side_and_its_place(encoding):
    lines = read_msi_log(LOG.encode(encoding)).rows["log_lines"]
    assert lines["record"].to_list() == [1, 2, 5, 7, 8, 9, 10]
    assert lines["message"][1].splitlines()[1].strip() == r"******* Product: C:\Windows\IMECache\viewer.msi"
    assert lines["component"].to_list() == [None, "MSI (c)", "Property", None, None, "Action", "MSI (s)"]
    assert lines["severity"].to_list() == ["info", "info", "info", "info", "error", "error", "info"]


def test_times_of_day_go_on_over_midnight():
    written = read_msi_log(LOG.encode()).rows["log_lines"]["written_at"]
    assert (written[1], written[5]) == (
        datetime.fromisoformat("2025-09-28T23:59:58.060000"),
        datetime.fromisoformat("2025-09-29T00:00:14"),
    )


def test_properties_that_name_accounts_are_counted_and_left_out():
    reading = read_msi_log(LOG.encode())
    reason = "properties of the installation are left out: they name accounts and folders"
    assert reading.unread == (Unread(reason, count=1, whole=True),)
    assert "S-1-5-18" not in str(reading.rows["log_lines"]["message"].to_list())


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("28/09/2025", date(2025, 9, 28)),
        ("9/28/2025", date(2025, 9, 28)),
        ("03.02.2025", date(2025, 2, 3)),
        ("2025-02-03", date(2025, 2, 3)),
        ("4/4/2025", date(2025, 4, 4)),
        ("3/2/2025", None),
        ("02-03-2025", None),
        ("13-1-26", None),
        ("99/99/2025", None),
    ],
)
def test_a_day_is_known_where_every_language_reads_it_alike(text, day):
    assert day_of(text) == day


def test_a_day_that_may_be_two_leaves_times_unknown_and_says_so():
    reading = read_msi_log(LOG.replace("28/09/2025", "3/2/2025").encode())
    assert reading.rows["log_lines"]["written_at"].null_count() == 7
    assert reading.unread[0].reason.startswith("its day may be read as day and month")


END = "=== Verbose logging stopped: 29/09/2025  0:00:16 ===\n"


def test_the_end_of_a_log_tells_the_day_where_its_beginning_is_missing():
    lines = read_msi_log((LOG.partition("\n")[2] + END).encode()).rows["log_lines"]
    assert (lines["written_at"][0], lines["written_at"][-1]) == (
        datetime.fromisoformat("2025-09-28T23:59:58.060000"),
        datetime.fromisoformat("2025-09-29T00:00:16"),
    )


def test_the_end_of_a_log_tells_the_day_that_its_beginning_leaves_open():
    text = LOG.replace("28/09/2025", "3/2/2025") + END.replace("29/09/2025", "04.02.2025")
    reading = read_msi_log(text.encode())
    assert reading.rows["log_lines"]["written_at"][0] == datetime.fromisoformat("2025-02-03T23:59:58")
    assert [gap.count for gap in reading.unread] == [1]


@pytest.mark.parametrize(
    ("began", "ended"),
    [
        ("Registrazione dettagliata avviata", "Registrazione dettagliata terminata"),
        ("Ausführliche Protokollierung gestartet", "Ausführliche Protokollierung beendet"),
        ("Ouverture du journal détaillé", "Fermeture du journal détaillé"),
        ("詳細ログの開始", "詳細ログの終了"),
    ],
)
def test_the_first_and_the_last_line_tell_the_day_in_any_language(began, ended):
    whole = LOG.replace("Verbose logging started", began)
    assert read_msi_log(whole.encode()).rows["log_lines"]["written_at"].null_count() == 0
    cut = LOG.partition("\n")[2] + END.replace("Verbose logging stopped", ended)
    assert read_msi_log(cut.encode()).rows["log_lines"]["written_at"].null_count() == 0


def test_an_end_whose_day_may_be_two_is_told_once():
    text = LOG.replace("28/09/2025", "3/2/2025") + END.replace("29/09/2025", "4/2/2025")
    reasons = [gap.reason for gap in read_msi_log(text.encode()).unread]
    assert sum(reason.startswith("its day may be read as day and month") for reason in reasons) == 1


@pytest.mark.parametrize(
    ("line", "action"),
    [
        ("Action ended 8:00:02: InstallFiles. Return value 3.", "InstallFiles"),
        ("Action terminée à 8:00:02 : InstallFiles. Valeur renvoyée 3.", "InstallFiles"),
        ("Aktion beendet um 8:00:02: CA.Check.4A2F. Rückgabewert 3.", "CA.Check.4A2F"),
        ("アクション終了 8:00:02: InstallFiles。戻り値 3。", "InstallFiles"),
        ("Akce ukončena 8:00:02: InstallFiles. Návratová hodnota 1.", None),
        ("Action 8:00:02: InstallFiles. Copying new files, 3 of 30", None),
    ],
)
def test_an_action_is_seen_to_fail_in_any_language(line, action):
    text = f"{line}\nMSI (s) (8C:BC) [08:00:03:000]: done\n"
    row = read_msi_log(text.encode()).rows["log_lines"].row(0, named=True)
    assert (row["component"], row["severity"]) == ("Action", "error" if action else "info")
    assert failed_action(pl.DataFrame({"message": [line]})) == action


def test_what_windows_installer_did_not_write_is_not_its_log():
    with pytest.raises(NotThisFormat, match="no line of a log of Windows Installer"):
        read_msi_log(b"hello\nworld\n", "setup.log")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_log_is_known_by_its_content_whatever_its_name(encoding):
    head = LOG.encode(encoding)
    assert classify("viewer.txt", kinds_of(head), text_of(head)).source == "installer_msi"


UNTIMED = """[12] [ERROR] Setup of Atlas failed, see below
CustomAction CheckPort returned actual error code 1603 (note this may not be 100% accurate)
MSI (s) (10:A4)Time: Product: Contoso Atlas -- Installation operation failed.
MSI (s) (10:A4): MainEngineThread is returning 1603
"""


def test_lines_behind_another_log_whose_times_were_taken_out_are_read():
    head = UNTIMED.encode()
    assert classify("setup.txt", kinds_of(head), text_of(head)).source == "installer_msi"
    lines = read_msi_log(head).rows["log_lines"]
    assert lines["record"].to_list() == [1, 2, 3, 4]
    assert lines["component"].to_list() == [None, None, "MSI (s)", "MSI (s)"]
    assert lines["written_at"].null_count() == 4


def test_words_of_windows_installer_in_prose_are_no_log():
    head = b"MSI (s) (10:A4) was seen in the log: Product: Atlas\nMainEngineThread is returning 1603\n" * 3
    assert classify("notes.txt", kinds_of(head), text_of(head)) is None
