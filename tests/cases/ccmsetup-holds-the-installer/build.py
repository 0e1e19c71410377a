"""The co-management client's MSI holds Windows Installer while Win32 apps wait."""

from __future__ import annotations

from pathlib import Path

from cases.outside import MSI, Code, Machine, at
from cases.outside_agent import announced, app
from cases.outside_noise import lived
from cases.outside_page import page_fails, ready


def build(folder: Path) -> Path:
    m = Machine("ccmsetup-holds-the-installer", at(2026, 5, 5, 8, 10), name="WS-3618", serial="WS-3618-T")
    lived(m, 50)
    t = ready(m)
    product = "{2A1F0E5C-77D2-4E0C-9B3F-3B1D7E6A9C10}"
    url = "https://content.example.com/ccmsetup.msi"
    m.event("dm", t + 0.4, 1905, Message1=product, Message2=m.enrolment, Message3=url)
    m.event("dm", t + 0.6, 1906, Message1=product, Message2=m.enrolment, Message3=url)
    m.event("dm", t + 0.7, 1920, Message1=product, Message2=m.enrolment)
    m.event("dm", t + 9, 1922, Message1=product, Message2=m.enrolment, HRESULT=Code(0))
    m.key(rf"{MSI}\{product}", Status=70, CurrentDownloadUrl=url, ProductVersion="5.00.9128.1000")
    announced(m, t + 0.3, "Archive Tool", "Phone System")
    app(m, t + 0.5, "Archive Tool")
    for n in range(3):
        app(m, t + 2.8 + n * 1.8, "Phone System", 1618, minutes=1.2)
    page_fails(m, t + 8.3, "DeviceSetup.Apps", 0x80070652)
    return m.as_zip(folder)
