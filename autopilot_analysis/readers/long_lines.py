"""Lines no program writes: a text of hundreds of megabytes without a line end is cut before it is read."""

from __future__ import annotations

from autopilot_analysis.readers.reading import Unread

LONGEST_LINE = 16 * 2**20
"""Bytes of a line that are read; the longest line of a genuine log or registry dump has about a hundredth."""


def shorten_lines(content: bytes, longest: int = LONGEST_LINE) -> tuple[bytes, tuple[Unread, ...]]:
    """Return the text with every line beyond `longest` bytes cut there, and a gap that says how many were.

    What is short enough is returned as it is, at the cost of one look every `longest` bytes.

    Args:
        content: A text file in UTF-8, UTF-16 or a code page; a cut leaves pairs of bytes whole.
        longest: Bytes of a line that are kept.
    """
    start, kept, cut = 0, [], []
    at = 0
    while len(content) - at > longest:
        feed = content.rfind(b"\n", at, at + longest + 1)
        if feed >= 0:
            at = feed + 1
            continue
        end = content.find(b"\n", at + longest)
        end = len(content) if end < 0 else end
        stop = at + longest - (end - at - longest) % 2
        kept.append(content[start:stop])
        cut.append(at)
        start = at = end
    if not cut:
        return content, ()
    first = content.count(b"\n", 0, cut[0]) + 1
    lines = "1 line is" if len(cut) == 1 else f"{len(cut):,} lines are"
    reason = f"{lines} longer than {longest / 2**20:g} MiB: what stands behind that is left out"
    return b"".join((*kept, content[start:])), (Unread(reason, record=first, count=len(cut)),)
