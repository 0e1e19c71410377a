"""`timeline`: all that a device did on one line of time, for other tools."""

from __future__ import annotations

import argparse

from autopilot_analysis.cli.options import add_export, add_reading, column_place
from autopilot_analysis.defaults import Option
from autopilot_analysis.errors import NothingToWrite
from autopilot_analysis.formats import CSV, PERFETTO, TIMELINE_ENDINGS, TIMESKETCH
from autopilot_analysis.progress import show_progress
from autopilot_analysis.quoting import one_line
from autopilot_analysis.wording import NO_INSTANT, RECORDS_AND_SPANS

HELP = "write all a device did on one line of time, for Timesketch, Perfetto or a spreadsheet"


def add_options(verb: argparse.ArgumentParser) -> None:
    """Give the verb its arguments.

    Args:
        verb: The parser of this verb.
    """
    add_export(verb)
    verb.add_argument("out", type=column_place, metavar="OUT", help="the file to write")
    verb.add_argument(
        Option.FORMAT,
        dest="format",
        choices=tuple(TIMELINE_ENDINGS),
        default=next(iter(TIMELINE_ENDINGS)),
        help=f"{TIMESKETCH} (JSON lines), {PERFETTO} (Chrome trace) or {CSV} (default: %(default)s)",
    )
    verb.add_argument("--device", default="", metavar="NAME", help="key, serial or name of one device")
    verb.add_argument(
        Option.FORCE, dest="force", action="store_true", help="replace a file that is there already"
    )
    add_reading(verb)


def run(args: argparse.Namespace) -> None:
    """Write the timeline.

    Args:
        args: What the command line gave.
    """
    from autopilot_analysis.fleet.dataset.story import load_story
    from autopilot_analysis.timeline import build_timeline, write_timeline
    from autopilot_analysis.timeline.writing import choose_file

    choose_file(args.out, args.format, overwrite=args.force)
    with show_progress("members") as show:
        story = load_story(
            args.export, device=args.device, names=args.names, privacy=args.privacy, progress=show
        )
    timeline = build_timeline(*story)
    undated = timeline["at"].null_count()
    placed, fate = (
        (timeline.height, "stand at its end")
        if args.format == "csv"
        else (timeline.height - undated, "are left out")
    )
    if not placed:
        raise NothingToWrite(f"{args.export} holds no record that a timeline could show")
    out = write_timeline(timeline, args.out, args.format, overwrite=args.force)
    print(one_line(f"{placed:,} {RECORDS_AND_SPANS} in {out}"))
    if undated:
        print(f"{undated:,} {NO_INSTANT} {fate}")
