"""`report`: an export as a page."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from autopilot_analysis.boundary import refuse_untrusted
from autopilot_analysis.cli.options import TRUSTED, add_export, add_out, add_reading, new_place
from autopilot_analysis.defaults import Option
from autopilot_analysis.errors import BadInput
from autopilot_analysis.quoting import one_line

HELP = "write one self-contained HTML page, the answer first"


def add_options(verb: argparse.ArgumentParser) -> None:
    """Give the verb its arguments.

    Args:
        verb: The parser of this verb.
    """
    add_export(verb)
    verb.add_argument(
        "--notebook", metavar="NAME", help="notebook to run (default: the one that fits the input)"
    )
    verb.add_argument(
        "-p", action="append", default=[], metavar="NAME=VALUE", help="set a parameter of the notebook"
    )
    where = "where to write the page (default: beside you, named after the export)"
    add_out(verb, where, metavar="FILE", place=new_place)
    verb.add_argument(
        Option.FORCE, dest="force", action="store_true", help="replace a page that is there already"
    )
    verb.add_argument(Option.TRUST, dest="trust", action="store_true", help=TRUSTED.format("notebook"))
    verb.add_argument("--kernel", action="store_true", help="run the notebook in a process of its own")
    verb.add_argument(Option.PDF, action="store_true", help="print the page to PDF beside it")
    verb.add_argument("--open", action="store_true", help="open the page in the browser")
    add_reading(verb)


def run(args: argparse.Namespace) -> None:
    """Write the page, and print where it is.

    Args:
        args: What the command line gave.
    """
    from autopilot_analysis.export.opening import refuse_address
    from autopilot_analysis.report import find_notebook, fit_notebook, write_pdf, write_report
    from autopilot_analysis.report.notebooks import is_shipped
    from autopilot_analysis.report.place import choose_place

    parameters = _parameters(args.p)
    if "export" in parameters:
        raise BadInput("the export is the argument of report, not a parameter; leave -p export=… out")
    refuse_address(args.export)
    if not Path(args.export).exists():
        raise BadInput.missing(args.export)
    if args.names:
        parameters["names"] = str(Path(args.names).resolve())
    if args.privacy:
        parameters["privacy"] = "true"
    notebook = find_notebook(args.notebook).resolve() if args.notebook else None
    if notebook and not is_shipped(notebook) and not args.trust:
        refuse_untrusted(args.notebook, args.export)
    if (args.words or args.zone) and (args.kernel or (notebook and not is_shipped(notebook))):
        raise BadInput(
            f"{Option.WORDS} and {Option.TIME_ZONE} reach no notebook in a process of its own; "
            "ingest the export with them, and report the dataset"
        )
    choose_place(args.out, "page.html", overwrite=args.force)  # refused before an export is opened to fit it
    page = write_report(
        notebook or fit_notebook(args.export)["notebook"][0],
        out=args.out,
        overwrite=args.force,
        kernel=args.kernel,
        export=args.export,
        **parameters,
    )
    print(one_line(page))
    if args.pdf:
        print(one_line(write_pdf(page, overwrite=args.force)))
    if args.open:
        _open(page.resolve().as_uri())


def _parameters(pairs: Sequence[str]) -> dict[str, str]:
    parameters = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name:
            raise BadInput(f"-p {pair!r} is not name=value; write it like -p device=SN-0001")
        parameters[name] = value
    return parameters


def _open(address: str) -> None:
    """Show a page in the browser that the system names; Windows is asked itself, no program is looked up."""
    if sys.platform == "win32":
        os.startfile(address)
    else:
        import webbrowser

        webbrowser.open(address)
