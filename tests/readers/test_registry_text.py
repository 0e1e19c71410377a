from autopilot_analysis.readers.registry_text import lines_of, read_lines


def test_lines_are_counted_from_one_without_their_ends():
    assert lines_of("a\r\nb\n\nc").rows() == [(1, "a"), (2, "b"), (3, ""), (4, "c")]


def test_a_key_without_values_leaves_no_row_and_no_gap():
    reading = read_lines(lines_of("[HKEY_USERS\\A]\n\n[HKEY_USERS\\B]\n"), escaped=False)
    assert (reading.count, reading.unread) == (0, ())


def test_silent_lines_are_no_gap():
    text = '[HKEY_USERS\\A]\n# a remark\n"a"="1"\nnoise\n'
    assert [gap.record for gap in read_lines(lines_of(text), escaped=False, silent="^#").unread] == [4]


def test_a_great_many_open_strings_cost_no_more_than_their_length():
    text = "[HKEY_USERS\\A]\n" + '"a"="open\nmore\n' * 20_000
    reading = read_lines(lines_of(text), escaped=False)
    assert reading.count == 0
    assert [gap.count for gap in reading.unread] == [20_000]
