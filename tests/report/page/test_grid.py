"""A table of a page: numbers to the right, states as marks, pages linked, and nothing cut."""

import pytest

from autopilot_analysis.report.page.grid import Cell, Grid


def grid(*rows, head=("what", "value")):
    made = Grid(depth=0)
    made.in_head = True
    made.start_row()
    for text in head:
        made.start_cell(Cell(head=True))
        made.buffer.append(text)
    made.end_cell()
    made.in_head = False
    for row in rows:
        made.start_row()
        for text in row:
            made.start_cell(Cell())
            made.buffer.append(text)
    made.end_cell()
    return made


def html(*rows, link=lambda address: address):
    return grid(*rows).render("Attempts", link)


@pytest.mark.parametrize(
    ("values", "numeric"),
    [
        (["1", "2,000"], True),
        (["12 %", "…"], True),
        (["1", "one"], False),
        (["", ""], False),
        (["NaN", "-1.5e3"], True),
    ],
)
def test_a_column_of_numbers_stands_to_the_right(values, numeric):
    assert ('<th scope="col" class="n">value</th>' in html(*(("x", value) for value in values))) is numeric


def test_a_table_without_rows_says_so_and_is_named():
    assert html() == '<figure class="grid" aria-label="Table: Attempts"><p class="none">No rows.</p></figure>'


def test_a_state_is_a_mark_in_words():
    assert '<span class="mark failed">failed</span>' in html(("x", "failed"))
    assert '<span class="mark' not in html(("x", "elsewhere"))


def test_a_page_is_linked_only_where_it_may_be():
    page = "https://learn.microsoft.com/x"
    assert f'<a href="{page}" rel="noopener noreferrer">{page}</a>' in html(("x", page))
    assert "<a " not in html(("x", page), link=lambda address: None)


@pytest.mark.parametrize(
    ("text", "width"),
    [
        ("short", "short"),
        ("x " * 20, "middle"),
        ("x" * 61, "long"),
        ("a\nb", "long"),
        ("logs/agent.log", "path"),
    ],
)
def test_a_cell_gets_the_room_its_text_needs(text, width):
    assert f'<td class="{width}">' in html((text, "1"))


def test_the_text_of_a_cell_is_what_it_says_without_tags():
    assert Cell(html="<b>1 &lt; 2</b> ").text == "1 < 2"


@pytest.mark.parametrize(("count", "few"), [(14, True), (15, False)])
def test_few_rows_need_no_search(count, few):
    assert ('class="grid few"' in html(*(("x", "1") for _ in range(count)))) is few
