"""CMTrace logs (Intune Management Extension, ConfigMgr) -> `log_lines`, one row a record however many lines.

Facts: Microsoft, "CMTrace" and the logs of the Intune Management Extension. `type` is 1 for information, 2
for a warning, 3 for an error. `time` may end in the minutes that lead from local time to UTC.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import polars as pl

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.readers.cmtrace_spans import BEGIN, END, Spans, find_spans, gather
from autopilot_analysis.readers.reading import Reading, Unread
from autopilot_analysis.readers.text import decode
from autopilot_analysis.tables import SCHEMAS

_SCHEMA = {k: v for k, v in SCHEMAS["log_lines"].create_empty().schema.items() if k not in ("device", "member")}
_TRAILER = (
    r'^\s*date="(?P<date>[^"\r\n]{0,32})" component="(?P<component>[^"\r\n]*)" context="[^"\r\n]*"'
    r' type="(?P<type>[^"\r\n]{0,16})" thread="(?P<thread>[^"\r\n]{0,32})" file="[^"\r\n]*">(?P<rest>(?s).*)$'
)
_TIME = r'^(?P<time>\d{1,2}:\d\d:\d\d(?:\.\d{1,6})?)\d{0,3}(?P<bias>[+-]\d{1,4})?"'


def read_cmtrace(content: bytes, member: str = "") -> Reading:
    """Return the records of a CMTrace log, whole or cut short at either end.

    A record torn by a second writer, or by the end of the file, becomes a gap; every whole one is a row.
    `written_at` is what the device's clock showed; `at` is known only where the log writes its time zone.

    Args:
        content: The whole file.
        member: Its name, for the error message.

    Raises:
        NotThisFormat: There is neither a record nor a line that begins with a date.
    """
