"""How a dataset lies on disk, and what it writes down of each export: the manifest.

`Layout` has every path, docs/scale.md a table of them. The folder of an export appears whole or not at all.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import msgspec

from autopilot_analysis.errors import NO_TEXT, BadInput
from autopilot_analysis.export.marker import MARKER, is_dataset

INGEST_AGAIN, UPDATE = "ingest the exports again into a new folder", "update this package"
SCHEMA_VERSION = 1
"""Raised when a table loses a column or a column changes its meaning; a column more is no new version."""
MANIFEST = "manifest.json"
"""What is written down of an export or a pack, in its folder; a folder without it is none."""
EXPORTS, PACKS, SET_ASIDE, WORK = "exports", "packs", "set_aside", "work"
"""Folders of a dataset."""
LOG = "ingest.log"
HASH = re.compile(r"[0-9a-f]{64}")
"""How an export is called; whatever else a manifest calls one would lead out of the dataset."""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """The manifest of one export: written last, inside the folder that then appears."""

    export: str
    """SHA-256 of its content: the same whatever it is called."""
    name: str
    place: str
    """Where it was read from, as it was passed."""
    look: str
    """Size and time of change at that place; equal again means it need not be read to know it."""
    bytes: int
    devices: list[str]
    tables: dict[str, int]
    """Rows of each table."""
    gaps: int
    seconds: float
    run: str
    """Which call of `ingest` wrote it."""
    schema_version: int
    package_version: str
    finished_at: datetime
    shape: str = ""
    """Digest of the tables and columns it was read into; older versions wrote none."""
    seal: str = ""
    """Digest of all else here, put on when it is written; older versions wrote none."""


class SetAside(msgspec.Struct, frozen=True, kw_only=True):
    """One export that could not be read, and why; remove the file to have it tried again."""

    name: str
    place: str
    look: str
    reason: str
    error: str
    package_version: str
    at: datetime
    export: str | None = None
    """Hash of its content; null when not even that could be read."""


class Pack(msgspec.Struct, frozen=True, kw_only=True):
    """Exports whose tables were merged into few files."""

    pack: str
    replaces: list[str]
    """Packs whose exports are all in this one too."""
    exports: list[Entry]
    seal: str = ""
    """Digest of all else here, put on when it is written; older versions wrote none."""


class Marker(msgspec.Struct, frozen=True, kw_only=True):
    """What makes a folder a dataset."""

    schema_version: int
    made_by: str


@dataclass(frozen=True)
class Layout:
    """Where things lie in a dataset."""

    root: Path

    @property
    def marker(self) -> Path:
        """The file that makes a folder a dataset."""
        return self.root / MARKER

    @property
    def work(self) -> Path:
        """Where things are written before they appear."""
        return self.root / WORK

    @property
    def exports(self) -> Path:
        """Where exports lie, each in a folder named by its content."""
        return self.root / EXPORTS

    @property
    def packs(self) -> Path:
        """Where merged exports lie."""
        return self.root / PACKS

    @property
    def set_aside(self) -> Path:
        """Where unreadable exports are written down."""
        return self.root / SET_ASIDE

    @property
    def log(self) -> Path:
        """The log of every ingest."""
        return self.root / LOG

    def export(self, content: str) -> Path:
        """Return the folder of an export.

        Args:
            content: Its hash.
        """
        return self.exports / content[:2] / content


Written = TypeVar("Written", bound=msgspec.Struct)


def write_beside(path: Path, written: msgspec.Struct) -> None:
    """Write a small JSON file so that it is there whole or not at all.

    Args:
        path: Where it is to stand; a file there is replaced.
        written: What it says.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{uuid.uuid4().hex}.partial")
    partial.write_bytes(msgspec.json.format(msgspec.json.encode(_sealed(written))) + b"\n")
    partial.replace(path)


def _sealed(written: Written) -> Written:
    """Return what is to be written with its seal, where it has one."""
    if not hasattr(written, "seal"):
        return written
    rest = msgspec.json.encode(msgspec.structs.replace(written, seal=""))
    return msgspec.structs.replace(written, seal=hashlib.sha256(rest).hexdigest()[:16])


def read_written(path: Path, kind: type[Written]) -> Written | None:
    """Return what a JSON file of a dataset says; None when it is gone, was cut by a crash, or was edited.

    Args:
        path: The file; a link or a pipe is none.
        kind: What it is to hold.
    """
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            return None
        written = msgspec.json.decode(path.read_bytes(), type=kind)
    except (OSError, msgspec.MsgspecError):
        return None
    return written if not getattr(written, "seal", "") or written == _sealed(written) else None


def check_version(root: Path) -> None:
    """Refuse a folder that is no dataset, leads elsewhere, or holds tables this version does not know.

    Args:
        root: The dataset.

    Raises:
        BadInput: It is none, holds links, or is of another schema version.
    """
    if not _is_text(root):
        raise BadInput(f"{root} {NO_TEXT}, and its tables could not be opened; rename it")
    if not is_dataset(root):
        raise BadInput(f"{root} is no dataset: it has no {MARKER}; make one with ingest(…, into=…)")
    marker = read_written(root / MARKER, Marker)
    if marker is None:
        raise BadInput(f"{root / MARKER} cannot be read; {INGEST_AGAIN}")
    if marker.schema_version > SCHEMA_VERSION:
        raise BadInput(
            f"{root} holds tables of version {marker.schema_version}, written by {marker.made_by}; "
            f"this package reads version {SCHEMA_VERSION} and before: {UPDATE}"
        )
    _refuse_links(Layout(root))


def _is_text(path: Path) -> bool:
    """Tell whether a path is text throughout; the column engine opens no other."""
    try:
        str(path).encode()
    except UnicodeEncodeError:
        return False
    return True


def _refuse_links(layout: Layout) -> None:
    """Refuse a dataset with a link among its folders: what is written or removed there would be elsewhere."""
    for folder in (layout.root, layout.exports, layout.packs):
        try:
            with os.scandir(folder) as entries:
                links = sorted(entry.path for entry in entries if entry.is_symlink())
        except FileNotFoundError:
            continue
        except OSError as error:
            raise BadInput(f"{folder} cannot be listed: {error.strerror}") from error
        if links:
            raise BadInput(f"{links[0]} is a link, and a dataset holds none; put there what it leads to")


def create_dataset(root: Path, made_by: str) -> Layout:
    """Return the layout of a dataset, made now when the folder is absent or empty.

    Args:
        root: Where it is to lie.
        made_by: Name and version of what makes it.

    Raises:
        BadInput: The folder holds something else, or tables of another version.
    """
    layout = Layout(root)
    if not is_dataset(root) and _is_text(root):
        if root.exists() and (not root.is_dir() or _holds_other(root)):
            raise BadInput(f"{root} is there and is no dataset; name an empty folder or a new one")
        write_beside(layout.marker, Marker(schema_version=SCHEMA_VERSION, made_by=made_by))
    check_version(root)
    return layout


def _holds_other(root: Path) -> bool:
    """Tell whether a folder holds anything but the first file of a dataset being made at this moment."""
    return any(not path.name.startswith((MARKER, f".{MARKER}.")) for path in root.iterdir())


def read_packs(layout: Layout) -> list[Pack]:
    """Return the packs that count: those no other pack replaces, oldest first.

    Args:
        layout: Of the dataset.

    Raises:
        BadInput: One cannot be read, names a place outside the dataset, or is of a newer version.
    """
    packs = []
    for path in sorted(layout.packs.glob(f"*/{MANIFEST}")):
        pack = read_written(path, Pack)
        if pack is None:
            raise BadInput(f"{path} is cut, or was edited since ingest wrote it; {INGEST_AGAIN}")
        if max((entry.schema_version for entry in pack.exports), default=0) > SCHEMA_VERSION:
            raise BadInput(f"{path} tells of tables of a newer version; {UPDATE}")
        if pack.pack != path.parent.name or not all(HASH.fullmatch(entry.export) for entry in pack.exports):
            raise BadInput(f"{path} does not tell of its own folder; {INGEST_AGAIN}")
        packs.append(pack)
    replaced = {name for pack in packs for name in pack.replaces}
    return [pack for pack in packs if pack.pack not in replaced]


def list_folders(layout: Layout) -> list[Path]:
    """Return the folder of every export, in the order of their hashes; none of them is opened.

    Args:
        layout: Of the dataset.
    """
    try:
        starts = sorted(start.path for start in os.scandir(layout.exports) if start.is_dir())
    except FileNotFoundError:
        return []
    names = ((start, name) for start in starts for name in sorted(os.listdir(start)))  # noqa: PTH208  # fast
    return [Path(start, name) for start, name in names if HASH.fullmatch(name)]


def read_folders(layout: Layout, folders: Iterable[Path] | None = None) -> Iterator[Entry]:
    """Yield the manifest of every export that lies in a folder of its own, in the order of their hashes.

    Args:
        layout: Of the dataset.
        folders: Those of `list_folders` that are to be read; None for all.
    """
    for folder in list_folders(layout) if folders is None else folders:
        entry = read_written(folder / MANIFEST, Entry)
        if entry is None or entry.export != folder.name or entry.schema_version > SCHEMA_VERSION:
            continue
        yield entry


def read_set_aside(layout: Layout) -> dict[Path, SetAside]:
    """Return what was set aside, by the file that says so.

    Args:
        layout: Of the dataset.
    """
    found = {path: read_written(path, SetAside) for path in sorted(layout.set_aside.glob("*.json"))}
    return {path: aside for path, aside in found.items() if aside is not None}


def log_line(layout: Layout, run: str, words: Mapping[str, object] | str) -> str:
    """Append one line to the log of a dataset, in one write, and return it.

    Args:
        layout: Of the dataset.
        run: Which call of `ingest` says so.
        words: A sentence, or names and values.
    """
    text = words if isinstance(words, str) else "  ".join(f"{k}={v}" for k, v in words.items())
    line = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}  {run}  {_one_line(text)}"
    with layout.log.open("ab") as file:
        file.write(line.encode("utf-8", "backslashreplace") + b"\n")
    return line


def entry_columns(entries: Iterable[Entry]) -> dict[str, list[object]]:
    """Return manifest entries as columns, in the order of their fields.

    Args:
        entries: Manifests.
    """
    listed = list(entries)
    names = [name for name in Entry.__struct_fields__ if name != "tables"]
    columns: dict[str, list[object]] = {name: [getattr(e, name) for e in listed] for name in names}
    columns["rows"] = [sum(entry.tables.values()) for entry in listed]
    return columns


def _one_line(text: str) -> str:
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
