"""What a verb and its function have alike, known before anything heavy is imported."""

from __future__ import annotations

REFUSED = 2
"""Exit status of bad input, of a place that cannot be read or written, and where nothing named was taken."""
SEED = 0
"""The seed of samples: the same seed, the same bytes."""
_OPENED = ("folder", "ZIP", "CAB", "single file")
EXPORT = f"{', '.join(_OPENED[:-1])} or {_OPENED[-1]}"
"""What an export may be."""
INPUT = f"{', '.join(_OPENED)} or dataset"
"""What a verb and a notebook read."""
PASTED = (
    "words and codes of error pages, codes behind the step that failed, copied events, output of commands "
    "(dsregcmd /status, Get-Tpm, winget, reg query), objects that PowerShell or Graph show, lines of logs"
)
"""What is read of a text that somebody wrote or pasted."""
WORDS_FILE = "a CSV of words"
"""What `--words` takes, as sentences call it."""
NAME_BOOKS = "CSV id,name, Intune's list of apps, or JSON of Graph"
"""What a name book may be, in the words of options, parameters and advice."""
EXPLAINED = ("failed", "slow", "abandoned")
"""What `explain` and notebook 04 may be asked to explain."""
LEAST_KEY, MOST_KEY = 16, 64
"""How many bytes a key of pseudonyms has at least, and at most: BLAKE2b takes no more."""
THREADS = "POLARS_MAX_THREADS"
"""Read by polars when it is imported; whoever sets it has the last word."""


class Option:
    """Options of the command line that several verbs have, or a sentence elsewhere sends to."""

    ALL = "--all"
    COMPACT = "--compact"
    DEVICES = "--devices"
    FORCE = "--force"
    PDF = "--pdf"
    FORMAT = "--format"
    JSON = "--json"
    NAMES = "--names"
    OUT = "--out"
    PRIVACY = "--privacy"
    TIME_ZONE = "--time-zone"
    TRUST = "--trust"
    WORDS = "--words"
