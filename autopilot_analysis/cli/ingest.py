"""`ingest`: many exports into one dataset."""

from __future__ import annotations

import argparse
import sys
from glob import has_magic
from pathlib import Path

from autopilot_analysis.cli.options import add_reading, named, new_place
from autopilot_analysis.defaults import REFUSED, Option
from autopilot_analysis.errors import CHECK_PATH, BadInput
from autopilot_analysis.progress import show_progress
from autopilot_analysis.quoting import one_line

HELP = "read many exports into a dataset: parallel, resumable, each once by content"


def add_options(verb: argparse.ArgumentParser) -> None:
    """Give the verb its arguments.

    Args:
        verb: The parser of this verb.
    """
    verb.add_argument(
        "exports", nargs="*", type=named, metavar="EXPORT", help="folders, ZIPs, CABs, files or patterns"
    )
    verb.add_argument(
        "--into",
        required=True,
        type=new_place,
        metavar="DATASET",
        help="folder of the dataset; made when new",
    )
    verb.add_argument("--workers", type=int, metavar="N", help="processes (default: by cores and memory)")
    verb.add_argument(
        "--scheduler", metavar="ADDRESS", help="a Dask scheduler such as tcp://host:8786 (extra dask)"
    )
    verb.add_argument(
        Option.COMPACT,
        dest="compact",
        action="store_true",
        help="merge the many small files into few afterwards, or now when no EXPORT is named",
    )
    add_reading(verb)


def run(args: argparse.Namespace) -> int | None:
    """Fill the dataset, and print what was done; return `REFUSED` when no export is in it.

    Args:
        args: What the command line gave.
    """
    from autopilot_analysis.fleet.dataset.ingest import ingest

    if args.privacy:
        raise BadInput(
            "a dataset keeps whose each export is, or none could be told from another; "
            f"add {Option.PRIVACY} to the verb that reads it, or share it"
        )
    if not args.exports and not args.compact:
        raise BadInput(
            f"no export was named; name folders, ZIPs, CABs, files or patterns, or add {Option.COMPACT}"
        )
    if not args.exports:
        _merge(args.into)
        return None
    for path in args.exports:
        if "://" not in path and not has_magic(path) and not Path(path).exists():
            raise BadInput.missing(path, f"{CHECK_PATH}, or name a pattern")
    executor = None
    if args.scheduler:
        from autopilot_analysis.fleet.dataset.run.pool import executor_of

        executor = executor_of("dask", args.scheduler)
    with show_progress("exports") as show:
        summary = ingest(
            args.exports,
            into=args.into,
            workers=args.workers,
            executor=executor,
            progress=show,
            names=args.names,
            words=args.words or "",
            time_zone=args.zone,
        )
    for name, reason in summary.set_aside:
        print(one_line(f"set aside {name}: {reason}"), file=sys.stderr)
    print(one_line(summary))
    if args.compact:
        _merge(args.into)
    return None if summary.taken else REFUSED


def _merge(dataset: str) -> None:
    """Merge what is in a dataset, and print what was done."""
    from autopilot_analysis.fleet.dataset.compact import compact

    with show_progress("exports") as show:
        summary = compact(dataset, progress=show)
    print(one_line(summary))
