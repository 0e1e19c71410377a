"""What tools that ask for one thing say is well."""

from dataclasses import replace

import polars as pl
import pytest

from autopilot_analysis import conclude, find
from autopilot_analysis.findings.answers.without_attempt.good_words import good_words

CHIP = ("-Ready For Attestation", "True", "a.txt", "")
DRIVE = ("ProtectionStatus", "On", "a.txt", "BitLocker volume C:")
ROUTE = ("TcpTestSucceeded", "True", "a.txt", "Network test login.live.com 443")
FILE = ("Status", "Caching", "a.txt", "Delivery Optimization file 1a")
WELL = "; nothing failed in what was seen"


def given(*told, source="listed_objects"):
    return {"members": (), "sources": {"a.txt": source}, "properties": list(told)}


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ([CHIP], "the TPM is ready to attest"),
        ([("-TPM Ready", "True", "a.txt", "TPM")], "the TPM is ready"),
        ([DRIVE], "C: is protected by BitLocker"),
        ([DRIVE, (*DRIVE[:3], "BitLocker volume D:")], "2 drives are protected by BitLocker"),
        ([ROUTE], "login.live.com port 443 was reached"),
        ([ROUTE, (*ROUTE[:3], "Network test a.example.com 80")], "2 hosts were reached"),
        ([FILE], "1 file came whole by Delivery Optimization"),
        ([CHIP, DRIVE], "the TPM is ready to attest, C: is protected by BitLocker"),
        ([("PingSucceeded", "True", "a.txt", "Network test a.example.com")], None),
        ([("Status", "Downloading", *FILE[2:])], None),
        ([("ProtectionStatus", "On", "a.txt", "Listed object 1")], None),
        ([("-Ready For Attestation", "False", "a.txt", "")], None),
        ([CHIP, ("text", "it stops with 0x81039001", "a.txt", "")], None),
        ([CHIP, ("It stops with 0x81039001, the technician pasted", "", "a.txt", "")], None),
        ([CHIP, ("text", "the result was 0x00000000", "a.txt", "")], "the TPM is ready to attest"),
    ],
)
def test_each_sign_that_something_is_well_is_named_with_what_it_is_about(world, told, words):
    said = good_words(world(**given(*told))[0], "D")
    assert said == (f"{words}{WELL}" if words else None)


@pytest.mark.parametrize(
    ("component", "words"),
    [("T::TraceDownloadCompletedImpl", "1 download completed by Delivery Optimization"), ("T::Start", None)],
)
def test_a_download_that_its_log_calls_completed_is_counted(world, component, words):
    tables, _ = world(**given(), lines=[("info", "jobId: 1")])
    done = replace(tables, log_lines=tables.log_lines.with_columns(component=pl.lit(component)))
    assert good_words(done, "D") == (f"{words}{WELL}" if words else None)


def test_beside_anything_else_that_was_read_the_same_words_say_nothing(world):
    tables, _ = world(**given(CHIP, source="tpm_text") | {"members": ("registry_dump",)})
    assert good_words(tables, "D") is None


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ([], "the TPM is ready to attest"),
        ([("TcpTestSucceeded", "False", "a.txt", "Network test a.example.com 80")], "outcome unknown"),
        (
            [("-Is Locked Out", "True", "a.txt", ""), ("-TPM Present", "True", "a.txt", "")],
            "it is locked",
        ),
    ],
)
def test_the_verdict_says_so_only_where_no_finding_speaks_against_it(world, more, words):
    tables, trace = world(**given(CHIP, *more))
    (verdict,) = conclude(tables, trace, find(tables, trace))["verdict"]
    assert words in verdict[0].lower() + verdict[1:]
