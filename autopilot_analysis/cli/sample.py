"""`sample`: make-believe exports in the real formats."""

from __future__ import annotations

import argparse
from pathlib import Path

from autopilot_analysis.cli.options import column_place
from autopilot_analysis.defaults import SEED, Option
from autopilot_analysis.quoting import one_line

MOST_LISTED = 20
"""Exports named one by one."""

HELP = "write make-believe exports in the real formats, with the truth beside them"


def add_options(verb: argparse.ArgumentParser) -> None:
    """Give the verb its arguments.

    Args:
        verb: The parser of this verb.
    """
    verb.add_argument("out", type=column_place, metavar="OUT", help="folder for the exports")
    verb.add_argument(
        Option.DEVICES,
        dest="devices",
        type=int,
        default=1,
        metavar="N",
        help="how many devices (default: %(default)s)",
    )
    verb.add_argument(
        "--incident", metavar="NAME", help="plant one incident or scenario; an unknown name lists them"
    )
    verb.add_argument(
        "--seed", type=int, default=SEED, metavar="N", help="same seed, same bytes (default: %(default)s)"
    )
    verb.add_argument(
        "--graph", action="store_true", help="write beside the captures what Graph saw of the same devices"
    )


def run(args: argparse.Namespace) -> None:
    """Write the samples.

    Args:
        args: What the command line gave.
    """
    from autopilot_analysis.samples import write_samples
    from autopilot_analysis.samples.truth import TRUTH

    written = write_samples(
        Path(args.out), devices=args.devices, incident=args.incident, seed=args.seed, graph=args.graph
    )
    for sample in written[:MOST_LISTED]:
        print(one_line(f"{sample.path}  {sample.scenario}"))
    if len(written) > MOST_LISTED:
        print(f"… {len(written):,} exports in all")
    print(one_line(f"truth in {Path(args.out) / TRUTH}"))
