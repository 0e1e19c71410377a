from __future__ import annotations

import pytest

from autopilot_analysis.report.page.vectors import as_vectors


def svg(inner, more=""):
    return (
        '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" '
        'xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'width="90pt" height="30pt" viewBox="0 0 90 30"{more}>{inner}</svg>'
    )


def test_looks_become_attributes_words_stay_words_and_ink_follows_the_page():
    drawn = as_vectors(
        svg(
            '<g id="axes"><path d="M 1.23456 2 \nL 3 4" style="fill: none; stroke: #1f2937; -x: y"/></g>'
            '<text x="1" style="font-family: \'DejaVu Sans\'; font-size: 8px; fill: #b00020">5 &lt; 6</text>'
        ),
        "What <it> shows",
        "p1",
    )
    assert drawn == (
        '<svg role="img" aria-label="What &lt;it&gt; shows" viewBox="0 0 90 30" width="130" '
        'fill="currentColor">'
        '<path d="M 1.23 2 L 3 4" fill="none" stroke="currentColor"></path>'
        '<text x="1" font-size="8px" fill="#b00020">5 &lt; 6</text></svg>'
    )


def test_ids_that_are_used_carry_the_name_of_their_picture_and_others_go():
    drawn = as_vectors(
        svg(
            '<defs><clipPath id="c"><rect width="9"/></clipPath><path id="m" d="M 0 0"/><path id="n"/></defs>'
            '<path clip-path="url(#c)" d="z"/><use xlink:href="#m" x="1"/>'
        ),
        "",
        "p7",
    )
    assert '<clipPath id="p7-c"><rect width="9"></rect></clipPath><path id="p7-m" d="M 0 0">' in drawn
    assert '<path clip-path="url(#p7-c)" d="z"></path><use href="#p7-m" x="1"></use>' in drawn
    assert '"n"' not in drawn


def test_a_white_ground_goes_and_a_white_mark_stays():
    ground = '<g id="patch_1"><path d="M 0 0" style="fill: #ffffff"/></g>'
    mark = '<path d="M 1 1" style="fill: #ffffff; stroke: #ffffff"/>'
    drawn = as_vectors(svg(ground + mark), "", "p")
    assert "M 0 0" not in drawn
    assert '<path d="M 1 1" fill="#ffffff" stroke="#ffffff">' in drawn


@pytest.mark.parametrize(
    "inner",
    [
        "<script>evil()</script>",
        "<style>@import 'https://evil'</style>",
        '<g onload="evil()"><path d="z"/></g>',
        '<image href="https://evil/a.png"/>',
        '<use href="https://evil/a.svg#x"/>',
        '<a href="javascript:evil()"><text>x</text></a>',
        "<foreignObject><p>evil</p></foreignObject>",
        '<path fill="url(//evil/a)" d="z"/>',
        '<path style="fill: url(https://evil/a); background: evil" d="z"/>',
        '<path d="z&quot;&gt;&lt;evil"/>',
        "<animate attributeName='href' values='evil'/>",
    ],
)
def test_nothing_that_runs_or_leads_out_of_the_page_is_left(inner):
    drawn = as_vectors(svg(inner), "", "p")
    assert "evil" not in drawn
    assert "script" not in drawn


@pytest.mark.parametrize("content", ["", "<p>x</p>", "<svg", '<svg xmlns="u"><g></svg>', "<svgx/>"])
def test_what_is_no_picture_gives_none(content):
    assert as_vectors(content, "", "p") is None


def test_entities_are_refused_and_words_are_shown_as_the_page_shows_them():
    bomb = '<!DOCTYPE svg [<!ENTITY a "b">]>' + svg("<text>&a;</text>")
    assert as_vectors(bomb, "", "p") is None
    assert ">HIDDEN<" in as_vectors(svg("<text>secret</text>"), "", "p", lambda _: "HIDDEN")


def test_elements_within_elements_end_somewhere():
    deep = as_vectors(svg('<g opacity="1">' * 150 + "<path/>" + "</g>" * 150), "", "p")
    assert deep.count("<g") == 0
    assert as_vectors(svg('<g opacity="1">' * 90 + "<path/>" + "</g>" * 90), "", "p").count("<g") == 90
