import pytest

from autopilot_analysis.errors import BadInput, UnknownName
from autopilot_analysis.facts.own_words import REPORT, begins_with_own, own_words, read_words, using_words

WORDS = "text,means,report\nSeriennummer,serial,\nBeginn,started_at,\nZustand,state,\nFertig,succeeded,\n"


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "words.csv"
    path.write_text(WORDS, encoding="utf-8-sig")
    return path


def test_columns_and_states_are_told_apart_by_what_they_mean(file):
    words = read_words(file)
    assert words.columns == {REPORT: {"seriennummer": "serial", "beginn": "started_at", "zustand": "state"}}
    assert words.states == {"fertig": "succeeded"}


def test_words_hold_only_while_they_are_used(file):
    with using_words(file):
        assert begins_with_own('"Zustand";"Serien-Nummer";"Beginn";"Wetter"\n1;2;3;4')
        assert not begins_with_own("Zustand;Beginn;Wetter\n")
    assert not own_words().columns
    assert not begins_with_own("Zustand;Seriennummer;Beginn\n")


def test_words_hold_where_what_reads_names_none(file):
    with using_words(file), using_words(None):
        assert own_words().states == {"fertig": "succeeded"}


@pytest.mark.parametrize(
    ("text", "error", "said"),
    [
        ("text,means\nBeginn,start_at\n", UnknownName, "did you mean started_at"),
        ("text,means,report\nBeginn,started_at,AutopilotV3\n", UnknownName, "no report is called"),
        ("header;column\nBeginn;started_at\n", BadInput, "no lines under the header `text,means`"),
        ("", BadInput, "no lines"),
    ],
)
def test_a_file_that_says_nothing_known_is_refused_in_one_line(tmp_path, text, error, said):
    path = tmp_path / "words.csv"
    path.write_text(text)
    with pytest.raises(error, match=said) as raised:
        read_words(path)
    assert "\n" not in str(raised.value)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(BadInput, match="cannot be read"):
        read_words(tmp_path / "none.csv")
