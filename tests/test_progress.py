"""One line on a terminal, wiped off at the end; nothing in a pipe."""

from __future__ import annotations

import io
import sys

import pytest

from autopilot_analysis.progress import ON_A_TERMINAL, show_progress


class Screen(io.StringIO):
    """Standard error, as a terminal or as a pipe."""

    encoding = "utf-8"

    def __init__(self, terminal):
        super().__init__()
        self.terminal = terminal

    def isatty(self):
        return self.terminal


def work(screen, monkeypatch, name="logs/agent.log", **options):
    monkeypatch.setattr(sys, "stderr", screen)
    for option, value in options.items():
        monkeypatch.setitem(ON_A_TERMINAL, option, value)
    with show_progress("exports") as show:
        for done in range(4):
            show(done, 4, name)
    return screen.getvalue()


AT_ONCE = {"delay": 0, "mininterval": 0, "dynamic_ncols": False, "ncols": 100}


def test_a_terminal_sees_how_many_of_how_many_and_the_name_and_then_an_empty_line(monkeypatch):
    written = work(Screen(terminal=True), monkeypatch, **AT_ONCE)
    assert "3/4 [" in written
    assert "exports" in written
    assert "agent.log" in written
    assert "logs/" not in written
    assert written.split("\r")[-2].strip() == ""
    assert "\n" not in written


def test_a_pipe_gets_nothing(monkeypatch):
    assert work(Screen(terminal=False), monkeypatch, **AT_ONCE) == ""


def test_work_that_is_done_at_once_shows_nothing(monkeypatch):
    assert work(Screen(terminal=True), monkeypatch, delay=60) == ""


@pytest.mark.parametrize("name", ["\x1b[31mred.log", "a\nb.log", "\u202egpj.exe"])
def test_a_name_cannot_steer_the_terminal(monkeypatch, name):
    written = work(Screen(terminal=True), monkeypatch, name=name, **AT_ONCE)
    assert not set("\x1b\n\u202e") & set(written)
    assert "\N{REPLACEMENT CHARACTER}" in written
