"""Names of machines, and words that only stand where one could."""

import pytest

from autopilot_analysis.privacy.shapes.hosts import READERS


@pytest.mark.parametrize(
    ("reader", "match", "found"),
    [
        ("machine", "FRONT7", [("host", "FRONT7")]),
        ("machine", "win-session", []),
        ("inner", "desk4.quill.internal", [("host", "desk4.quill.internal")]),
        ("inner", "Cortana.Internal", []),
        ("onmicrosoft", "quill-my.onmicrosoft.com",
         [("tenant", "quill-my.onmicrosoft.com"), ("tenant", "quill")]),
        ("url", "https://zora:hunter22@px1.quill.example:8080/a",
         [("user", "zora"), ("user", "hunter22"), ("host", "px1.quill.example")]),
        ("url", "http://192.0.2.7/a", [("ip", "192.0.2.7")]),
        ("url", "ldap://cn=zora,dc=quill", []),
        ("url", "http://a/b", []),
        ("principal", "pc7.quill.example.", [("host", "pc7.quill.example")]),
        ("principal", "1.1", []),
        ("bypass", "Bypass List : *.intra.quill.example;<local>;10.1.2.3", [("host", "intra.quill.example")]),
        ("renamed", "from FRONT7 to BACK8", [("host", "FRONT7"), ("host", "BACK8")]),
        ("renamed", "from here to there", []),
    ],
)  # fmt: skip
def test_a_host_is_told_from_what_only_looks_like_one(reader, match, found):
    assert list(READERS[reader](match)) == found
