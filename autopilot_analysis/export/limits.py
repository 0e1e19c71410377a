"""How much room an export may take, so that a small hostile archive cannot fill memory or disk."""

from __future__ import annotations

from dataclasses import dataclass

from autopilot_analysis.errors import LimitExceeded

MIB = 1 << 20
ENTRY_BYTES = 512
"""An archive lists a file in 16 to 46 bytes and its name; many times that for each allowed file is a bomb."""


@dataclass(frozen=True)
class Limits:
    """What an export may cost; every value may be raised by the analyst who trusts the file.

    Genuine LZX cabinets of sparse event logs reach a ratio of about 40; a bomb starts near 700.
    """

    member_bytes: int = 512 * MIB
    """Unpacked bytes of one member, which is also the most that reading one member may hold in memory."""
    total_bytes: int = 4096 * MIB
    """Unpacked bytes of all members that lie in archives, together."""
    members: int = 20_000
    """Files in all, those in nested archives included."""
    depth: int = 4
    """Archives inside one another: 1 opens the outermost only."""
    ratio: float = 200.0
    """Unpacked bytes for one packed byte."""
    ratio_floor: int = 16 * MIB
    """Below this unpacked size of one member the ratio is not looked at."""
    total_floor: int = 256 * MIB
    """Below this unpacked size of one archive its ratio as a whole is not looked at."""


class Budget:
    """What is left of the limits while one export is being opened."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.members_left = limits.members
        self.bytes_left = limits.total_bytes
        self._listing_left = limits.members * ENTRY_BYTES

    def take_member(self) -> None:
        """Count one file.

        Raises:
            LimitExceeded: The export holds more files than the limits allow.
        """
        if self.members_left <= 0:
            raise LimitExceeded.over(f"more than {self.limits.members:,} files in one export", "members")
        self.members_left -= 1

    def take_listing(self, size: int) -> None:
        """Count the bytes in which one archive lists its files; all archives of an export share them.

        Args:
            size: Of its directory.

        Raises:
            LimitExceeded: The lists are far longer than the allowed number of files needs.
        """
        if size > self._listing_left:
            raise LimitExceeded.over(f"lists more files than {self.limits.members:,}", "members")
        self._listing_left -= size

    def check_size(self, size: int) -> None:
        """Refuse a file too large to be read at once.

        Raises:
            LimitExceeded: The file is larger than one member may be.
        """
        if size > self.limits.member_bytes:
            most = self.limits.member_bytes
            raise LimitExceeded.over(f"unpacks to {size:,} bytes, more than {most:,}", "member_bytes")

    def check_ratio(self, size: int, packed: int, *, whole: bool = False) -> None:
        """Refuse what unpacks to far more than it takes packed.

        Args:
            size: Unpacked bytes.
            packed: Packed bytes.
            whole: Whether both are of an archive as a whole, whose entries may share their packed bytes.

        Raises:
            LimitExceeded: The ratio is that of a bomb.
        """
        floor = self.limits.total_floor if whole else self.limits.ratio_floor
        if size > floor and size > self.limits.ratio * max(packed, 1):
            ratio = size / max(packed, 1)
            raise LimitExceeded.over(f"unpacks {ratio:,.0f} times larger, to {size:,} bytes", "ratio")

    def take_bytes(self, size: int) -> None:
        """Count unpacked bytes.

        Raises:
            LimitExceeded: The export unpacks to more than the limits allow.
        """
        if size > self.bytes_left:
            most = self.limits.total_bytes
            raise LimitExceeded.over(f"the export unpacks to more than {most:,} bytes", "total_bytes")
        self.bytes_left -= size
