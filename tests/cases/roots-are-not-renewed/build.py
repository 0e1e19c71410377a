"""A policy keeps new root certificates away."""

from __future__ import annotations

import zipfile
from pathlib import Path

from cases.outside import Machine, at
from cases.outside_agent import announced, kept, looks, report, says, tracked
from cases.outside_eighteen import hum
from cases.outside_files import write_reg, write_zip
from cases.outside_noise import lived
from cases.outside_page import page_fails, ready


def build(folder: Path) -> Path:
    m = Machine(
        "roots-are-not-renewed",
        at(2026, 3, 17, 8, 0),
        build="22631.6199",
        zone="Europe/London",
        name="WS-2247",
        serial="WS-2247-R",
    )
    lived(m, 75)
    t = ready(m)
    hum(m, t + 0.1)
    names = ("Archive Tool", "Contoso Reader")
    announced(m, t + 0.3, *names)
    host = "swdb02-mscdn.manage.microsoft.com"
    for k, n in enumerate(names):
        u = t + 0.6 + k * 25
        looks(m, u, n)
        tracked(m, u + 0.1, n, 2)
        says(
            m,
            u + 0.2,
            f"[Win32App][DownloadActionHandler] Handler invoked for policy with id: {m.id(n)} and version: 1",
            f"[Win32App] Content cache miss for app (id = {m.id(n)}, name = {n}), start downloading...",
        )
        for r in range(3):
            v = u + 0.5 + r * 7
            says(
                m,
                v,
                f"[Win32App DO] Failed to download from https://{host}/{m.id('blob')}.bin, falling back to HTTP",
                kind=2,
            )
            says(
                m,
                v + 0.2,
                f"[Win32App] HTTP download of {m.id(n)} failed: System.Net.WebException: The underlying connection was closed: Could not establish trust relationship for the SSL/TLS secure channel. ---> System.Security.Authentication.AuthenticationException: The remote certificate is invalid according to the validation procedure. Host {host}, issuer CN=DigiCert Global G2 TLS RSA SHA256 2020 CA1, O=DigiCert Inc, C=US, SslPolicyErrors = RemoteCertificateChainErrors, chain status: UntrustedRoot, PartialChain",
                kind=3,
            )
            m.event(
                "schannel",
                v + 0.19,
                36882,
                2,
                CallerProcessId="4420",
                CallerProcessImageName="Microsoft.Management.Services.IntuneWindowsAgent.exe",
                RemoteCertSubjectName=host,
            )
        report(m, u + 22, n, 0x87D30068, "Error")
        says(
            m,
            u + 22.01,
            f"[Win32App][EspManager] Updating ESP tracked install status from InProgress to Error for application {m.id(n)} with name: {n}.",
        )
        tracked(m, u + 22.02, n, 4, code=0x87D30068)
        kept(m, n, exit_code=None, code=0x87D30068, state=5000)
    page_fails(m, t + 48.5, "DeviceSetup.Apps", 0x87D30068)
    path = m.as_collection(folder)
    with zipfile.ZipFile(path) as z:
        members = {n: z.read(n) for n in z.namelist()}
    reg = write_reg(
        {
            r"SOFTWARE\Policies\Microsoft\SystemCertificates\AuthRoot": {"DisableRootAutoUpdate": 1},
            r"SOFTWARE\Policies\Microsoft\Windows\WindowsUpdate": {"SetProxyBehaviorForUpdateDetection": 0},
        }
    )
    members["(6) RegistryKey HKLM_SOFTWARE_Policies export.reg"] = reg
    members["results.xml"] = members["results.xml"].replace(
        b"  <OutputFileFormat>",
        b'  <RegistryKey HRESULT="0">HKLM\\SOFTWARE\\Policies</RegistryKey>\r\n  <OutputFileFormat>',
    )
    path.write_bytes(write_zip(members))
    return path
