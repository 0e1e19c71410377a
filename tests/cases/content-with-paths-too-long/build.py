"""A package whose paths are too long."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_agent import announced, app, loads, looks, report, says
from cases.outside_fifteen import one_text


def build(folder: Path) -> Path:
    m = Machine(
        "content-with-paths-too-long", at(2025, 2, 6, 13, 0), build="22631.4751", zone="Europe/Dublin"
    )
    n = "Design Suite"
    announced(m, 0.3, "Archive Tool", n)
    app(m, 0.5, "Archive Tool")
    looks(m, 3, n)
    loads(m, 3.2, n, 2_410_000_000, minutes=6)
    i = m.id(n)
    says(
        m,
        9.4,
        rf"[Win32App] Unzipping file on session: 0. The file path is C:\Program Files (x86)\Microsoft Intune Management Extension\Content\Staging\{i}_1.zip, target directory is C:\Windows\IMECache\{i}_1",
    )
    says(
        m,
        9.9,
        "[Win32App] UnzipToFolder failed, exception is System.IO.PathTooLongException: The specified path, file name, or both are too long. The fully qualified file name must be less than 260 characters, and the directory name must be less than 248 characters.\n   at System.IO.PathHelper.GetFullPathName()\n   at System.IO.Compression.ZipFileExtensions.ExtractToFile(ZipArchiveEntry source, String destinationFileName, Boolean overwrite)",
        kind=3,
    )
    says(m, 9.91, f"[Win32App] Unzip of content failed for app {i}, error code = -2016214937", kind=3)
    report(m, 9.95, n, 0x87D30067, "Error")
    says(
        m,
        9.96,
        f"[Win32App][EspManager] Updating ESP tracked install status from InProgress to Error for application {i} with name: {n}.",
        "[Win32App][V3Processor] Done processing subgraph.",
    )
    return one_text(m, folder, "AppWorkload")
