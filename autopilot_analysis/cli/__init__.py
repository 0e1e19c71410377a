"""The command line: one entry, one module a verb; a verb imports its rooms when it runs."""

from autopilot_analysis.cli.entry import build_parser, main

__all__ = ["build_parser", "main"]
