"""Every exception this package raises on purpose; each message says what was found, where, and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import Self

AS_CSV = "write it as a UTF-8 CSV"
PASS_FOLDER = "and pass the folder"
CALL_AGAIN = "make the same call again"
CHECK_PATH = "check the path"
CHOOSE_NAME = "choose another name"
EXPORT_AGAIN = "export it again"
NOTHING_LEFT = "nothing was left"
NO_TEXT = "holds bytes that are no text"


class AnalysisError(Exception):
    """The base of every error raised on purpose; the command line prints it as one line, status `REFUSED`."""

    @classmethod
    def missing(cls, place: object, then: str = CHECK_PATH) -> Self:
        """Build the error for a file or folder to read that is not there.

        Args:
            place: Where it should be.
            then: What to do.
        """
        return cls(f"{place} does not exist; {then}")

    @classmethod
    def unread(cls, place: object, error: Exception, then: str) -> Self:
        """Build the error for a file or folder that is there and cannot be read.

        Args:
            place: Where it is.
            error: What the system, or Python, says.
            then: What to do.
        """
        return cls(f"{place} cannot be read: {reason_of(error)}; {then}")

    def _render_traceback_(self) -> list[str]:
        """Return what a notebook shows, as IPython asks of an exception: the words, and no frames of code."""
        return [f"{type(self).__name__}: {self}"]


class NotAnExport(AnalysisError):
    """Raised when a path holds nothing this package can open."""

    @classmethod
    def unnamed(cls) -> NotAnExport:
        """Build the error for an empty name, which Python would take for the current folder."""
        return cls("no export was named; name a folder, ZIP, CAB, single file or dataset")


class LimitExceeded(AnalysisError):
    """Raised when an archive asks for more room, members or depth than the limits allow."""

    @classmethod
    def over(cls, what: str, limit: str) -> LimitExceeded:
        """Build the error for one of the limits; only whoever trusts a file raises it, and in code alone.

        Args:
            what: What was found.
            limit: The limit, a field of `Limits`.
        """
        return cls(f"{what}; raise Limits.{limit} in Python (open_export, ingest) where you trust it")


class UnsafeName(AnalysisError):
    """Raised when an archive member's name would leave its folder or names a device."""


class DuplicateName(AnalysisError):
    """Raised when two members of one archive carry the same name."""


class DamagedArchive(AnalysisError):
    """Raised when an archive, or one member of it, cannot be unpacked."""


class Encrypted(AnalysisError):
    """Raised when an archive member can only be unpacked with a password."""


class Unsupported(AnalysisError):
    """Raised when an archive is whole but packed in a way this package does not unpack."""


class UnreadWorkbook(Unsupported):
    """A workbook in a form of which no sheet is read: one from before Excel 2007, or behind a password."""


class NotThisFormat(AnalysisError):
    """Raised by a reader whose input is not the format it reads; the member becomes a gap."""

    @classmethod
    def of(cls, member: str, why: str) -> NotThisFormat:
        """Build the error for a member of an export.

        Args:
            member: Its name; empty where it has none.
            why: What is not as the format has it, to be read behind that name.
        """
        return cls(f"{member or 'the file'} {why}")

    @classmethod
    def no_line(cls, member: str, log: str) -> NotThisFormat:
        """Build the error for a text that holds no line of a log.

        Args:
            member: Its name; empty where it has none.
            log: What it would be, such as "a setup log".
        """
        return cls.of(member, f"has no line of {log}")

    @classmethod
    def no_events(cls, member: str, nor: str) -> NotThisFormat:
        """Build the error for what holds no events.

        Args:
            member: Its name; empty where it has none.
            nor: What it is not either, beside an event log.
        """
        return cls.of(member, f"is neither an event log nor {nor}.")

    @classmethod
    def document_type(cls, member: str, what: str) -> NotThisFormat:
        """Build the error for XML that declares a document type, which may make others of its parts.

        Args:
            member: Its name; empty where it has none.
            what: What it should be, which declares none.
        """
        return cls.of(member, f"declares a document type; {what} has none.")

    @classmethod
    def other_root(cls, member: str, root: str) -> NotThisFormat:
        """Build the error for XML that is another document.

        Args:
            member: Its name; empty where it has none.
            root: The root element that it lacks.
        """
        return cls.of(member, f"is XML, but its root is no {root} element.")


class BadInput(AnalysisError):
    """Raised when a parameter, a column or a file of the analyst's own cannot be used."""

    @classmethod
    def no_folder(cls, folder: object, place: str = "another place") -> BadInput:
        """Build the error for a folder to write into that is not there.

        Args:
            folder: The folder.
            place: What to choose instead.
        """
        return cls(f"{folder} is not a folder; make it first, or choose {place}")

    @classmethod
    def outside(cls, name: str, value: object, known: Iterable[str]) -> BadInput:
        """Build the error for a parameter that takes only certain words.

        Args:
            name: The parameter.
            value: What it was given.
            known: What it takes.
        """
        return cls(f"{name} is {value!r}; it must be one of {', '.join(known)}")

    @classmethod
    def not_positive(cls, name: str, value: float) -> BadInput:
        """Build the error for a parameter that is zero, negative or no number.

        Args:
            name: The parameter.
            value: What it was given.
        """
        return cls(f"{name} is {value}; it must be above zero")


MOST_KNOWN = 60
FEW_KNOWN = 8
"""So many names are listed where none is near, or the first few and how many more there are."""


class UnknownName(BadInput):
    """Raised when a name is not one of the names that exist."""

    @classmethod
    def among(cls, kind: str, name: str, known: Iterable[str]) -> UnknownName:
        """Build the error with the nearest known names as a hint.

        Args:
            kind: What the name names, such as "notebook" or "column".
            name: The name that was asked for.
            known: The names that exist.
        """
        names = sorted(known)
        near = get_close_matches(name, names, n=3) or _within(name, names)
        hint = f"did you mean {' or '.join(near)}?" if near else f"known: {_listed(names)}."
        return cls(f"no {kind} is called {name!r}; {hint}")

    @classmethod
    def lacking(cls, name: str, known: Sequence[str], source: str) -> UnknownName:
        """Build the error for a frame of another kind than a function takes.

        Args:
            name: The column it lacks.
            known: The columns it has.
            source: What to call for the right one.
        """
        found = ", ".join(known[:8]) + (", …" if len(known) > 8 else "")
        return cls(
            f"no column is called {name!r}; {call_first(source)} (what was given has {found or 'no columns'})"
        )


def call_first(source: str) -> str:
    """Return what to do where a function was given something else: "this takes the answer of …".

    Args:
        source: What to call for the right thing.
    """
    return f"this takes the answer of {source}: call that first"


def _within(name: str, names: Sequence[str]) -> list[str]:
    """Return the first names that a part of one stands for, such as Europe/Berlin for berlin."""
    low = name.strip().lower()
    return [known for known in names if low and low in known.lower()][:3]


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - FEW_KNOWN:,} more" if len(names) > MOST_KNOWN else ""
    return ", ".join(names[:FEW_KNOWN] if more else names) + more


def reason_of(error: Exception) -> str:
    """Return what the system or Python says went wrong, without its number and without the path again.

    Args:
        error: What was raised.
    """
    return (isinstance(error, OSError) and error.strerror) or str(error)


class NotTrusted(BadInput):
    """Raised when code lies with an export, and so may come from whoever made that."""


class NothingToWrite(AnalysisError):
    """Raised when a result would overwrite something that was not made by this command."""

    @classmethod
    def taken(cls, target: object, then: str = "choose the name of a new folder.") -> NothingToWrite:
        """Build the error for a new folder or file that is there already.

        Args:
            target: The folder or file.
            then: What to do.
        """
        return cls(f"{target} is there already; {then}")

    @classmethod
    def refused(cls, target: object, error: OSError) -> NothingToWrite:
        """Build the error for a place that the system lets nobody write to.

        Args:
            target: The place.
            error: What the system says.
        """
        return cls(f"{target} could not be written ({error.strerror}); {NOTHING_LEFT}.")

    @classmethod
    def no_file(cls, folder: object, error: OSError) -> NothingToWrite:
        """Build the error for a folder in which no file can be made.

        Args:
            folder: The folder.
            error: What the system says.
        """
        return cls(f"{folder} takes no file ({error.strerror}); choose another folder.")

    @classmethod
    def no_profile(cls, folder: object, error: OSError) -> NothingToWrite:
        """Build the error for a profile that cannot keep the key and the way back of pseudonyms.

        Args:
            folder: The folder in the user's profile.
            error: What the system says.
        """
        return cls(
            f"the key of the pseudonyms and the way back from them are kept in {folder}, which takes no file "
            f"({error.strerror}); make that folder of your profile writable."
        )


class NotWritten(AnalysisError):
    """Raised when a result cannot be put where it was asked for, or its engine is gone."""


class LeakFound(AnalysisError):
    """Raised when something that was to be hidden can still be found in what was written."""


def how_to_install(extra: str) -> str:
    """Return the command that installs an extra of this package, for an error that says what is missing.

    Args:
        extra: Its name in pyproject.toml.
    """
    return f'python -m pip install "autopilot-analysis[{extra}]"'
