"""Device setup: a firewall policy arrives that blocks all that goes out; from then on nothing reaches the service."""

from __future__ import annotations

from pathlib import Path

from cases.outside import Machine, at
from cases.outside_agent import announced, app, looks, says, tracked
from cases.outside_eight import runs_out
from cases.outside_noise import lived
from cases.outside_page import ready
from cases.outside_stages import sync

PROFILE = """
{name} Profile Settings:
----------------------------------------------------------------------
State                                 ON
Firewall Policy                       BlockInbound,BlockOutbound
LocalFirewallRules                    N/A (GPO-store only)
LocalConSecRules                      N/A (GPO-store only)
InboundUserNotification               Disable
RemoteManagement                      Disable
UnicastResponseToMulticast            Enable

Logging:
LogAllowedConnections                 Disable
LogDroppedConnections                 Disable
FileName                              %systemroot%\\system32\\LogFiles\\Firewall\\pfirewall.log
MaxFileSize                           4096

"""


def build(folder: Path) -> Path:
    m = Machine(
        "firewall-policy-closes-the-way-out",
        at(2026, 6, 16, 8, 0),
        build="26100.8246",
        zone="Europe/Prague",
        name="WS-1517",
        serial="WS-1517-F",
    )
    lived(m, 85)
    t = ready(m)
    announced(m, t + 0.3, "Archive Tool", "Design Suite")
    app(m, t + 0.5, "Archive Tool")
    looks(m, t + 3, "Design Suite")
    tracked(m, t + 3.1, "Design Suite", 2)
    for n in range(11):
        s = t + 4 + n * 5
        sync(m, s, 0x80072EFD)
        says(
            m,
            s + 0.3,
            "[Win32App] Failed to get content info, exception is System.Net.WebException: Unable to connect to the remote "
            "server ---> System.Net.Sockets.SocketException: An attempt was made to access a socket in a way forbidden by "
            "its access permissions",
            kind=3,
        )
    runs_out(m, t + 60, "DeviceSetup.Apps", Apps=("inProgress", "Apps (1 of 2 installed)"))
    m.commands["netsh.exe advfirewall show allprofiles"] = (
        "".join(PROFILE.format(name=name) for name in ("Domain", "Private", "Public")).replace("\n", "\r\n")
        + "Ok.\r\n"
    )
    return m.as_collection(folder)
