"""A line of a tool of the network is known by the patterns that read it."""

from __future__ import annotations

import re

import pytest

from autopilot_analysis.export.sources import classify
from autopilot_analysis.facts.network_answers import any_network_answer

LINES = [
    "Ping request could not find host login.example.com. Please check the name and try again.",
    "Unable to resolve target system name login.example.com.",
    "curl: (6) Could not resolve host: login.example.com",
    "Error: Could not establish trust relationship for the SSL/TLS secure channel.",
    "The SSL connection could not be established, see inner exception.",
    "The remote name could not be resolved: 'login.example.com'",
    "No such host is known. (login.example.com:443)",
]


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("margin", ["", "   "])
def test_a_line_that_is_read_is_known_within_a_text(line, margin):
    text = f"What the window showed:\n{margin}{line}\n"
    assert classify("window.txt", frozenset({"text"}), text).source == "network_answers"


@pytest.mark.parametrize("line", ["Issuer:", "subject: CN=login.example.com", "ping login.example.com"])
def test_a_heading_or_a_subject_alone_is_no_answer(line):
    assert re.search(any_network_answer(), f"before\n{line}\nafter", re.MULTILINE) is None
