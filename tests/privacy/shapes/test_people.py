"""Accounts, and paths and commands that are written like one."""

import pytest

from autopilot_analysis.privacy.shapes.people import READERS, account


@pytest.mark.parametrize(
    ("domain", "name", "named"),
    [("QUILLDOM", "zora", True), ("HKEY_USERS", "zora", False), ("QUILLDOM", "setup.exe", False)],
)
def test_a_path_of_the_registry_or_of_a_file_is_no_account(domain, name, named):
    assert list(account(domain, name)) == ([("tenant", domain), ("user", name)] if named else [])


@pytest.mark.parametrize(
    ("reader", "match", "found"),
    [
        ("acting", r"running as QUILLDOM\\zora", [("tenant", "QUILLDOM"), ("user", "zora")]),
        ("acting", "running as QUILLDOM\\", []),
        ("alone", r'"QUILLDOM\zora has logged off"', [("tenant", "QUILLDOM"), ("user", "zora")]),
        ("alone", r" Program\files ", []),
        (
            "members",
            "Members\n" + "-" * 40 + "\nzora\nThe command completed.",
            [("user", ""), ("user", "zora")],
        ),
        ("folder", r"C:\Users\Zora Quill", [("user", "Zora Quill"), ("user", "Zora")]),
        ("folder", r"C:\Users\z", []),
        ("ticket", "Client: zora @ QUILL.EXAMPLE", [("user", "zora"), ("tenant", "QUILL.EXAMPLE")]),
        (
            "managed",
            "zora_Windows_5/1/2026_9:00 AM",
            [("user", "zora_Windows_5/1/2026_9:00 AM"), ("user", "zora")],
        ),
    ],
)
def test_an_account_is_told_from_what_is_written_like_one(reader, match, found):
    assert list(READERS[reader](match)) == found
