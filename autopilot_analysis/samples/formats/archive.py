"""ZIP archives that come out the same for the same content."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

FIXED = datetime(2026, 1, 1)  # noqa: DTZ001 - archives hold local time without a zone
"""When every member of an archive or a cabinet was last changed."""


def write_archive(files: Mapping[str, bytes], *, modified: datetime = FIXED) -> bytes:
    """Return a ZIP archive that holds `files` in the order given.

    Args:
        files: Content under each member's name, "/" between folders.
        modified: Local time that every member carries.
    """
    out = BytesIO()
    with ZipFile(out, "w") as archive:
        for name, content in files.items():
            info = ZipInfo(name, modified.timetuple()[:6])
            info.compress_type, info.create_system = ZIP_DEFLATED, 0
            archive.writestr(info, content, compresslevel=9)
    return out.getvalue()
