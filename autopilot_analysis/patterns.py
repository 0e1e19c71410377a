"""Regular expressions that are compiled when they are first used.

Most know a form of text that an export does not hold: to compile them all as modules load would take longer
than to read a small export's texts.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import Any, cast


class Late:
    """A regular expression in whose place the compiled one answers.

    Args:
        pattern: As `re.compile` takes it.
        flags: As `re.compile` takes them.
    """

    def __init__(self, pattern: str, flags: int = 0) -> None:
        self._given = pattern, flags

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(*self._given)

    def __getattr__(self, name: str) -> Any:
        """Return what the compiled one has by this name, and keep it for the next use."""
        answer = getattr(self._compiled, name)
        setattr(self, name, answer)
        return answer


def late(pattern: str, flags: int = 0) -> re.Pattern[str]:
    r"""Return a regular expression that is compiled when it is first used.

    Args:
        pattern: As `re.compile` takes it.
        flags: As `re.compile` takes them.

    Raises:
        re.error: At its first use, where the pattern is none.

    Example:
        >>> late(r"\d+").findall("2 of 30")
        ['2', '30']
    """
    return cast("re.Pattern[str]", Late(pattern, flags))
