"""What every machine writes and what is no fault: packages of Windows, Store work, TPM tasks, weeks of days, the collector."""

from __future__ import annotations

from cases.outside import DAY, HOUR, Code, Machine, Signed
from cases.outside_stages import boot, halt, sync

PACKAGES = (
    "Power.EnergyEstimationEngine.Wlan.ppkg",
    "Power.Settings.Display.ppkg",
    "Power.Settings.Sleep.ppkg",
    "PowerSetting.ppkg",
    "Microsoft.Windows.Cosa.Desktop.Client.ppkg",
)
STORE = (
    "Microsoft.WindowsCamera_2025.2510.2.0_x64__8wekyb3d8bbwe",
    "Microsoft.BingWeather_4.54.63029.0_x64__8wekyb3d8bbwe",
    "Microsoft.GamingApp_2511.1001.5.0_x64__8wekyb3d8bbwe",
    "Microsoft.Todos_2.148.3611.0_x64__8wekyb3d8bbwe",
)


def store(m: Machine, t: float, number: int, code: int, package: str, *, caller: str, level: int = 2) -> None:
    m.event(
        "appx",
        t,
        number,
        level,
        DeploymentOperation=5,
        PackageFullName=package,
        ErrorCode=Code(code),
        CallingProcess=caller,
    )


def first_hours(m: Machine, t: float = -3) -> None:
    """A new image's first minutes: packages, Setup's Store work, TPM tasks, one complaint of the first start."""
    for n in range(6):
        for k, name in enumerate(PACKAGES):
            m.event("packages", t + n * 0.01 + k * 0.001, 20, Message1=name, Message2="{" + m.id(name) + "}")
    edge = "Microsoft.MicrosoftEdge.Stable_139.0.3405.86_neutral__8wekyb3d8bbwe"
    for n, number in enumerate((605, 401, 635)):
        store(m, t + 0.3 + n * 0.01, number, 0x80070032, edge, caller="Setup", level=3)
    m.event("tpm", t + 0.4, 1025)
    housekeeping(m, t + 0.5)
    m.event(
        "service",
        t + 1,
        1005,
        2,
        HRESULT=Code(0x80072F76),
        File=r"onecoreuap\admin\moderndeployment\autopilot\dll\httpclient.cpp",
        Line=88,
        Message="WinHttpQueryHeaders",
    )
    for n in range(14):
        m.event("autopilot", t + 1.2 + n * 0.01, 100, 3, Message1="AutopilotMode")


def housekeeping(m: Machine, t: float) -> None:
    """The management channel of every machine: policies read and written by Windows itself, long before enrolment."""
    for n, name in enumerate(("AllowTelemetry", "AllowCortana", "NoConnectedUser", "PinComplexity") * 6):
        m.event(
            "dm",
            t + n * 0.01,
            829,
            Message1=name,
            Message2="knobs",
            HexInt1=Code(0xA3BC1875),
            HexInt2=Code(0x41C64E6D),
        )
        m.event("dm", t + n * 0.01 + 0.001, 800, Message1=name, HexInt1=Code(0x5), HexInt2=Code(0x13920028))


def sign_out(m: Machine, t: float, count: int = 30) -> None:
    """OOBE's temporary profile goes away beside a restart."""
    halt(m, t - 0.03, "restart", r"C:\Windows\System32\CloudExperienceHostBroker.exe")
    for n in range(count):
        name, rest = STORE[n % 4].split("_", 1)
        store(
            m, t + n * 0.0004, 404, 0x8007042B, f"{name}{n // 4 or ''}_{rest}", caller="svchost.exe,ProfSvc"
        )
    boot(m, t + 0.8)


def days(m: Machine, first: int, last: int, *, managed: bool = True) -> None:
    """Ordinary days."""
    for day in range(first, last):
        t = day * DAY + (day * 11) % 37
        boot(m, t)
        m.event("winlogon", t + 1.5, 7001, TSId=1, UserSid=m.sid())
        if managed:
            sync(m, t + 4)
            sync(m, t + 8 * HOUR)
        if day % 2:
            store(m, t + 15, 404, 0x80073CF0, STORE[day % 4], caller="svchost.exe,AppXSvc")
            store(m, t + 16, 8761, 0x8007010B, STORE[(day + 1) % 4], caller="svchost.exe,AppReadiness")
        if day % 7 == 3:
            m.event(
                "update",
                t + 40,
                20,
                2,
                errorCode=Code(0x80240017),
                updateTitle="Security Intelligence Update - KB2267602",
                updateGuid="{" + m.id(f"update {day}") + "}",
                updateRevisionNumber=200,
            )
            m.event(
                "update",
                t + 55,
                19,
                updateTitle="Security Intelligence Update - KB2267602",
                updateGuid="{" + m.id(f"update {day}") + "}",
                updateRevisionNumber=200,
            )
        if day % 5 == 1:
            m.event("installer", t + 60, 1035, plain=["Contoso Reader", "24.1", "1033", "0", "Contoso"])
        halt(m, t + 9 * HOUR)


def corrected(m: Machine, t: float, minutes: float) -> None:
    """The clock was `minutes` ahead until now: the time service sets it right."""
    m.skew.append((t, minutes))
    before, after = m.clock(t - 0.0001), m.clock(t)
    m.event(
        "kernel",
        t,
        1,
        NewTime=after,
        OldTime=before,
        TimeDeltaInMs=Signed(round(-minutes * 60000)),
        Reason=1,
        ProcessName=r"\Device\HarddiskVolume3\Windows\System32\svchost.exe",
        ProcessID=1460,
        TimeZoneBias=Signed(-60),
    )


def collector(m: Machine, t: float, count: int = 200) -> None:
    """The collector complains about its own files."""
    for n in range(count):
        m.event(
            "service",
            t + n * 0.0003,
            1005,
            2,
            HRESULT=Code(0x80004005 if n % 50 == 49 else 0x8007000D),
            File=r"onecoreuap\admin\moderndeployment\autopilot\dll\jsonhelpers.cpp",
            Line=61,
            Message="GetNamedString",
        )
        if n % 4 == 0:
            m.event("pagelog", t + n * 0.0003, 1508, 3, Message1="CloudAssignedLanguage")


def lived(m: Machine, collected: float, *, step: float = 3.0) -> None:
    """All of it around a deployment: what came before, and the collection at the end."""
    if step:
        corrected(m, -0.4, step)
    first_hours(m)
    collector(m, collected - 0.1)
    m.collected = collected
