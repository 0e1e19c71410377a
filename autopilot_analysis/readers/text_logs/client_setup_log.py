"""Setup log of the Configuration Manager client -> `log_lines`: whole, or its lines as people paste them."""

from __future__ import annotations

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.readers.installer_logs.own_log import read_own_log
from autopilot_analysis.readers.reading import Reading
from autopilot_analysis.readers.text_logs.cmtrace import read_cmtrace


def read_client_setup_log(content: bytes, member: str = "") -> Reading:
    """Return the records of a CMTrace log; of lines without what it wraps them in, a record each line.

    Args:
        content: The whole file.
        member: Its name, for messages.
    """
    try:
        return read_cmtrace(content, member)
    except NotThisFormat:
        return read_own_log(content, member)
