"""The entry: the verbs, and every deliberate error as one line, with the exit status REFUSED."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import cache
from typing import NoReturn

from autopilot_analysis import windows
from autopilot_analysis.boundary import closed_to, folders_of
from autopilot_analysis.cli import explain, findings, ingest, lab, report, sample, share, tables, timeline
from autopilot_analysis.cli.start import begin
from autopilot_analysis.cli.terminal import shortened
from autopilot_analysis.defaults import EXPORT, REFUSED, Option
from autopilot_analysis.errors import CHECK_PATH, AnalysisError
from autopilot_analysis.quoting import one_line
from autopilot_analysis.wording import capital

VERBS = (report, findings, tables, explain, ingest, sample, timeline, share, lab)
"""A module each: its options, and `run`, which does it and returns the exit status; None is success."""

LONGEST_COMPLAINT = 600
"""Characters of the line by which the command refuses."""

DESCRIPTION = "Opens Windows Autopilot diagnostics on any machine and tells what happened, when, and why."
EPILOG = f"""examples:
  autopilot-analysis report mdm-diagnostics.cab          one page that tells the device's story
  autopilot-analysis findings DiagLogs.zip               what went wrong, with proof
  autopilot-analysis tables mdm-diagnostics.cab {Option.OUT} t  every table as a file of its own
  autopilot-analysis sample try-me {Option.DEVICES} 3           make-believe exports to practise on

EXPORT is a {EXPORT} as Windows or Intune exported it; no Windows is needed."""


def _complaint(words: str) -> str:
    """Return the one line by which the command refuses, or stops."""
    return f"autopilot-analysis: {one_line(shortened(words, LONGEST_COMPLAINT))}"


class _Parser(argparse.ArgumentParser):
    """A parser whose complaints are one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(REFUSED, f"{_complaint(message)}; see {self.prog} --help\n")


class _Version(argparse.Action):
    """Prints the version and stops."""

    def __init__(self, option_strings: Sequence[str], dest: str, help: str | None = None) -> None:
        super().__init__(option_strings, dest=dest, default=argparse.SUPPRESS, nargs=0, help=help)

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        from autopilot_analysis.release import read_version

        print(f"autopilot-analysis {read_version()}")
        parser.exit()


@cache
def build_parser() -> argparse.ArgumentParser:
    """Return the parser of all verbs, built once however often a process calls `main`."""
    shape = argparse.RawDescriptionHelpFormatter
    parser = _Parser(prog="autopilot-analysis", description=DESCRIPTION, epilog=EPILOG, formatter_class=shape)
    parser.add_argument("--version", action=_Version, help="print the version and stop")
    verbs = parser.add_subparsers(title="verbs", metavar="VERB", required=True, parser_class=_Parser)

    for module in VERBS:
        name, text = module.__name__.rpartition(".")[2], module.HELP
        verb = verbs.add_parser(name, help=text, description=f"{capital(text)}.")
        module.add_options(verb)
        verb.set_defaults(module=module, refuse=verb.error)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit status: of the verb when nothing stopped it.

    Args:
        argv: Arguments without the program's name; those of the process when None.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    args, unknown = build_parser().parse_known_args(argv)
    if unknown:  # said by the verb, whose help lists what it takes
        args.refuse(f"unrecognized arguments: {' '.join(unknown)}")
    export = getattr(args, "export", None)
    exports = [export] if export else getattr(args, "exports", [])
    begin(export)
    try:
        with closed_to(*folders_of(exports)), _read_as(args):
            status: int | None = args.module.run(args)
        sys.stdout.flush()
    except AnalysisError as error:
        print(_complaint(str(error)), file=sys.stderr)
        return REFUSED
    except MemoryError:
        print(_complaint("this machine has too little free memory for that export"), file=sys.stderr)
        return REFUSED
    except BrokenPipeError:
        _drop_output()
        return 1
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        plain = f"{error.strerror or error}; {CHECK_PATH}, the rights to it and the free space"
        words = where + (windows.too_long(str(error.filename or "")) or plain)
        print(_complaint(words), file=sys.stderr)
        _drop_output()
        return REFUSED
    except KeyboardInterrupt:
        print(_complaint("stopped"), file=sys.stderr)
        return 130
    return status or 0


@contextmanager
def _read_as(args: argparse.Namespace) -> Iterator[None]:
    """Let the words and the time zone that a verb was given hold while it reads."""
    with ExitStack() as held:
        if getattr(args, "words", None):
            from autopilot_analysis.facts.own_words import using_words

            held.enter_context(using_words(args.words))
        if getattr(args, "zone", ""):
            from autopilot_analysis.fleet.deployments.local_times import using_zone

            held.enter_context(using_zone(args.zone))
        yield


def _drop_output() -> None:
    """Let what could not be printed go nowhere, or Python tries once more at its end."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
