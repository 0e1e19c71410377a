"""`tables`: every table of an export, a file each."""

from __future__ import annotations

import argparse
from pathlib import Path

from autopilot_analysis.cli.loading import load
from autopilot_analysis.cli.options import (
    add_export,
    add_out,
    add_reading,
    column_place,
)
from autopilot_analysis.defaults import Option
from autopilot_analysis.errors import NothingToWrite
from autopilot_analysis.formats import TABLE_FORMATS, TABLE_NAMES
from autopilot_analysis.quoting import one_line

HELP = f"write every table as {', '.join(TABLE_NAMES[:-1])} or {TABLE_NAMES[-1]}"


def add_options(verb: argparse.ArgumentParser) -> None:
    """Give the verb its arguments.

    Args:
        verb: The parser of this verb.
    """
    add_export(verb)
    add_out(verb, "folder for the files", metavar="DIR", place=column_place, required=True)
    verb.add_argument(
        Option.FORMAT,
        dest="format",
        choices=tuple(TABLE_FORMATS),
        default=next(iter(TABLE_FORMATS)),
        help="file format (default: %(default)s)",
    )
    verb.add_argument(
        Option.FORCE, dest="force", action="store_true", help="write into a folder that is not empty"
    )
    add_reading(verb)


def run(args: argparse.Namespace) -> None:
    """Write the tables.

    Args:
        args: What the command line gave.
    """
    from autopilot_analysis.tables.writing import write_frames
    from autopilot_analysis.timeline import build_timeline

    out = Path(args.out)
    if out.exists() and (not out.is_dir() or (any(out.iterdir()) and not args.force)):
        raise NothingToWrite.taken(out, f"name a folder that is new or empty, or add {Option.FORCE}")
    tables, trace, found = load(args.export, args.names, privacy=args.privacy, zone=args.zone)
    timeline = build_timeline(tables, trace, found)
    frames = {**tables.frames(), **trace.frames(), **found.frames(), "timeline": timeline}
    write_frames(frames, out, args.format)
    print(one_line(f"{len(frames)} tables in {out}"))
