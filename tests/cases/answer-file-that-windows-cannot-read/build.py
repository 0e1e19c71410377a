"""Setup's logs alone: the answer file of the image stops OOBE before anything else."""

from __future__ import annotations

from pathlib import Path

LINES = (
    ("Info", "[windeploy.exe] ------------------------------------------------"),
    ("Info", "[windeploy.exe] WinDeploy.exe launched with command-line []..."),
    ("Info", "[windeploy.exe] Setup has not completed, adding pending reboot."),
    ("Info", "[oobeldr.exe] OOBELdr.exe launched with command-line [/system]..."),
    ("Info", r"[oobeldr.exe] Running oobeSystem pass with answer file [C:\Windows\Panther\unattend.xml]..."),
    (
        "Error",
        "[SETUPUGC.EXE] Hit an error (hr = 0x8030000b) while deserializing setting [HideOEMRegistrationScreen]",
    ),
    (
        "Error",
        r"[oobeldr.exe] Windows could not parse or process unattend answer file [C:\Windows\Panther\unattend.xml] for pass "
        "[oobeSystem]. The settings specified in the answer file cannot be applied. The error was detected while processing "
        "settings for component [Microsoft-Windows-Shell-Setup].",
    ),
    ("Error", "[oobeldr.exe] Failed to run unattend pass [oobeSystem]; hr = 0x8030000b"),
    ("Info", "[oobeldr.exe] Exiting with code 0x8030000b"),
)


def build(folder: Path) -> Path:
    path = folder / "answer-file-that-windows-cannot-read"
    path.mkdir()
    log = [
        f"2026-04-02 10:{12 + n:02}:{n * 6:02}, {level:<21} {words}" for n, (level, words) in enumerate(LINES)
    ]
    (path / "setupact.log").write_text("\n".join(log) + "\n", newline="\r\n")
    (path / "setuperr.log").write_text(
        "\n".join(line for line in log if ", Error " in line) + "\n", newline="\r\n"
    )
    return path
