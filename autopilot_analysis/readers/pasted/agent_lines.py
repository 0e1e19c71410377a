"""Lines of the Intune agent in a text that somebody pasted, beside whatever else stands in it."""

from __future__ import annotations

from contextlib import suppress

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.facts.agent_lines import apart_from_agent_lines
from autopilot_analysis.readers.beside import Read, joined
from autopilot_analysis.readers.reading import Reading
from autopilot_analysis.readers.text import written_lines
from autopilot_analysis.readers.text_logs.cmtrace import read_agent_log


def with_agent_lines(read: Read) -> Read:
    """Return a reader that reads lines of the agent apart: neither takes a line of the other.

    Args:
        read: The reader of what the text is.
    """

    def read_both(content: bytes, member: str = "") -> Reading:
        parts = apart_from_agent_lines("\n".join(written_lines(content)))
        if parts is None:
            return read(content, member)
        rest = read(parts.rest.encode(), member)
        with suppress(NotThisFormat):  # none of them says anything that is known
            return joined([rest, read_agent_log(parts.agent.encode(), member)])
        return rest

    return read_both
