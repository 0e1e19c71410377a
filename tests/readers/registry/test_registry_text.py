from autopilot_analysis.readers.registry.registry_lines import lines_of
from autopilot_analysis.readers.registry.registry_text import read_lines


def test_a_key_without_values_leaves_no_row_and_no_gap():
    reading = read_lines(lines_of(b"[HKEY_USERS\\A]\n\n[HKEY_USERS\\B]\n"), escaped=False)
    assert (reading.count, reading.unread) == (0, ())


def test_silent_lines_are_no_gap():
    lines = lines_of(b'[HKEY_USERS\\A]\n# a remark\n"a"="1"\nnoise\n')
    assert [gap.record for gap in read_lines(lines, escaped=False, silent=(b"#",)).unread] == [4]


def test_a_great_many_open_strings_cost_no_more_than_their_length():
    text = b"[HKEY_USERS\\A]\n" + b'"a"="open\nmore\n' * 20_000
    reading = read_lines(lines_of(text), escaped=False)
    assert reading.count == 0
    assert [gap.count for gap in reading.unread] == [20_000]


def test_lines_inside_a_string_are_not_strange_and_those_behind_it_are():
    text = b'[HKEY_USERS\\A]\n"a"="one\ntwo\n\nthree"\nnoise\n"b"="x"\n'
    reading = read_lines(lines_of(text), escaped=False)
    assert reading.rows["registry_values"]["value"].to_list() == ["one\ntwo\n\nthree", "x"]
    assert [(gap.record, gap.count) for gap in reading.unread] == [(6, 1)]


def test_the_kind_of_a_value_decides_how_its_text_is_read_whatever_stands_beside_it():
    text = b'[HKEY_USERS\\A]\n"n"=dword:1f\n"s"="1f"\n@=hex:1f\n"m"=MULTI_SZ:"1","f"\n"none"=1f\n'
    reading = read_lines(lines_of(text), escaped=False)
    assert reading.rows["registry_values"].select("record", "name", "kind", "value").rows() == [
        (2, "n", "REG_DWORD", "31"),
        (3, "s", "REG_SZ", "1f"),
        (4, "", "REG_BINARY", "1f"),
        (5, "m", "REG_MULTI_SZ", "1\nf"),
    ]
    assert [(gap.record, gap.count) for gap in reading.unread] == [(6, 1)]
