"""Families: what their own rule tells of a code."""

from __future__ import annotations

import subprocess
import sys

import pytest

from autopilot_analysis.codes import explain


@pytest.mark.parametrize(
    ("code", "meaning", "answered"),
    [
        ("0x801900C8", "HTTP 200: ok: a server answered, and not with an answer that", True),
        ("0x801900CC", "HTTP 204: no content: a server answered, and not with", True),
        ("0x8019012E", "HTTP 302: found: the server sent the request elsewhere, and not with", True),
        ("0x80190066", "HTTP 102: processing", False),
        ("0x80190191", "HTTP 401: unauthorized", False),
    ],
)  # fmt: skip
def test_a_status_that_is_no_error_says_that_its_answer_was_of_no_use(code, meaning, answered):
    known = explain(code)
    assert known.meaning.startswith(meaning) or not answered
    assert ("understood" in known.meaning, "proxy" in (known.remedy or "")) == (answered, answered)


@pytest.mark.parametrize(
    ("code", "family", "symbol", "meaning", "certainty"),
    [
        (
            "0x87D10194",
            "MDM (SyncML status)",
            None,
            "SyncML 404: the target was not found on the device",
            "documented",
        ),
        (
            "0x87D1041C",
            "Intune apps",
            None,
            "The installer succeeded but the app was not detected afterwards",
            "documented",
        ),
        ("0x801901A6", "HTTP", None, "HTTP 422", "computed"),
        (
            "0x80192EFD",
            "Network (WinHTTP and WinINet)",
            "WININET_E_CANNOT_CONNECT",
            "No connection",
            "computed",
        ),
        (
            "0xCAA82EE7",
            "Entra token request (network)",
            "WININET_E_NAME_NOT_RESOLVED",
            "The server's name",
            "computed",
        ),
        ("0xCAA30191", "Entra token request (HTTP)", None, "HTTP 401", "computed"),
        ("0x80070005", "Win32", "ERROR_ACCESS_DENIED", "Access denied", "header"),
        ("0xC0000022", "Windows kernel (NTSTATUS)", "STATUS_ACCESS_DENIED", "Access denied", "header"),
        (
            "0x80040154",
            "COM interface",
            "REGDB_E_CLASSNOTREG",
            "Windows calls it REGDB_E_CLASSNOTREG",
            "header",
        ),
    ],
)
def test_families_are_decoded_by_their_rule(code, family, symbol, meaning, certainty):
    found = explain(code)
    assert (found.family, found.symbol, found.certainty) == (family, symbol, certainty)
    assert found.meaning.startswith(meaning)
    assert found.page


def test_an_unknown_code_says_so_and_names_its_facility():
    code = explain("0x8ABC1234")
    assert (code.symbol, code.certainty, code.facility, code.page) == (None, "unknown", 0x2BC, None)
    assert code.meaning.startswith("Unknown")
    assert code.causes == ()


def test_windows_names_are_not_loaded_at_import():
    script = "import sys, autopilot_analysis.codes; sys.exit('ntstatus' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
