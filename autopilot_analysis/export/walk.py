"""Every file of what was handed in, in archives inside archives too: found, or refused with a reason."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path

import msgspec

from autopilot_analysis import windows
from autopilot_analysis.errors import (
    PASS_FOLDER,
    AnalysisError,
    DamagedArchive,
    DuplicateName,
    Encrypted,
    LimitExceeded,
    UnreadWorkbook,
    UnsafeName,
    Unsupported,
)
from autopilot_analysis.export.archive import Entry, zip_entries, zip_names
from autopilot_analysis.export.cabinet.cabinet import cabinet_entries
from autopilot_analysis.export.content import Content, LooseFile
from autopilot_analysis.export.export import NotRead, State
from autopilot_analysis.export.limits import Budget, Limits
from autopilot_analysis.export.magic import HEAD, foreign, kinds_of, text_of
from autopilot_analysis.export.names import printable, safe_name, same_name
from autopilot_analysis.export.sources import Source, classify
from autopilot_analysis.export.workbook import is_workbook, other_workbook, workbook_entries
from autopilot_analysis.export.workspace import Workspace

ARCHIVES = frozenset({"zip", "cab"})

OF_A_DEVICE = frozenset({"cmtrace", "reg", "registry_dump", "hive"})
"""Kinds of files that people only copy."""

ADVICE: dict[type[AnalysisError], str] = {
    LimitExceeded: "if the file is trusted, open the export with larger Limits",
    Encrypted: f"unpack it with its password {PASS_FOLDER}",
    Unsupported: f"unpack it with another tool {PASS_FOLDER}",
    DuplicateName: "unpack both by hand when both matter",
    DamagedArchive: "copy or download the export again",
}
"""What to do about what cannot be read, of one member in its gap and of an export that is all so.

The reason of an `UnreadWorkbook` says it itself.
"""


class Found(msgspec.Struct, frozen=True):
    """One file that can be read, with what its name and first bytes say."""

    path: str
    archives: tuple[str, ...]
    content: Content
    kinds: frozenset[str]
    source: Source | None

    @property
    def by_the_device(self) -> bool:
        """Whether nobody but a device writes such a file: an event log, an agent's log, a registry."""
        return self.kinds == {"evtx"} or not self.kinds.isdisjoint(OF_A_DEVICE)


def as_named(found: Iterable[Found]) -> list[Found]:
    """Return files under the source of their names where they lie among what a device wrote itself.

    Args:
        found: Every file of the export that can be read.
    """
    files = list(found)
    if not any(file.by_the_device for file in files):
        return files
    return [_as_named(file) for file in files]


def _as_named(file: Found) -> Found:
    """Return a text under the source of its name, if that is enough to know it by."""
    if "text" not in file.kinds or file.content.size > HEAD:
        return file
    source = classify(file.path.rpartition("/")[2], file.kinds, text_of(file.content.head()))
    if source is None or not source.by_name_alone:
        return file
    return msgspec.structs.replace(file, source=source)


class Walk:
    """One pass over an export; `found` and `gaps` fill as it goes."""

    def __init__(self, limits: Limits) -> None:
        self.workspace = Workspace()
        self.found: list[Found] = []
        self.gaps: list[NotRead] = []
        self._budget = Budget(limits)
        self._visited: set[str] = set()
        self._outer = False

    def folder(self, root: Path) -> None:
        """Add every file below a folder; links are not followed."""
        root = Path(windows.extended(str(root.absolute()))) if windows.HERE else root
        for path, problem in _files_below(root):
            name = printable(path.relative_to(root).as_posix().replace("\\", "/"))
            try:
                if problem is not None:
                    raise problem
                if path.is_symlink():
                    raise UnsafeName("is a symbolic link, which is not followed")
                if not path.is_file():
                    raise Unsupported("is no regular file")
                self._budget.take_member()
                self.add(name, LooseFile(path.stat().st_size, path), ())
            except LimitExceeded as error:
                self._refuse(name, error)
                if self._budget.members_left <= 0:
                    return
            except (AnalysisError, OSError) as error:
                self._refuse(name, error)

    def add(self, path: str, content: Content, archives: tuple[str, ...]) -> None:
        """Add one file, or what lies in it when it is an archive.

        Args:
            path: Its path inside the export.
            content: Its bytes.
            archives: Paths of the archives it lies in, outermost first.

        Raises:
            AnalysisError: It is not read, and why.
        """
        head = content.head()
        if words := other_workbook(path, head):
            raise UnreadWorkbook(words)
        kinds, text = kinds_of(head), text_of(head)
        source = classify(path.rpartition("/")[2], kinds, text, by_name=content.size > HEAD)
        if kinds & ARCHIVES and source is None:
            self.archive(path, content, kinds, archives)
            return
        self._budget.check_size(content.size)
        if source is None and (words := foreign(head)):
            raise Unsupported(f"is {words}, which is not unpacked here")
        self.found.append(Found(path, archives, content, kinds, source))

    def archive(self, path: str, content: Content, kinds: frozenset[str], archives: tuple[str, ...]) -> None:
        """Add every file of an archive.

        Raises:
            AnalysisError: The archive as a whole is not read, and why.
        """
        if len(archives) + self._outer >= self._budget.limits.depth:
            raise LimitExceeded.over(f"lies {len(archives) + self._outer} archives deep", "depth")
        self._outer = self._outer or path == ""
        if not isinstance(content, LooseFile):
            self._budget.check_size(content.size)
        on_disk = content.on_disk(self.workspace)
        listing: Callable[[Path, Workspace, Budget], Iterator[Entry]] = partial(zip_entries, counted=True)
        if "cab" in kinds:
            listing = partial(cabinet_entries, note=lambda error: self._note(path or on_disk.name, error))
        elif is_workbook(zip_names(on_disk, self.workspace, self._budget)):
            listing = workbook_entries
        entry, left, packed = None, self._budget.bytes_left, 0
        for entry in listing(on_disk, self.workspace, self._budget):
            if self._budget.members_left <= 0:
                error = LimitExceeded.over(f"more than {self._budget.limits.members:,} files", "members")
                self._refuse(path or _shown(entry.name), error)
                return
            self._entry(path, entry, archives if path == "" else (*archives, path))
            packed += entry.packed
            try:
                taken = left - self._budget.bytes_left
                self._budget.check_ratio(taken, min(packed, content.size), whole=True)
            except LimitExceeded as error:
                self._refuse(path or _shown(entry.name), error)
                return
        if entry is None and path:
            raise DamagedArchive("is an archive without files")

    def _entry(self, archive: str, entry: Entry, archives: tuple[str, ...]) -> None:
        """Add one file of an archive, or the reason why it is not read."""
        shown = f"{archive}/{_shown(entry.name)}".lstrip("/")
        try:
            self._budget.take_member()
            shown = f"{archive}/{safe_name(entry.name)}".lstrip("/")
            if entry.refused is not None:
                raise entry.refused
            if (key := same_name(shown)) in self._visited:
                raise DuplicateName("another file of the same name lies in the archive; the first is read")
            self._visited.add(key)
            self._budget.check_ratio(entry.content.size, entry.packed)
            self._budget.take_bytes(entry.content.size)
            self.add(shown, entry.content, archives)
        except (AnalysisError, OSError) as error:
            self._refuse(shown, error)

    def _note(self, path: str, error: AnalysisError) -> None:
        """Keep what went wrong with an archive all of whose files were read nevertheless."""
        advice = "nothing is lost; whoever made the file may have meant harm"
        self.gaps.append(NotRead(path, str(error), 0, advice, None, type(error)))

    def _refuse(self, path: str, error: Exception) -> None:
        """Keep the reason why a file is not read."""
        kind = type(error) if isinstance(error, AnalysisError) else DamagedArchive
        reason = str(error) if isinstance(error, AnalysisError) else f"cannot be read: {_words(error)}"
        state: State | None = "damaged" if kind is DamagedArchive else "not_read"
        if kind is DuplicateName:
            state = None
        self.gaps.append(NotRead(path, reason, None, ADVICE.get(kind), state, kind))


def _words(error: Exception) -> str:
    """Return what the operating system says, without the path."""
    return (error.strerror if isinstance(error, OSError) else None) or str(error) or type(error).__name__


def _shown(name: str) -> str:
    """Return an unsafe name as it may be shown: one line, no more than 200 characters."""
    plain = "".join(letter if letter.isprintable() else "�" for letter in name.replace("\\", "/"))
    return plain[:200]


def _files_below(root: Path) -> Iterator[tuple[Path, OSError | None]]:
    """Yield every file below a folder, by name, without following links, however deep it is.

    A folder that may not be listed comes with what the system says of it.
    """
    waiting = [str(root)]
    while waiting:
        here = waiting.pop()
        try:
            with os.scandir(here) as listing:
                entries = sorted(listing, key=lambda entry: entry.name)
        except OSError as error:
            yield Path(here), error
            continue
        folders = [entry.path for entry in entries if entry.is_dir(follow_symlinks=False)]
        waiting.extend(reversed(folders))
        below = frozenset(folders)
        yield from ((Path(entry.path), None) for entry in entries if entry.path not in below)
