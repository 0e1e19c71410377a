"""Arguments that several verbs have."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from autopilot_analysis import windows
from autopilot_analysis.defaults import INPUT, NAME_BOOKS, Option
from autopilot_analysis.errors import NO_TEXT, BadInput, NotAnExport

TRUSTED = "run a {} that lies with the export, as if you had written it"


def add_export(
    verb: argparse.ArgumentParser,
    nargs: str | None = None,
    what: str = INPUT,
) -> None:
    """Let a verb take one export.

    Args:
        verb: The parser of the verb.
        nargs: "?" where the verb does something without one too.
        what: What it takes, for the help.
    """
    verb.add_argument("export", nargs=nargs, type=named, metavar="EXPORT", help=what)


def add_out(
    verb: argparse.ArgumentParser,
    what: str,
    *,
    metavar: str,
    place: Callable[[str], str],
    required: bool = False,
) -> None:
    """Let a verb take the place that it writes to.

    Args:
        verb: The parser of the verb.
        what: What is written there, for the help.
        metavar: What it is called there.
        place: `new_place`, or `column_place` where the column engine writes.
        required: Whether the verb has no place of its own.
    """
    verb.add_argument("-o", Option.OUT, dest="out", required=required, type=place, metavar=metavar, help=what)


def add_privacy(verb: argparse.ArgumentParser) -> None:
    """Let a verb write pseudonyms.

    Args:
        verb: The parser of the verb.
    """
    verb.add_argument(
        Option.PRIVACY, dest="privacy", action="store_true", help="write pseudonyms in place of names"
    )


def add_names(verb: argparse.ArgumentParser) -> None:
    """Let a verb read a name book.

    Args:
        verb: The parser of the verb.
    """
    verb.add_argument(
        Option.NAMES,
        dest="names",
        default="",
        metavar="FILE",
        help=f"a name book for ids: {NAME_BOOKS}",
    )


def add_words(verb: argparse.ArgumentParser) -> None:
    """Let a verb read reports in a language of the analyst's own.

    Args:
        verb: The parser of the verb.
    """
    verb.add_argument(
        Option.WORDS,
        dest="words",
        metavar="FILE",
        help="a CSV `text,means` for reports in a language not known here (docs/fleet.md)",
    )


def named(export: str) -> str:
    """Return an export as it was named.

    Args:
        export: As it was given.

    Raises:
        ArgumentTypeError: It is empty, as a variable of a shell that was not set; Python would take that for
            the current folder.
    """
    if not export.strip():
        raise argparse.ArgumentTypeError(str(NotAnExport.unnamed()))
    return export


def add_reading(verb: argparse.ArgumentParser) -> None:
    """Let a verb take how an export is to be read and written: words, time zone, pseudonyms, names.

    Args:
        verb: The parser of the verb.
    """
    verb.add_argument(
        Option.TIME_ZONE,
        dest="zone",
        default="",
        metavar="ZONE",
        help="where portal CSVs were downloaded, such as Europe/Berlin: their times are local",
    )
    add_words(verb)
    add_privacy(verb)
    add_names(verb)


def column_place(path: str) -> str:
    """Return a path that the column engine can write to.

    Args:
        path: As it was given.

    Raises:
        ArgumentTypeError: It holds bytes that are no text, or Windows would take it for another.
    """
    try:
        path.encode()
    except UnicodeEncodeError:
        raise argparse.ArgumentTypeError(f"the path {NO_TEXT}; name another") from None
    return new_place(path)


def new_place(path: str) -> str:
    """Return a path to write to that Windows takes for what it says.

    Args:
        path: As it was given.

    Raises:
        ArgumentTypeError: Windows would take it for another.
    """
    try:
        return windows.check_name(path) if windows.HERE else path
    except BadInput as error:
        raise argparse.ArgumentTypeError(str(error)) from None
