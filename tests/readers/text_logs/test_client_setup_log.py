"""The setup log of the ConfigMgr client in both forms, written by hand."""

from autopilot_analysis.readers.text_logs.client_setup_log import read_client_setup_log

WHOLE = (
    '<![LOG[CcmSetup failed with error code 0x80070643]LOG]!><time="08:15:00.000+000" date="03-02-2026" '
    'component="ccmsetup" context="" type="3" thread="7" file="a.cpp:1">\n'
)
BARE = "Downloading\n\n  CcmSetup failed with error code 0x80070643\n"


def test_a_whole_log_keeps_its_times_and_bare_lines_are_a_record_each():
    (whole,) = read_client_setup_log(WHOLE.encode()).rows["log_lines"].iter_rows(named=True)
    assert (whole["component"], str(whole["written_at"])) == ("ccmsetup", "2026-03-02 08:15:00")
    bare = read_client_setup_log(BARE.encode()).rows["log_lines"]
    assert bare.select("record", "severity").rows() == [(1, None), (3, "error")]
    assert bare["written_at"].null_count() == 2


def test_an_empty_file_has_no_record():
    assert read_client_setup_log(b"\n \n").rows["log_lines"].is_empty()
