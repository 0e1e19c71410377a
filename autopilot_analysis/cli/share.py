"""`share`: a pseudonymised copy of the tables of an export."""

from __future__ import annotations

import argparse
from pathlib import Path

from autopilot_analysis.cli.loading import load
from autopilot_analysis.cli.options import add_export, add_reading, column_place
from autopilot_analysis.defaults import LEAST_KEY, MOST_KEY
from autopilot_analysis.errors import BadInput, NothingToWrite
from autopilot_analysis.quoting import one_line
from autopilot_analysis.wording import in_zone, minute

HELP = "write a pseudonymised copy of an export's tables, checked for leaks"


def add_options(verb: argparse.ArgumentParser) -> None:
    """Give the verb its arguments.

    Args:
        verb: The parser of this verb.
    """
    add_export(verb, nargs="?")
    verb.add_argument(
        "out", nargs="?", type=column_place, metavar="OUT", help="folder for the copy; a new one"
    )
    keys = verb.add_mutually_exclusive_group()
    keys.add_argument(
        "--fresh-key",
        dest="fresh",
        action="store_true",
        help="a key for this time only: joins to nothing else",
    )
    keys.add_argument(
        "--key",
        metavar="FILE",
        help=f"a key of {LEAST_KEY} to {MOST_KEY} bytes, to give the same names as others do",
    )
    ways = "list the ways back to names in your profile"
    verb.add_argument("--ways-back", dest="listed", action="store_true", help=ways)
    verb.add_argument("--delete-way-back", dest="deleted", metavar="NAME", help="delete one way back, or all")
    add_reading(verb)


def run(args: argparse.Namespace) -> None:
    """Write the copy, or list or delete ways back.

    Args:
        args: What the command line gave.
    """
    from autopilot_analysis.privacy import share
    from autopilot_analysis.privacy.keeping import fresh_key, read_key

    if args.listed or args.deleted:
        _ways_back(args.deleted)
        return
    if not (args.export and args.out):
        raise BadInput("share needs an export and the name of a new folder: share EXPORT OUT")
    key = fresh_key() if args.fresh else read_key(args.key) if args.key else None
    if Path(args.out).expanduser().exists():
        raise NothingToWrite.taken(args.out)
    tables, trace, found = load(args.export, args.names, zone=args.zone)
    shared = share({**tables.frames(), **trace.frames(), **found.frames()}, args.out, key=key)
    print(one_line(shared.folder))
    for table, column, cells in shared.hidden.rows():
        print(f"{cells:,} cells of {table}.{column} are hidden: a name in them could not be rewritten")


def _ways_back(delete: str | None) -> None:
    """List the ways back from pseudonyms to names, or delete one or all."""
    from autopilot_analysis.privacy.keeping import delete_ways_back, list_ways_back

    if delete:
        for name in delete_ways_back(delete):
            print(one_line(f"{name} is deleted"))
        return
    for name, names, at in list_ways_back().rows():
        print(one_line(f"{name}  {names:,} names  {in_zone(minute(at))}"))
