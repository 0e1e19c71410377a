from autopilot_analysis.readers.registry.registry_lines import find_parts, lines_of


def shown(text):
    lines = lines_of(text)
    return [text[start:end] for start, end in zip(lines.starts, lines.ends, strict=True)]


def parts(text):
    found = find_parts(lines_of(text))
    return found.keys.rows(), found.values.rows(), found.others.tolist()


def test_empty_lines_are_left_out_and_counted():
    text = b"a\r\nb\n\r\n\nc"
    assert shown(text) == [b"a", b"b", b"c"]
    assert lines_of(text).numbers.tolist() == [1, 2, 5]


def test_a_return_inside_a_line_stays():
    assert shown(b"a\rb\r\r\n") == [b"a\rb\r"]


def test_nothing_has_no_lines():
    assert shown(b"") == shown(b"\n\r\n") == []


def test_keys_lose_their_brackets_and_the_sign_that_removes_them():
    text = b"[HKEY_USERS\\A]\n  [-HKEY_USERS\\B]\n[HKEY_USERS\\C [x]] \n[HKE\n[--HKEY_D]\n["
    assert parts(text) == (
        [(0, "HKEY_USERS\\A", False), (1, "HKEY_USERS\\B", True), (2, "HKEY_USERS\\C [x]] ", False)],
        [],
        [3, 4, 5],
    )


def test_a_name_ends_at_the_first_quote_before_an_equals_sign_of_its_line():
    text = b'"a=b"="c"="d"\n\t"a"\n"b"=dword:1\n@=""\n@\n""=x\n"=y\n"z"='
    assert parts(text) == (
        [],
        [
            (0, "a=b", True, 'c"="d"'),
            (2, "b", False, "dword:1"),
            (3, "", True, '"'),
            (5, "", False, "x"),
            (6, "", False, "y"),
            (7, "z", False, ""),
        ],
        [1, 4],
    )


def test_however_far_a_line_is_indented_it_is_read():
    text = b"".join(b" " * deep + b'"a"=1\n' for deep in (0, 7, 8, 9, 5000)) + b" \t \n" + b" " * 20
    assert parts(text) == ([], [(line, "a", False, "1") for line in range(5)], [5, 6])


def test_letters_beyond_ascii_are_kept():
    assert parts('"Gerät"="größer – 設定"'.encode())[1] == [(0, "Gerät", True, 'größer – 設定"')]
