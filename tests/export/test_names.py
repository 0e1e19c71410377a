import pytest

from autopilot_analysis.errors import UnsafeName
from autopilot_analysis.export.names import plain_name, printable, safe_name, same_name


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("a\\b\\c.log", "a/b/c.log"),
        ("./a//b/", "a/b"),
        ("..a/b..", "..a/b.."),
        ("console.log", "console.log"),
        ("COM10", "COM10"),
    ],
)
def test_a_safe_name_has_one_sign_between_its_parts(name, safe):
    assert safe_name(name) == safe


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", "is empty"),
        ("./", "is empty"),
        ("a" * 1001, "longer than 1000"),
        ("/etc/passwd", "absolute"),
        ("\\\\server\\share", "absolute"),
        ("C:\\Windows", "absolute"),
        ("a/../b", "leaves the export"),
        ("log.txt:stream", "data stream"),
        ("a\nb", "control characters"),
        ("a/nul.txt", "Windows device"),
        ("COM1 .log", "Windows device"),
        ("lpt²", "Windows device"),
    ],
)
def test_an_unsafe_name_says_what_is_wrong_with_it(name, words):
    with pytest.raises(UnsafeName, match=words):
        safe_name(name)


def test_two_spellings_of_one_file_meet():
    assert same_name("Ger\u00e4t.LOG") == same_name("gera\u0308t.log")
    assert same_name("a.log") != same_name("b.log")


def test_bytes_that_are_no_text_can_be_shown():
    assert printable("a\udcffb") == "a�b"


def test_a_channel_and_its_file_have_one_plain_name():
    names = [
        "Microsoft-Windows-AAD%4Operational.evtx",
        "microsoft-windows-aad-operational.evtx",
        "Microsoft-Windows-AAD/Operational.evtx",
    ]
    assert {plain_name(name) for name in names} == {"microsoft-windows-aad-operational.evtx"}
