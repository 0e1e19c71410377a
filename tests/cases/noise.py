"""What healthy machines write too, and what says nothing about a deployment: a case lays it around its fault.

Counts and codes are those of the pages on genuine files: Store apps at sign-out, Windows' own packages, the
collector's own events, months of ordinary days.
"""

from __future__ import annotations

from cases.building import DAY, HOUR, Device, Hex32
from cases.stages import boot, session, shutdown

PACKAGES = (
    "Power.EnergyEstimationEngine.Control.ppkg",
    "Power.Settings.Battery.ppkg",
    "AMD.Power.Processor.ppkg",
    "Microsoft.Windows.Cosa.Desktop.Client.ppkg",
    "SecureStart.Settings.ppkg",
)
STORE = (
    "Microsoft.ZuneMusic_11.2502.1.0_x64__8wekyb3d8bbwe",
    "Microsoft.WindowsNotepad_11.2501.31.0_x64__8wekyb3d8bbwe",
    "Clipchamp.Clipchamp_3.1.12260.0_neutral__yxz26nhyzhp7t",
    "Microsoft.Paint_11.2502.161.0_x64__8wekyb3d8bbwe",
    "Microsoft.BingNews_4.55.62231.0_x64__8wekyb3d8bbwe",
)


def packages(d: Device, t: float, times: int = 4) -> None:
    """Windows' and the maker's own provisioning packages."""
    for n in range(times):
        for k, name in enumerate(PACKAGES):
            d.event(
                "provisioning",
                t + n * 0.01 + k * 0.001,
                20,
                Message1=name,
                Message2=d.guid(f"package {name}"),
            )


def store(
    d: Device, t: float, event_id: int, code: int, package: str, *, caller: str, level: int = 2
) -> None:
    """One failed deployment of a Store app."""
    d.event(
        "appx",
        t,
        event_id,
        level,
        DeploymentOperation=5,
        PackageFullName=package,
        PackageDisplayName="",
        ErrorCode=Hex32(code),
        CallingProcess=caller,
        ActivityId="{" + d.guid(f"store {t}") + "}",
    )


def sign_out_burst(d: Device, t: float, count: int = 30) -> None:
    """OOBE's temporary profile goes away and takes its Store apps along."""
    for n in range(count):
        store(d, t + n * 0.0004, 404, 0x8007042B, STORE[n % len(STORE)], caller="svchost.exe,ProfSvc")


def setup_packages(d: Device, t: float) -> None:
    """Setup's work on preinstalled apps of a new image."""
    edge = "Microsoft.MicrosoftEdge.Stable_131.0.2903.86_neutral__8wekyb3d8bbwe"
    for n, event_id in enumerate((605, 401, 635, 605, 401, 635)):
        store(
            d,
            t + n * 0.05,
            event_id,
            0x80070032,
            edge,
            caller="svchost.exe,AppReadiness" if n > 2 else "Setup",
            level=3,
        )


def collector(d: Device, t: float, count: int = 300) -> None:
    """The collector reads its own JSON and complains."""
    for n in range(count):
        d.event(
            "management",
            t + n * 0.0002,
            1005,
            2,
            HRESULT=Hex32(0x8007000D if n % 40 else 0x80004005),
            File=r"onecoreuap\admin\moderndeployment\autopilot\dll\jsonreader.cpp",
            Line=120,
            Message="GetNamedValue",
        )
        d.event("diagnostics", t + n * 0.0002, 1508, 3, Message1="CloudAssignedLanguage")


def first_start(d: Device, t: float) -> None:
    """One complaint that healthy machines have at their first start."""
    d.event(
        "management",
        t,
        1005,
        2,
        HRESULT=Hex32(0x80072F76),
        Message="WinHttpQueryHeaders",
        Line=88,
        File=r"onecoreuap\admin\moderndeployment\autopilot\dll\httpclient.cpp",
    )


def life(d: Device, first: int, last: int, *, managed: bool = True) -> None:
    """Ordinary days, counted from the start: a boot in the morning, a few sessions, Store updates, a shutdown."""
    for day in range(first, last):
        t = day * DAY + (day * 7) % 23
        boot(d, t)
        d.event("winlogon", t + 2, 7001, TSId=1, UserSid=d.sid())
        if managed:
            session(d, t + 5)
            session(d, t + 5 * HOUR)
        if day % 3 == 0:
            store(d, t + 20, 404, 0x80073D02, STORE[day % len(STORE)], caller="svchost.exe,AppXSvc")
            store(
                d, t + 21, 465, 0x80240007, STORE[(day + 1) % len(STORE)], caller="svchost.exe,InstallService"
            )
        if day % 9 == 0:
            title = "Security Intelligence Update for Microsoft Defender Antivirus - KB2267602"
            d.event(
                "update",
                t + 30,
                19,
                updateTitle=title,
                updateGuid="{" + d.guid(f"update {day}") + "}",
                updateRevisionNumber=200,
                serviceGuid="{" + d.guid("service") + "}",
            )
        if day % 5 == 0:
            d.event(
                "eventlog",
                t + 4 * HOUR,
                6013,
                unnamed=["", "", "", "", "14400", "60", "-60 W. Europe Standard Time"],
            )
        shutdown(d, t + 9 * HOUR, "power off", r"C:\Windows\System32\RuntimeBroker.exe")
