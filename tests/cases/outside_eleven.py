"""What the eleventh outside judge adds: wireless networks, services, crashes, blocked programs, BitLocker's beginning."""

from __future__ import annotations

from pathlib import Path

from cases.outside import CHANNELS, Code, Machine
from cases.outside_agent import announced, app, kept, loads, looks, report, runs, says, tracked
from cases.outside_page import page_fails
from cases.outside_ten import AGENT_EXE


def only(m: Machine, folder: Path, *logs: str) -> Path:
    """A folder with these channels and nothing else."""
    m.drop(*(log for log in CHANNELS if log not in logs))
    m.texts.clear()
    m.lines.clear()
    return m.as_folder(folder)


def never_started(m: Machine, t: float, name: str, error: int, code: int) -> None:
    """An app is loaded and its installer cannot be started at all (error of CreateProcess)."""
    looks(m, t, name)
    tracked(m, t + 0.1, name, 2)
    loads(m, t + 0.2, name)
    runs(m, t + 1, name)
    says(m, t + 1.02, f"[Win32App] Failed to create installer process. Error code = {error}")
    report(m, t + 1.1, name, code, "Error")
    says(
        m,
        t + 1.11,
        "[Win32App][EspManager] Updating ESP tracked install status from InProgress to Error for application "
        f"{m.id(name)} with name: {name}.",
    )
    tracked(m, t + 1.12, name, 4, code=code)
    kept(m, name, exit_code=None, code=code, state=5000)


def second_app_fails(
    m: Machine, t: float, name: str, exit_code: int, code: int, *, minutes: float = 1.5
) -> None:
    """Device setup: Archive Tool installs, the second app ends with an exit code, the page gives up."""
    announced(m, t + 0.3, "Archive Tool", name)
    app(m, t + 0.5, "Archive Tool")
    app(m, t + 3, name, exit_code, code=code, minutes=minutes)
    page_fails(m, t + 3.7 + minutes, "DeviceSetup.Apps", code)


def threat(m: Machine, t: float, number: int, name: str, path: str) -> None:
    """Defender finds a threat in a file (1116), or has put it into quarantine (1117)."""
    fields = {
        "Product Name": "Microsoft Defender Antivirus",
        "Product Version": "4.18.26040.3",
        "Detection ID": "{" + m.id(f"detection {path}").upper() + "}",
        "Detection Time": f"{m.clock(t):%Y-%m-%dT%H:%M:%S}.204Z",
        "Threat ID": "2147735503",
        "Threat Name": name,
        "Severity ID": "5",
        "Severity Name": "Severe",
        "Category ID": "8",
        "Category Name": "Trojan",
        "Status Code": "1" if number == 1116 else "3",
        "State": "1" if number == 1116 else "2",
        "Source ID": "3",
        "Source Name": "Real-Time Protection",
        "Process Name": AGENT_EXE,
        "Detection User": r"NT AUTHORITY\SYSTEM",
        "Path": f"file:_{path}",
        "Action ID": "9" if number == 1116 else "2",
        "Action Name": "Not Applicable" if number == 1116 else "Quarantine",
        "Error Code": "0x00000000",
        "Error Description": "The operation completed successfully. ",
    }
    m.event("defender", t, number, 3 if number == 1116 else 4, **fields)


def wireless(m: Machine, t: float, number: int, name: str, **more: object) -> None:
    """One record of the wireless service about a network."""
    fields = {
        "InterfaceGuid": "{" + m.id("wlan").upper() + "}",
        "InterfaceDescription": "Contoso Wi-Fi 6E Adapter",
        "ConnectionMode": "Automatic connection with a profile",
        "ProfileName": name,
        "SSID": name,
        "BSSType": "Infrastructure",
    }
    m.event("wlan", t, number, 2 if number == 8002 else 4, **fields, **more)


def not_authenticated(m: Machine, t: float, name: str) -> None:
    """802.1X ends without a certificate of the device (12013), so the wireless network is not joined (8002)."""
    adapter = {
        "Adapter": "Contoso Wi-Fi 6E Adapter",
        "DeviceGuid": "{" + m.id("wlan").upper() + "}",
        "LocalMac": "02:00:5E:10:00:01",
        "SSID": name,
        "BSSType": "Infrastructure",
        "PeerMac": "02:00:5E:10:00:FE",
        "Identity": "NULL",
        "User": "NULL",
        "Domain": "NULL",
    }
    m.event(
        "wlan",
        t,
        12013,
        2,
        **adapter,
        ReasonCode=0x50005,
        ReasonText="Explicit Eap failure received",
        ErrorCode=Code(0x80420100),
        EAPReasonCode=Code(0x80420100),
        EapRootCauseString="Network authentication failed\nThe user certificate required for the network can't be found on "
        "this computer.",
        EAPErrorCode=Code(0x80420100),
    )
    reason = "The specific network is not available. The network authentication did not complete."
    wireless(m, t + 0.02, 8002, name, FailureReason=reason, ReasonCode=0x28006)


def begins_encryption(m: Machine, t: float, method: int) -> None:
    """BitLocker is started for the system drive (768; 0x8004 is XTS-AES 128), its key saved in Entra (845)."""
    drive = {
        "IdentificationGUID": "{" + m.id("drive").upper() + "}",
        "VolumeName": r"\\?\Volume{" + m.id("volume") + "}",
        "VolumeMountPoint": "C:",
    }
    m.event("bitlocker", t, 768, **drive, AlgorithmType=method)
    m.event("bitlocker", t + 0.4, 845, **drive, ProtectorGUID="{" + m.id("protector").upper() + "}")


def crashes(m: Machine, t: float, program: str, exception: str, *, place: str, times: int) -> None:
    """A .NET service dies of an exception (1026, 1000), and Windows counts it (7031)."""
    name = program.rsplit("\\", 1)[-1]
    m.event(
        "dotnet",
        t,
        1026,
        2,
        plain=[
            f"Application: {name}\nFramework Version: v4.0.30319\nDescription: The process was terminated due to an "
            f"unhandled exception.\nException Info: {exception}"
        ],
    )
    fault = ["1.101.109.0", "68500000", "KERNELBASE.dll", "10.0.26100.4652", "6a1f3b02", "e0434352"]
    m.event("crash", t + 0.005, 1000, 2, plain=[name, *fault, "00000000000c7f7a", "1a2c", "01dbec0", program])
    m.event(
        "scm",
        t + 0.01,
        7031,
        2,
        param1=place,
        param2=times,
        param3=5000,
        param4=1,
        param5="Restart the service",
    )


def msi_refused(m: Machine, t: float, product: str, code: int) -> None:
    """The agent's MSI is loaded and Windows Installer refuses it (1905, 1906, 1920, 1924)."""
    url = "https://content.example.com/IntuneWindowsAgent.msi"
    m.event("dm", t, 1905, Message1=product, Message2=m.enrolment, Message3=url)
    m.event("dm", t + 0.3, 1906, Message1=product, Message2=m.enrolment, Message3=url)
    m.event("dm", t + 0.32, 1920, Message1=product, Message2=m.enrolment)
    m.event(
        "dm",
        t + 0.36,
        1924,
        2,
        Message1=rf"C:\Windows\system32\config\systemprofile\AppData\Local\mdm\{product}.log",
        Message2="/quiet",
        Message3=product,
        Message4=m.enrolment,
        HRESULT=Code(code),
    )
