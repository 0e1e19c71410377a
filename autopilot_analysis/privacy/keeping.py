"""Keys from files, keys for one time, and the ways back that lie in the user's profile."""

from __future__ import annotations

import re
import secrets
from pathlib import Path

import polars as pl

from autopilot_analysis.defaults import LEAST_KEY, MOST_KEY
from autopilot_analysis.errors import BadInput, UnknownName
from autopilot_analysis.privacy.pseudonyms import KEY_BYTES, profile_folder

WAYS_BACK = "shared"
"""The folder of the ways back, within the profile's."""


def fresh_key() -> bytes:
    """Return a key for one time: nothing shared with it can be joined to anything shared before or after."""
    return secrets.token_bytes(KEY_BYTES)


def read_key(file: str | Path) -> bytes:
    """Return the key that a file holds, so that several people can give the same names.

    Args:
        file: LEAST_KEY to MOST_KEY random bytes, as they are or as hex.

    Raises:
        BadInput: The file cannot be read, or holds fewer or more.
    """
    place = Path(file).expanduser()
    try:
        content = place.read_bytes()
    except OSError as error:
        raise BadInput.unread(place, error, "name a file with a key") from error
    spelt = content.strip()
    in_hex = re.fullmatch(rb"[0-9a-fA-F]+", spelt) and len(spelt) in range(2 * LEAST_KEY, 2 * MOST_KEY + 1, 2)
    key = bytes.fromhex(spelt.decode()) if in_hex else content
    if not LEAST_KEY <= len(key) <= MOST_KEY:
        raise BadInput(
            f"{place} holds {len(key)} bytes; a key is {LEAST_KEY} to {MOST_KEY} random bytes, "
            "as they are or as hex"
        )
    return key


def list_ways_back() -> pl.DataFrame:
    """Return the ways back in this profile: name, names (how many originals), written_at; oldest first."""
    files = sorted((profile_folder() / WAYS_BACK).glob("*.parquet"), key=lambda file: file.stat().st_mtime)
    rows = [
        (
            file.stem,
            pl.scan_parquet(file, glob=False).select(pl.len()).collect().item(),
            int(file.stat().st_mtime),
        )
        for file in files
    ]
    frame = pl.DataFrame(rows, schema=["name", "names", "written_at"], orient="row")
    return frame.select(
        pl.col("name").cast(pl.String),
        pl.col("names").cast(pl.Int64),
        pl.from_epoch(pl.col("written_at").cast(pl.Int64)).dt.replace_time_zone("UTC"),
    )


def delete_ways_back(name: str) -> list[str]:
    """Delete one way back, or all; what was shared stays as it is and nobody can undo its pseudonyms.

    Args:
        name: As `list_ways_back` says it, or "all".

    Returns:
        The names of those that are gone.

    Raises:
        UnknownName: None is called so.
    """
    known = list_ways_back()["name"].to_list()
    if name != "all" and name not in known:
        raise UnknownName.among("way back", name, known)
    gone = known if name == "all" else [name]
    for each in gone:
        (profile_folder() / WAYS_BACK / f"{each}.parquet").unlink(missing_ok=True)
    return gone
