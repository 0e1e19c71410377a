from __future__ import annotations

from dataclasses import replace

from autopilot_analysis.findings.answers.answer import (
    LONGEST_HEADLINE,
    MOST_DEVICES,
    MOST_LINES,
    MOST_NAMED,
    Answer,
    Answers,
    Line,
    Section,
)


def answer_of(*sections, subject="SN-0001", outcome="failed"):
    return Answer(subject, "1 attempt failed", outcome, tuple(sections))


def test_an_answer_reads_as_a_label_in_a_column_and_its_statements_beside_it():
    answer = answer_of(Section("Why", (Line("The service said no."), Line("It may say yes.", "quote"))))
    assert answer.in_lines() == [
        "SN-0001: 1 attempt failed",
        "Why              The service said no.",
        '                 "It may say yes."',
    ]


def test_a_long_statement_is_folded_and_never_cut():
    words = [f"word{number}" for number in range(60)]
    lines = answer_of(Section("Why", (Line(" ".join(words)),))).in_lines()
    assert " ".join(line[17:] for line in lines[1:]).split() == words
    assert max(map(len, lines)) <= 110


def test_a_command_stands_on_one_line_so_that_it_can_be_copied():
    command = "tool.exe " + " ".join(f"-option{number}" for number in range(20))
    assert answer_of(Section("Ask for", (Line(command, "command"),))).in_lines()[1][17:] == command


def test_an_answer_has_at_most_its_lines_and_counts_the_rest():
    many = Section("Proof", tuple(Line(f"record {number}") for number in range(MOST_LINES + 5)))
    lines = answer_of(many).in_lines()
    assert len(lines) == MOST_LINES
    assert lines[-1] == "(7 more lines; see --all)"
    full = Section("Proof", tuple(Line(f"record {number}") for number in range(MOST_LINES - 1)))
    assert answer_of(full).in_lines()[-1].endswith(f"record {MOST_LINES - 2}")


def test_what_to_do_has_room_and_what_stands_before_it_gives_way():
    def told(label, count):
        return Section(label, tuple(Line(f"{label} {n}") for n in range(count)))

    remedy = told("What to do", 3)
    long = answer_of(told("What happened", 12), told("What it holds", 3), told("Why", 12), remedy)
    lines = [line[17:] for line in long.in_lines()]
    assert len(lines) == MOST_LINES
    assert "What to do 0" in lines
    assert "What to do 1" not in lines
    assert "What happened 11" in lines
    assert ("Why 9" in lines, "Why 10" in lines) == (True, False)
    assert not any(line.startswith("What it holds") for line in lines)
    assert long.in_lines()[-1] == "(7 more lines; see --all)"
    short = answer_of(told("What happened", 9), told("What it holds", 3), told("Why", 8), remedy)
    assert "What it holds 2" in [line[17:] for line in short.in_lines()]
    assert len(long.in_lines(10**6)) == 31
    widest = answer_of(told("What happened", 30), remedy).in_lines()
    assert "What to do 0" in [line[17:] for line in widest]


def test_an_answer_cannot_steer_a_terminal():
    evil = answer_of(Section("Proof", (Line("\x1b[31mred", "proof", "a\x07b.log"),)))
    assert not [line for line in evil.in_lines() if "\x1b" in line or "\x07" in line]
    assert "\x1b" not in evil.markdown()


def test_markdown_for_a_ticket_quotes_and_escapes():
    proof = Line("a*b*c <script>", "proof", "x.evtx, record 5")
    text = answer_of(Section("Proof", (proof, Line("No.", "quote"), Line("tool -x", "command")))).markdown()
    assert text == (
        "# SN-0001: 1 attempt failed\n\n**Proof**\n\n"
        "- `x.evtx, record 5`: a\\*b\\*c \\<script\\>\n> No.\n    tool -x\n"
    )


def test_devices_that_went_alike_share_a_line_and_a_cause_stands_in_it_once():
    one = answer_of(Section("What happened", (Line("It was refused."),)), outcome="failed")
    alike = tuple(
        replace(one, subject=f"SN-{n}", verdict="1 attempt failed: it was refused")
        for n in range(MOST_NAMED + 2)
    )
    assert Answers((*alike, replace(one, subject="SN-9"))).in_lines() == [
        "SN-0, SN-1, SN-2 and 2 more: 1 attempt failed: it was refused",
        "SN-9: 1 attempt failed. It was refused.",
    ]


def test_many_devices_are_one_line_each_and_the_cause_stands_with_what_failed():
    failed = answer_of(Section("What happened", (Line("Refused."),)))
    well = answer_of(Section("What happened", (Line("Fine."),)), subject="SN-0002", outcome="succeeded")
    assert Answers((failed, well)).in_lines() == [
        "SN-0001: 1 attempt failed. Refused.",
        "SN-0002: 1 attempt failed",
        "",
        "SN-0001 first, the others with --all:",
        "What happened    Refused.",
    ]
    assert Answers((well, well)).in_lines() == ["SN-0002, SN-0002: 1 attempt failed"]
    apart = tuple(replace(failed, verdict=f"{n} attempts failed") for n in range(2, MOST_DEVICES + 4))
    assert Answers(apart).in_lines()[-1] == "and 2 more devices; see --all"
    assert Answers((failed, well)).table()["what_happened"].to_list() == ["Refused.", "Fine."]


def test_everything_is_every_answer_whole():
    many = Section("Proof", tuple(Line(f"record {number}") for number in range(40)))
    assert len(Answers((answer_of(many), answer_of(many))).in_lines(whole=True)) == 83


ID = "1a0d42e1-ad13-4b22-be44-ca8ebf42a260"


def test_one_screen_says_once_what_happened_and_shows_ids_short_and_proofs_whole():
    happened = Section("What happened", (Line(f"App {ID} failed."), Line("The attempt failed.")))
    proof = Section("Proof", (Line(f"{ID}: no", "proof", "a.log, record 1"),))
    one = Answer("PC", f"1 attempt: app {ID} failed", "failed", (happened, proof))
    assert one.in_lines() == [
        "PC: 1 attempt: app 1a0d42e1… failed",
        "What happened    The attempt failed.",
        f"Proof            a.log, record 1: {ID}: no",
    ]
    assert Answers((one,)).in_lines(whole=True)[:2] == [
        f"PC: 1 attempt: app {ID} failed",
        f"What happened    App {ID} failed.",
    ]


def test_what_the_first_line_says_otherwise_stands_below_it_too():
    happened = Section("What happened", (Line("The join failed."),))
    one = Answer("PC", "1 attempt failed", "failed", (happened,))
    assert one.in_lines()[1] == "What happened    The join failed."


def test_each_part_begins_on_the_screen_where_the_last_of_what_was_not_seen_can_give_way_for_it():
    def told(label, count):
        return Section(label, tuple(Line(f"{label} {n}") for n in range(count)))

    def shown(unseen, behind):
        long = answer_of(told("What happened", 15), told("Not seen", unseen), told("Read as", behind), LAST)
        return [line[17:] for line in long.in_lines()]

    assert "Not read 0" in shown(4, 6)
    assert "Not seen 1" in shown(3, 4)
    lines = shown(4, 5)
    assert [f"Not seen {n}" in lines for n in range(4)] == [True, True, False, False]
    assert "Not read 0" in lines
    hopeless = shown(4, 12)
    assert "Not seen 3" in hopeless


LAST = Section("Not read", (Line("Not read 0"), Line("Not read 1")))


def test_a_long_first_line_leaves_out_what_its_cause_is_about_and_what_happened_has_it_whole():
    what = "x" * (LONGEST_HEADLINE - len("SN-0001: App failed: "))
    happened = Section(
        "What happened", (Line(f"App failed: {what}, so that B was not tried."), Line("It ended."))
    )
    pieces = (", so that B was not tried", f": {what}")
    long = replace(
        answer_of(happened), verdict=f"App failed: {what}, so that B was not tried", gives_way=pieces
    )
    assert long.headline == f"App failed: {what}"
    assert "so that B was not tried." in " ".join(long.in_lines())
    longer = replace(long, subject="SN-00011")
    assert longer.headline == "App failed"
    assert f"App failed: {what}, so that B was not tried" in longer.in_lines(10**6)[0]
    fits = replace(long, verdict="App failed: x, so that B was not tried")
    assert fits.headline == fits.verdict


def test_what_stands_aside_is_left_to_the_whole_answer():
    answer = answer_of(Section("Not seen", (Line("Absent: a log."), Line("Of less weight: b.", aside=True))))
    assert answer.in_lines() == ["SN-0001: 1 attempt failed", "Not seen         Absent: a log."]
    assert answer.in_lines(10**6)[-1].endswith("Of less weight: b.")
    assert "Of less weight: b." in answer.markdown()


def test_a_count_of_attempts_that_the_first_line_has_stands_in_it_once():
    happened = Section("What happened", (Line("It was refused, in 2 attempts."), Line("It ended.")))
    twice = replace(answer_of(happened), verdict="2 attempts failed: It was refused")
    assert twice.in_lines() == ["SN-0001: 2 attempts failed: It was refused", "What happened    It ended."]
