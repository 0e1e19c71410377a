import sys

import numpy as np
import pytest

from autopilot_analysis.readers import pieces
from autopilot_analysis.readers.pieces import Text


def places(*numbers):
    return np.array(numbers, np.int64)


@pytest.mark.parametrize("large", [0, 2**20])
def test_pieces_reach_from_each_bound_to_the_next_row_by_row(monkeypatch, large):
    monkeypatch.setattr(pieces, "_LARGE", large)
    text = Text("Gerät|bereit;x|".encode())
    first, second = text.between(places(0, 14), places(6, 15), columns=[0, 1])
    assert first.to_list() == ["Gerät", "x"]
    assert second.to_list() == ["|bereit;", "|"]


@pytest.mark.parametrize(("large", "narrow"), [(0, 0), (0, 2**31), (2**20, 0)])
def test_pieces_of_a_part_stop_where_it_stops(monkeypatch, large, narrow):
    monkeypatch.setattr(pieces, "_LARGE", large)
    monkeypatch.setattr(pieces, "_NARROW", narrow)
    text = Text("Gerät|bereit;x|".encode())
    one, other = text.between(places(7), places(13), columns=[0, 1], stop=15)
    assert [*one, *other] == ["bereit", ";x"]


def test_a_part_beyond_the_text_is_refused():
    with pytest.raises(ValueError, match="ascend"):
        Text(b"text").between(places(1), columns=[0], stop=5)


def test_no_bounds_give_no_pieces():
    assert [*Text(b"text").between(places(), places(), columns=[0])[0]] == []


@pytest.mark.parametrize("bounds", [((2,), (1,)), ((0, 2), (3, 4)), ((0,), (99,))])
def test_bounds_that_do_not_ascend_are_refused(bounds):
    with pytest.raises(ValueError, match="ascend"):
        Text(b"text").between(*(places(*bound) for bound in bounds), columns=[0])


def test_pieces_of_a_text_hold_nothing_of_python():
    content = b"a text that is no constant of this file".replace(b"constant", b"literal")
    held = sys.getrefcount(content)
    (column,) = Text(content).between(places(2), columns=[0])
    assert sys.getrefcount(content) == held
    assert column.to_list() == ["text that is no literal of this file"]
