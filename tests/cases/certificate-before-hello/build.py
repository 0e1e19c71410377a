"""A user certificate whose key lies in Hello cannot come while the page waits for it."""

from __future__ import annotations

from pathlib import Path

from cases import agent, deployment, stages, status_page
from cases.building import Device, utc


def build(folder: Path) -> Path:
    d = Device(
        "certificate-before-hello",
        utc(2025, 11, 18, 8, 5),
        build="22631.6060",
        name="FAB-3390",
        serial="FAB-3390-K",
        domain="fabrikam.example",
    )
    t = deployment.until_setup(d, apps=1)
    agent.app(d, t + 0.2, "Archive Tool")
    status_page.device_done(d, t + 4, 1)
    status_page.account_setup(d, t + 5)
    for n in range(6):
        stages.session(d, t + 5.2 + n * 9)
        stages.certificate(d, t + 5.3 + n * 9, "User-WiFi-Hello", arrives=False)
    status_page.page_fails(d, t + 65, "AccountSetup.Certificates", 0x800705B4, timeout=True)
    d.category(
        "AccountSetup",
        "failed",
        "Time limit exceeded",
        SecurityPolicies=status_page.FINE["SecurityPolicies"],
        Certificates=("inProgress", "Certificates (0 of 1 applied)"),
        NetworkConnections=("notStarted", "Network connections (Previous step failed)"),
        Apps=("notStarted", "Apps (Previous step failed)"),
    )
    d.key(
        rf"{stages.ENROLMENT_KEY}\{d.enrollment}\FirstSync\{d.sid()}",
        IsSyncDone=0,
        ServerHasFinishedProvisioning=1,
        ExpectedSCEPCerts="./User/Vendor/MSFT/ClientCertificateInstall/SCEP/User-WiFi-Hello;1",
    )
    d.key(
        rf"software\microsoft\scep\{d.sid()}\User-WiFi-Hello\Install", KeyProtection=4, Status=2, ErrorCode=0
    )
    d.event(
        "join",
        t + 5.4,
        360,
        3,
        Message="Windows Hello for Business provisioning will not be launched.",
        DeviceIsJoined="Yes",
        AADPrt="Yes",
        NgcPolicyEnabled="Yes",
        NgcPostLogonProvisioningEnabled="No",
        NgcHardwarePolicyMet="Yes",
        UserIsRemote="No",
        LogonCertRequired="No",
        MachinePolicySource="MDM",
        UseCloudTrust="No",
        CloudTgt="No",
    )
    d.collected = t + 75
    return d.as_zip(folder)
