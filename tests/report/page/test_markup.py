"""Whatever a notebook shows becomes HTML that can do nothing."""

import pytest

from autopilot_analysis.report.page.markup import clean, link, plain


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ("<p>a <b>b</b></p>", "<p>a <b>b</b></p>"),
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ('<p onclick="x()">a</p>', "<p>a</p>"),
        ("<style>p {}</style>a", "a"),
        ("<p>a", "<p>a</p>"),
        ("a</p>", "a"),
        ("<!-- a -->", "&lt;!-- a --&gt;"),
        ("<iframe src=x>", "&lt;iframe src=x&gt;"),
        ('<img src="https://example.com/x.png" alt="a">', "<span>[a]</span>"),
        ('<img src="data:image/png;base64,AAAA" alt="a">', '<img src="data:image/png;base64,AAAA" alt="a">'),
        ('<img src="data:text/html;base64,AAAA">', "<span>[image]</span>"),
    ],
)
def test_only_known_tags_are_written_anew_and_the_rest_is_text(html, shown):
    assert clean(html) == shown


@pytest.mark.parametrize(
    ("address", "trusted", "linked"),
    [
        ("https://learn.microsoft.com/x", False, True),
        ("http://learn.microsoft.com/x", False, False),
        ("https://example.com/", False, False),
        ("https://example.com/", True, True),
        ("https://learn.microsoft.com@example.com/", False, False),
        ("javascript:alert(1)", True, False),
        ("#part", False, True),
        ("https://[", False, False),
    ],
)
def test_a_page_links_to_known_hosts_and_an_author_to_any_over_https(address, trusted, linked):
    assert link(address, trusted=trusted) == (address if linked else None)


def test_a_link_that_may_not_be_one_stays_text():
    assert clean('<a href="https://example.com">a</a>') == "<span>a</span>"
    assert (
        clean('<a href="https://example.com">a</a>', trusted=True)
        == '<a href="https://example.com" rel="noopener noreferrer">a</a>'
    )


def test_a_comment_of_an_author_is_seen_by_nobody_and_any_other_is_text():
    assert clean("<p>No sign<!-- a --> says</p>", trusted=True) == "<p>No sign says</p>"
    assert clean("<p>No sign<!-- a --> says</p>") == "<p>No sign&lt;!-- a --&gt; says</p>"


def test_a_table_becomes_a_grid_and_one_inside_it_does_not():
    inner = clean("<table><tr><td>a<table><tr><td>b</td></tr></table></td></tr></table>")
    assert inner.count("<table>") == 1
    assert "ab" in inner


def test_text_is_shown_character_for_character_and_steers_nothing():
    assert plain("a < b & c") == "a &lt; b &amp; c"
    assert "\x1b" not in plain("\x1b[31m")
