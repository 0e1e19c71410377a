"""The key of Windows Hello is refused because of a rule of the tenant."""

from __future__ import annotations

from pathlib import Path

from cases.outside import DAY, DEVICE, Machine, Signed, at, compact
from cases.outside_fifteen import one_log
from cases.outside_stages import join


def build(folder: Path) -> Path:
    m = Machine(
        "hello-key-refused-by-a-certificate-rule",
        at(2024, 5, 2, 8, 0),
        build="22631.3447",
        name="LAB-W11-04",
        fresh="DESKTOP-7C1MNQ0",
        named=20,
    )
    join(m, 2)
    first = 26.0
    fields = {
        "DeviceIsJoined": "Yes",
        "AADPrt": "Yes",
        "NgcPolicyEnabled": "Yes",
        "NgcPostLogonProvisioningEnabled": "Yes",
        "NgcHardwarePolicyMet": "Yes",
        "UserIsRemote": "No",
        "LogonCertRequired": "No",
        "MachinePolicySource": "MDM",
        "UseCloudTrust": "No",
        "CloudTgt": "Not Tested",
    }
    server = (
        'Invalid Policy: \'User Credential Policy Json deserialization failure with error Error converting value "IssuerSubjectAndPolicyOID" to type '
        "'Microsoft.AzureAD.UserCredentialPolicy.ObjectModel.X509CertificateRuleType'. Path 'credentials[10].settings.authenticationModeConfiguration."
        "x509CertificateRule[0].x509CertificateRuleType', line 1, position 4361.'"
    )
    for k, t in enumerate((first, first + 7, DAY + 12)):
        m.event("join", t, 358, Message="Windows Hello for Business provisioning will be launched.", **fields)
        m.event(
            "join",
            t + 1.0,
            108,
            UserSid=m.sid(),
            IdpDomain="login.windows.net",
            TenantDomain=m.id("tenant"),
            Flags=0,
        )
        m.event(
            "join",
            t + 1.1,
            109,
            UserSid=m.sid(),
            IdpDomain="login.windows.net",
            TenantDomain=m.id("tenant"),
            UserId=m.id("user"),
            Flags=0,
        )
        m.event(
            "join",
            t + 1.3,
            301,
            2,
            ExitCode=Signed(0x801C03EC - (1 << 32)),
            ClientRequestId=DEVICE,
            ServerRequestId=m.id(f"srv{k}"),
            ErrorCode="internal_server_error",
            ServerErrorMessage=server,
            RecommendedClientResponse="error_fail",
            ServerResponse=compact(
                {"error": {"code": "internal_server_error", "message": server, "response": "error_fail"}}
            ),
        )
    return one_log(m, folder, "Microsoft-Windows-User Device Registration%4Admin.evtx", "join")
