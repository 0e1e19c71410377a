"""Stable keyed pseudonyms: one original, one name under one key, and no way back without the key."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import sys
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from autopilot_analysis.defaults import LEAST_KEY, MOST_KEY
from autopilot_analysis.errors import BadInput, NothingToWrite
from autopilot_analysis.privacy.words import is_public_host

KEY_BYTES = 32
SIZE = 6
"""Keyed bytes of a pseudonym: two of n originals share one once in 2 ** (8 * SIZE + 1) / n ** 2 keys."""
TWO_WORDS = re.compile(r"\A([^\W\d_]+)[ _]([^\W\d_]+)\Z")
"""A person's name with a blank, which a mail address writes with a dot."""


@dataclass(frozen=True)
class Pseudonyms:
    """Names for originals under one key.

    Attributes:
        key: At least LEAST_KEY random bytes; whoever has it can test guesses, so it stays with the analyst.
    """

    key: bytes

    def __post_init__(self) -> None:
        if len(self.key) < LEAST_KEY:
            raise BadInput(
                f"a key of {len(self.key)} bytes protects nobody; give at least {LEAST_KEY} random bytes."
            )

    def name(self, kind: str, original: str) -> str:
        """Return the pseudonym of one original: its kind and SIZE keyed bytes, as `spelt` says.

        Letter case, Unicode form and surrounding blanks do not matter. A mail address keeps its shape, each
        side of the "@" under its own pseudonym, so that a person is one person with and without the domain.

        Args:
            kind: What it names: user, host, device, serial, tenant, sid, ip …
            original: The original, as it was written.
        """
        local, at, domain = original.strip().rpartition("@")
        if kind == "user" and at and local:
            host = domain.lower() if is_public_host(domain) else self.name("tenant", domain)
            return f"{self.name('user', local)}@{host}"
        plain = unicodedata.normalize("NFC", original.strip()).casefold()
        plain = TWO_WORDS.sub(r"\1.\2", plain) if kind == "user" else plain
        digest = hashlib.blake2b(
            plain.encode("utf-8", "surrogatepass"), key=self.key[:MOST_KEY], digest_size=SIZE
        )
        return spelt(kind, digest.hexdigest())


def spelt(kind: str, digest: str) -> str:
    """Return a pseudonym as it is spelt.

    Args:
        kind: What it names.
        digest: What tells it from others of its kind.

    Example:
        >>> spelt("host", "…")
        'host-…'
    """
    return f"{kind}-{digest}"


def profile_folder() -> Path:
    """Return this package's folder in the user's profile, where keys and ways back stay."""
    home = Path.home()
    if os.name == "nt":
        root = Path(os.environ.get("APPDATA") or home / "AppData" / "Roaming")
    elif sys.platform == "darwin":
        root = home / "Library" / "Application Support"
    else:
        root = Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share")
    return root / "autopilot-analysis"


def default_key(*, create: bool = True) -> bytes:
    """Return the key in the user's profile, making it at first use, readable by its owner only.

    Args:
        create: Whether to make one when there is none.

    Raises:
        BadInput: There is no key and none was to be made, or the file is not a key.
        NothingToWrite: The profile takes no file.
    """
    place = profile_folder() / "pseudonyms.key"
    if not place.exists():
        if not create:
            raise BadInput.missing(place, "share something first, or give a key.")
        write_private(place, secrets.token_bytes(KEY_BYTES), replace=False)
    key = place.read_bytes()
    if len(key) != KEY_BYTES:
        raise BadInput(
            f"{place} holds {len(key)} bytes, not a key of {KEY_BYTES}; remove it to get a new one."
        )
    return key


def write_private(place: Path, content: bytes, *, replace: bool) -> None:
    """Write a file that only its owner can read; an existing one stays unless `replace` is set.

    Raises:
        NothingToWrite: The folder, which is one of the user's profile, takes no file.
    """
    part = place.with_name(f".{place.name}.{secrets.token_hex(6)}.part")
    try:
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    except OSError as error:
        raise NothingToWrite.no_profile(place.parent, error) from error
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        if replace or not place.exists():
            part.replace(place)
    finally:
        part.unlink(missing_ok=True)
