"""For every rule of its own: what `build` needs for a world that shows it, and for a near miss."""

import json
from datetime import UTC, datetime, timedelta

from autopilot_analysis.trace.installs.agent.apps import END_UNREAD
from autopilot_analysis.trace.installs.policies import NOT_DONE, no_fault
from autopilot_analysis.trace.installs.rows import reason_of

DIAGNOSTICS = r"HKEY_LOCAL_MACHINE\software\microsoft\provisioning\Diagnostics\AutoPilot"
CACHE = r"HKEY_LOCAL_MACHINE\software\microsoft\provisioning\AutopilotPolicyCache"
ENROLLMENT = r"HKEY_LOCAL_MACHINE\software\microsoft\enrollments\0000\FirstSync"
SETTINGS = r"HKEY_LOCAL_MACHINE\software\microsoft\provisioning\AutopilotSettings"
TRACKING = (
    r"HKEY_LOCAL_MACHINE\software\microsoft\windows\autopilot\EnrollmentStatusTracking"
    r"\Device\Setup\Apps\PolicyProviders\Sidecar"
)
LOGON = r"HKEY_LOCAL_MACHINE\software\microsoft\windows nt\currentversion\winlogon"
GOOD = [("succeeded", None, "user_driven", 0, 60, None)]
OPEN = [("unfinished", None, "user_driven", 0, None, None)]


OWN_AGENT = r"C:\Program Files (x86)\Microsoft Intune Management Extension\AgentExecutor.exe"
PACKAGE_ALONE = {"PackageFullName": "Contoso.FieldNotes_4.2.0.0_x64__8f3kq2m1zj0yr"}
NO_FRAMEWORK = PACKAGE_ALONE | {
    "SummaryError": 'Provide the framework "Example.Runtime.1" published by "CN=Example", version 1.2.3.4'
}


def endorsement(certificates):
    """What Get-TpmEndorsementKeyInfo shows."""
    return [
        ("IsPresent", "True", "key.txt", "TPM endorsement key"),
        ("ManufacturerCertificates", certificates, "key.txt", "TPM endorsement key"),
        ("AdditionalCertificates", "{}", "key.txt", "TPM endorsement key"),
    ]


def two_tenants(of_profile):
    """A join state and a profile that name a tenant each."""
    return [
        ("AzureAdJoined", "YES", "dsregcmd.txt", "Device State"),
        ("TenantId", "66666666-7777-4888-8999-000000000000", "dsregcmd.txt", "Tenant Details"),
        ("CloudAssignedTenantId", of_profile, "AutopilotDDSZTDFile.json", ""),
    ]


def at(minute):
    return datetime(2026, 3, 2, 8, tzinfo=UTC) + timedelta(minutes=minute)


def bad(stage, scenario="user_driven", code=None):
    return [("failed", stage, scenario, 0, 60, code)]


def ended(stage, mark, code=None, outcome="failed", detail="{}"):
    """The run of a stage that one mark ended, and that mark."""
    return {"runs": [(1, stage, outcome, 10, 60, code, mark)], "marks": [(mark, stage, 60, code, detail)]}


WITHOUT_AGENT = {
    "attempts": bad("device_preparation"),
    **ended("device_preparation", "provider_install_failed"),
}
AGENT_PACKAGE = {
    "kind": "msi",
    "name": "IntuneWindowsAgent.msi",
    "outcome": "failed",
    "reason": reason_of("ContentDownloadFailed"),
}
ENDED_BY_APPS = {
    "attempts": bad("device_setup", code="0x80073CF3"),
    **ended("device_setup", "esp_apps_failed", "0x80073CF3"),
}


def noted(*marks):
    return {"marks": [(name, None, minute, None, "{}") for name, minute in marks]}


def drive(status, protection, protectors="{Tpm, RecoveryPassword}", kind="OperatingSystem"):
    """What Get-BitLockerVolume shows of C:."""
    shown = {
        "VolumeType": kind,
        "VolumeStatus": status,
        "ProtectionStatus": protection,
        "KeyProtector": protectors,
    }
    return [(name, value, "drive.txt", "BitLocker volume C:") for name, value in shown.items()]


SETUP = {"attempts": bad("device_setup"), **ended("device_setup", "esp_apps_failed", "0x800705B4")}
TIMED = {"attempts": bad("device_setup"), **ended("device_setup", "esp_timed_out", "0x800705B4")}
AT_CERTIFICATES = {
    "marks": [("esp_apps_failed", None, 60, None, "BootstrapStatus: DeviceSetup.CertificatesSubcategory")]
}
USER_TIMED = {"attempts": bad("account_setup"), **ended("account_setup", "esp_timed_out", "0x800705B4")}
SECOND_FACTOR = (
    "AADSTS50076: you must use multi-factor authentication to access '26a4ae64-5862-427f-a9b0-044e62572a4f'."
)
NO_AGENT_TOKEN = (
    "Failed to get AAD token. len = 34 using client id a and resource id b, errorCode = 3399548929"
)
NO_TOKEN = "MDM Session: Failed to get AAD Token for sync session User Token: ({}) Device Token: (Unknown)."
NO_NETWORK = ("aad:1104", {"Error": "0xC000023C"}, 5, "0xC000023C")
CCM = r"HKEY_LOCAL_MACHINE\software\microsoft\ccm"
RIGHT_REFUSED = {
    "kind": "policy",
    "outcome": "failed",
    "code": "0x80070032",
    "item": "./Device/Vendor/MSFT/Policy/Config/UserRights/ChangeTimeZone",
    "ended_at": at(20),
}
UNDATED_REFUSAL = {
    "kind": "policy",
    "item": "./Vendor/MSFT/Policy/Config/Browser/AllowCookies",
    "outcome": "failed",
    "reason": NOT_DONE,
    "ended_at": None,
    "attempt": None,
}
REFUSED = {"kind": "policy", "name": None, "item": "./Device/Vendor/MSFT/AssignedAccess/Configuration",
           "outcome": "failed", "code": "0xC00CE223"}  # fmt: skip
NO_BYTE = {"outcome": "failed", "downloaded_bytes": 0, "download_outcome": "failed"}
HANGING = {"kind": "script", "item": "11111111-0000-4000-8000-000000000001", "name": None, "phase": None,
           "blocking": None, "outcome": "unfinished", "started_at": at(30)}  # fmt: skip
RESTARTS = {
    "outcome": "waiting",
    "reason": "reboot",
    "exit_code": 3010,
    "started_at": at(20),
    "ended_at": at(30),
}
OF_A_DOMAIN = [("AzureAdJoined", "NO"), ("DomainJoined", "YES"), ("Error Phase", "pre-check")]
AD_FS_REFUSED = [("Endpoint URI", "https://sts.example.com/adfs/oauth2/token/"), ("HTTP status", "400")]
HELLO_WANTED = [
    ("IsDeviceJoined", "YES"),
    ("IsUserAzureAD", "YES"),
    ("AdfsRefreshToken", "NO"),
    ("PreReqResult", "WillNotProvision"),
]
RESTARTED = {"outcome": "succeeded", "exit_code": 1641, "exit_class": "HardReboot", "ended_at": at(30)}
NOT_NAMED = (TRACKING, "TrackingPoliciesCreated", "0")
NEVER_DONE = (ENROLLMENT + r"\S-1-12-1-1", "ServerHasFinishedProvisioning", "0")

SERVICE_TIME = (
    "clock_distrusted",
    None,
    5,
    None,
    '{"ServerTime":"2026-03-02T08:05:00Z","ClientTime":"2024-01-01T00:05:00Z"}',
)


BY_OTHERS, BY_INTUNE = (
    [(ENROLLMENT.removesuffix(r"\FirstSync"), "ProviderID", name)] for name in ("Contoso MDM", "MS DM Server")
)
WRONG = {"ErrorDescription": "AADSTS50126: Error validating credentials."}
AGENT = {"Data": ["Microsoft Intune Management Extension", "1.92.1.0", "1033", "0", "Microsoft Corporation"]}
OFFLINE = {"runs": [(1, "network", "failed", 0, 30, None, None)], "attempts": bad("network")}
OFFLINE_FILE = "AutopilotConfigurationFile.json"
OFFLINE_PROFILE = {
    "attempts": [("unknown", None, "existing_device", 0, 5, None)],
    "marks": [("configuration_file_used", "profile_download", 1, None, "{}")],
    "sources": {OFFLINE_FILE: "configuration_file_json"},
    "properties": [("CloudAssignedTenantDomain", "fabrikam.com", OFFLINE_FILE)],
}
SOUGHT_IN_VAIN = {
    "attempts": [("unknown", None, "user_driven", 0, 5, None)],
    "marks": [
        ("configuration_file_sought", "profile_download", 1, None, "{}"),
        ("profile_empty", "profile_download", 2, None, "{}"),
    ],
}

NEEDED = {"item": "runtime", "name": "Example Runtime", "exit_code": 1603, "code": "0x80070643"}
"""An app that failed,"""
NEEDING = {
    "item": "suite", "name": "Example Suite", "blocking": True, "outcome": "failed",
    "reason": "only the status page's own list tells",
    "detail": '{"links": [{"app": "suite", "child": "runtime", "action": 10, "type": 0, "level": 0}]}',
}  # fmt: skip
"""and one that depends on it by its policy and was not tried."""


def signing_in_again(*events, restart=45, **more):
    """Device setup from minute 10 to 40, a policy's wish at 20, a restart behind it, and what came then."""
    return {
        "attempts": [("unknown", None, "user_driven", 0, 40, None)],
        "runs": [(1, "device_setup", "succeeded", 10, 40, None, None)],
        "marks": [("reboot_required_by_policy", None, 20, None, "./Vendor/MSFT/Policy/Config/A/B")],
        "steps": [("boot", restart, None, "")],
        "events": events,
        "coverage": [("events_system", "present")],
    } | more


def distrusted(issuer, errors="RemoteCertificateChainErrors, chain status: UntrustedRoot, PartialChain"):
    """What the agent writes of a host whose certificate it does not trust."""
    who = f", issuer {issuer}" if issuer else ""
    return [
        (
            "error",
            f"{TRUST} for the SSL/TLS secure channel. Host cdn.example.com{who}, SslPolicyErrors = {errors}",
        )
    ]


def ended_well(recorded=None, **app):
    """An app that ended well, from minute 20 to 25, and was not found; what MsiInstaller wrote of it."""
    status, minute = recorded or (None, None)
    events = (
        [("installer:1033", {"Data": ["Ledger", "4.2.0", "1033", status]}, minute, None)] if recorded else []
    )
    one = {"outcome": "not_detected", "exit_code": 0, "started_at": at(20), "ended_at": at(25)} | app
    return SETUP | {"installs": [one], "events": events}


def assigned(user, **more):
    """A hybrid attempt that waited for its domain join in vain, and the user that its profile names."""
    return {
        "attempts": bad("entra_join", "hybrid_join"),
        **ended("entra_join", "offline_join_timed_out"),
        "registry": [(DIAGNOSTICS, "CloudAssignedTenantUpn", user)],
    } | more


def out_of_sight(*minutes, event="udr:334", **more):
    """A hybrid device whose part is done at minute 40, and records that no domain controller was found."""
    return {
        "attempts": [("unknown", None, "hybrid_join", 0, 40, None)],
        "runs": [(1, "device_setup", "succeeded", 10, 40, None, None)],
        "events": [(event, {}, minute, None) for minute in minutes],
    } | more


def dialled(error, *, who="SYSTEM", times=3, beside=()):
    """Such a device whose tunnel is dialled in vain."""
    fields = {"Data": ["{1}", who, "Example Tunnel", error]}
    events = [("ras:20227", fields, 45 + minute, None) for minute in range(times)]
    return out_of_sight() | {"events": [*events, *beside]}


def dual(tenant="c0ffee00-1", domain="YES", registered="YES"):
    """A joined device with a work account of a tenant."""
    told = [("AzureAdJoined", "YES"), ("DomainJoined", domain), ("TenantId", "c0ffee00-1")]
    return [
        *told,
        ("WorkplaceJoined", registered),
        ("WorkplaceTenantId", tenant),
        ("WorkplaceDeviceId", "0a-1"),
    ]


def kept_since(loaded, **more):
    """An attempt that used a profile which the device had kept."""
    return {
        "attempts": GOOD,
        "marks": [("profile_cached", "profile_download", 5, None, "{}")],
        "registry": [(CACHE, "PolicyJsonCache", f'{{"PolicyDownloadDate":"{loaded}"}}')],
    } | more


def enrolled_twice(
    *events, boot=15, second=20, wishes=("./Device/Vendor/MSFT/Accounts/Domain/ComputerName",), **more
):
    """Enrolled at minute 5, a policy's wish at 12, a restart, and a second enrolment that was turned away."""
    return {
        "attempts": [("failed", "mdm_enrollment", "user_driven", 0, second, "0x8018000A")],
        "runs": [(1, "mdm_enrollment", "failed", 4, second, "0x8018000A", "enrollment_failed")],
        "marks": [
            ("enrolled", "mdm_enrollment", 5, None, "{}"),
            *(("reboot_required_by_policy", None, 12, None, wish) for wish in wishes),
            ("enrollment_failed", "mdm_enrollment", second, "0x8018000A", "{}"),
        ],
        "steps": [("boot", boot, None, "")],
        "events": events,
    } | more


def refused_since(*events, **more):
    """A join at minute 5, device setup until 40, and what Entra answered then."""
    return {
        "device": {"tenant_id": "c0ffee00-0000-4000-8000-000000000001"},
        "attempts": [("unknown", None, "user_driven", 0, 40, None)],
        "runs": [(1, "device_setup", "succeeded", 10, 40, None, None)],
        "marks": [("joined", "entra_join", 5, None, "{}")],
        "events": events,
    } | more


def token_refused(code, *minutes, key="aad:1081", tenant="common"):
    """What Entra answered to a request for a token, at some minutes."""
    words = f"{code}: text TokenEndpoint: https://login.microsoftonline.com/{tenant}/oauth2/token"
    return [(key, {"ErrorDescription": words}, minute, None) for minute in minutes]


OPEN_ENROLLED = {
    "attempts": [("unfinished", None, "user_driven", 0, None, None)],
    "marks": [("enrolled", "mdm_enrollment", 10, None, "{}")],
}
WORKED = ("wlan:8001", {"SSID": "Guest"}, 5, None)
WENT = ("wlan:8003", {"SSID": "Guest"}, 19.9, None)
REFUSES = [("wlan:12013", {"SSID": "Example-Corp"}, minute, "0x80420100") for minute in (20, 30)]


def answered(*settings):
    """A profile that came, and an answer file with some settings; a join would have been seen."""
    return {
        "marks": [("profile_available", "profile_download", 5, None, "{}")],
        "coverage": [("events_user_device_registration", "present")],
        "sources": {"unattend.xml": "answer_file"},
        "properties": [(name, value, "unattend.xml", "oobeSystem") for name, value in settings],
    }


def looked(phase, words):
    """What the page kept of its certificates."""
    shown = {"subcategoryState": "inProgress", "subcategoryStatusText": words}
    return (
        SETTINGS,
        f"{phase}SetupCategory.Status",
        json.dumps({f"{phase}Setup.CertificatesSubcategory": shown}),
    )


NO_JOIN_DATA = {
    "attempts": bad("entra_join", "hybrid_join"),
    **ended("entra_join", "offline_join_timed_out"),
    "events": [
        ("scm:7041", {"param1": "Intune ODJConnector Service", "param2": "EXAMPLE\\msaODJ01$"}, -60, None),
        ("scm:7000", {"param1": "Intune ODJConnector Service", "param2": "%%1069"}, -60, None),
    ],
}
"""A wait for the domain join that was over at minute 60, and a connector that could not log on at -60."""


def encrypted(algorithm=32772, minute=5, drive="C:"):
    """Encryption of a drive begins; 32772 is XTS-AES 128."""
    return ("bitlocker:768", {"VolumeMountPoint": drive, "AlgorithmType": algorithm}, minute, None)


def wants(value, minute=62):
    """The policy of all drives comes, and wants a method for the system's."""
    data = f'<enabled/><data id="EncryptionMethodWithXtsOsDropDown_Name" value="{value}"/>'
    fields = {"Message1": "EncryptionMethodByDriveType", "Message2": "BitLocker", "Message5": data}
    return ("dm:814", fields, minute, None)


LEFT_OFFLINE = {
    "marks": [
        ("internet_missing", "network", 5, None, "{}"),
        ("profile_available", "profile_download", 250, None, "{}"),
    ],
    "events": [("winlogon:7001", {"UserSid": "S-1-5-21-1-2-3-1001"}, 10, None)],
}
"""No internet, a local account at minute 10, and the profile four hours later."""
ENROLLED_BEFORE = {
    "attempts": bad("mdm_enrollment"),
    "runs": [(1, "mdm_enrollment", "failed", 20, 60, "0x8018000A", None)],
    "marks": [("enrolled", "mdm_enrollment", 20, None, "")],
    "events": [("prov:20", {"Message1": "C:\\\\Stick\\\\Contoso.ppkg"}, 15, None)],
}
"""Enrolled by a package at minute 20, and turned away an hour after the start."""
STANDING = {
    "attempts": [("unfinished", None, "device_preparation", 0, None, None)],
    "installs": [{"name": "Reader", "outcome": "succeeded", "ended_at": at(21)}],
    "marks": [("sync_ended", None, 30, None, "{}"), ("sync_ended", None, 81, None, "{}")],
    "coverage": [("events_autopilot", "present"), ("events_system", "present")],
}
"""A device preparation whose only app is done at minute 21, and sessions until an hour later."""
SECOND_RUN = {
    "attempts": [
        ("failed", "device_setup", "pre_provisioning_technician", 0, 60, None),
        ("failed", "device_preparation", "pre_provisioning_technician", 2000, 2060, "0x81039001"),
    ],
    "runs": [(2, "device_preparation", "failed", 2001, 2060, "0x81039001", "tpm_attestation_gave_up")],
    "marks": [
        ("tpm_identity_confirmed", "device_preparation", 5, None, "{}"),
        ("tpm_attestation_gave_up", "device_preparation", 2060, "0x81039001", "{}"),
    ],
}
ATTESTED_NOT = {
    "attempts": bad("device_preparation"),
    **ended("device_preparation", "tpm_identity_failed", "0x800705B4"),
}
STATUS = json.dumps(
    {"DeviceSetup.CertificatesSubcategory": {"subcategoryState": "failed", "subcategoryStatusText": "x"}}
)
TWICE = [
    ("failed", "mdm_enrollment", "user_driven", 0, 60, None),
    ("succeeded", None, "user_driven", 70, 130, None),
]
FIRST_FAILED = {"runs": [(1, "mdm_enrollment", "failed", 10, 60, None, None)], "attempts": TWICE}


def fallen(minute):
    """The clock stands at minute 100, falls to another, and Autopilot sets it right again."""
    minutes = [100, *(minute + n / 100 for n in range(5)), 100.2]
    keys = ["ap:164"] * 5 + ["ap:753", "ap:751"]
    return [(key, {}, at, None) for key, at in zip(keys, minutes, strict=True)]


SEALED = {"marks": [("white_glove_succeeded", "device_setup", 60, None, "")]}


def resealed(days, outcome="failed"):
    later = 60 + days * 1440
    return SEALED | {
        "attempts": [
            ("succeeded", None, "pre_provisioning", 0, 60, None),
            (outcome, "device_setup", "pre_provisioning", later, later + 30, None),
        ]
    }


APP = "8be4a2e3-0000-4000-8000-000000000001"
DETECTS = rf"[Win32App] Detection script file C:\x\Content\DetectionScripts\{APP}_1.ps1 is saved."
PAGE = {"attempts": bad("device_setup"), "runs": [(1, "device_setup", "failed", 10, 60, None, None)]}
PREPARED = r"HKEY_LOCAL_MACHINE\software\microsoft\windows\autopilot\EnrollmentStatusTracking\Device"
PROVIDERS = PREPARED + r"\DevicePreparation" + "\\PolicyProviders\\"


def installed(provider, state, error):
    """How the page keeps a provider's installation."""
    kept = {"InstallationState": state, "LastError": error, "Timeout": "30", "InstallDuration": "1800"}
    return [(PROVIDERS + provider, name, value) for name, value in kept.items()]


MSI_KEY = r"HKEY_LOCAL_MACHINE\software\microsoft\EnterpriseDesktopAppManagement\S-0-0-00\MSI\{0000}"


def part(state):
    return (
        '{"DeviceSetup.AppsSubcategory":{"subcategoryState":"' + state + '",'
        '"subcategoryStatusText":"Apps (1 of 3 installed)"}}'
    )


def wrapped(begun, ended_at):
    return {"exit_code": 60001, "started_at": at(begun), "ended_at": at(ended_at)}


def msi(begun, ended_at):
    own = {"kind": "msi", "item": "msi", "name": "Legacy.msi", "outcome": "succeeded"}
    return own | {"started_at": at(begun), "ended_at": at(ended_at)}


SCEP = r"HKEY_LOCAL_MACHINE\software\microsoft\scep\S-1-12-1-1\User-WiFi\Install"


def attested(*codes):
    """An attempt that failed in device preparation, and the codes that its attestation showed."""
    marks = [("tpm_identity_failed", "device_preparation", 20, code, "{}") for code in codes]
    failed = ended("device_preparation", "device_enrollment_failed", "0x80072EE2")
    return {"attempts": bad("device_preparation"), **failed, "marks": [*failed["marks"], *marks]}


def refused_token(words):
    """An enrolment that was refused, and what Entra said a minute before."""
    failed = ended("mdm_enrollment", "enrollment_failed", "0x80180002")
    said = [("aad:1098", {"AdditionalInformation": words}, 59, "0xCAA20004")]
    return {"attempts": bad("mdm_enrollment", code="0x80180002"), **failed, "events": said}


SYSTEM_PROFILE = r"C:\Windows\system32\config\systemprofile\AppData\Local\Board.exe"


def looked_for(path):
    """What the agent writes of a file that it did not find, and of the app that it looked for."""
    return [
        ("info", f"[Win32App] Checked filePath: {path}, Exists: False, applicationDetected: False"),
        ("info", f"Detection for policy with id: {APP} ended with detection state: NotDetected."),
    ]


WANTED = {
    "kind": "certificate", "outcome": "unfinished", "blocking": None,
    "item": "./User/Vendor/MSFT/ClientCertificateInstall/SCEP/User-WiFi", "name": None,
}  # fmt: skip
RESET_NODE = "./Device/Vendor/MSFT/RemoteWipe/AutomaticRedeployment/doAutomaticRedeployment"
WIFI = WANTED | {
    "kind": "network", "outcome": "never_started", "item": "./Vendor/MSFT/WiFi/Profile/Contoso-Corp",
}  # fmt: skip
NETWORKS = json.dumps({"DeviceSetup.NetworkConnectionsSubcategory": {"subcategoryState": "succeeded"}})
CERTIFICATES = json.dumps({"DeviceSetup.CertificatesSubcategory": {"subcategoryState": "succeeded"}})
PROVISIONED = "./Vendor/MSFT/DMClient/Provider/x/FirstSyncStatus/ServerHasFinishedProvisioning"
NO_PROFILE = ("profile_empty", "profile_download", 5, None, "")
FROM_CDN = "[Win32App] CDN mode, download completes."
SESSIONS, ENTRA_SESSIONS = "[HS] Get {} active user sessions", "[HS] Total valid AAD User session count is {}"
BROKEN_CHECK = (
    "Exception happens when processing leaf rule, rule id = 55555555-aaaa-4bbb-8ccc-000000000001, "
    "rule description = Verify it., exception = System.Example: It is not there."
)
LOST = "The client heart beat health report failed to send. Response was empty or null."
SENT = "The client health report was sent successfully. Done."
CHECK = "Summary: rule Verify it. with ID 55555555-aaaa-4bbb-8ccc-000000000001, result = {}, details = N/A"
TRUST, PROBE = "Could not establish trust relationship", "TCP probe Phase"
THROTTLE = "Successfully updated throttling info."
LOADING = {"outcome": "unfinished", "download_outcome": "unfinished", "download_started_at": at(20)}
TENANT, FILE = "CloudAssignedTenantId", "AutopilotConfigurationFile.json"
BAD_FILE = {
    "attempts": bad("profile_download"),
    **ended("profile_download", "configuration_file_failed"),
    "sources": {FILE: "configuration_file_json"},
}

PREPARED = [("succeeded", None, "device_preparation", 0, 60, None)]

NO_KEY = {"properties": [("KeySignTest", "FAILED. 0x80090016")]}

UNSEEN = {"attempt": None, "code": "0x87D1041C", "blocking": None}
"""A failed app of which no log shows an attempt, and which no list names for the status page."""

TOLD = [("info", "a line of the agent")]
PUSH = ("dm:900", {"RenderedMessage": "dmwappushservice is not there"}, 5, "0x80070424")
FELL = {"outcome": "failed"}
OWN_LOG = {"members": (), "sources": {"agent.log": "own_log"}}
ROUND = ("Not compliant", "Remediation succeeded", "Compliant")
TURNS = [("info", words, minute) for minute, words in enumerate([*ROUND, *ROUND, "Not compliant"])]
CASES = {
    "ESP-DOWNLOAD-OPEN": (
        TIMED | {"installs": [LOADING]},
        TIMED | {"installs": [LOADING | {"download_outcome": "succeeded"}]},
    ),
    "APP-DOWNLOAD-FAILED": (
        {"attempts": GOOD, "installs": [{"download_outcome": "failed", "reason": "download timed out"}]},
        {"attempts": GOOD, "installs": [{"download_outcome": "succeeded", "outcome": "failed"}]},
    ),
    "AGENT-REFUSED": (
        {"attempts": GOOD, "lines": [("info", "statuscode is 401")]},
        {"attempts": GOOD, "lines": [("info", "statuscode is 503")]},
    ),
    "DOWNLOAD-FELL-BACK": (
        {"lines": [("info", "Job has failed. Error: 80D02002"), ("info", FROM_CDN)]},
        {"lines": [("info", FROM_CDN)]},
    ),
    "AGENT-CHECK-BROKE": (
        {"lines": [("info", BROKEN_CHECK)]},
        {"lines": [("info", CHECK.format("Pass"))]},
    ),
    "AGENT-NO-USER-SESSION": (
        {"lines": [("info", SESSIONS.format(1)), ("info", ENTRA_SESSIONS.format(0))]},
        {"lines": [("info", SESSIONS.format(1)), ("info", ENTRA_SESSIONS.format(1))]},
    ),
    "APP-END-UNREAD": (
        {"installs": [HANGING | {"kind": "win32", "outcome": "unknown", "reason": END_UNREAD}]},
        {"installs": [HANGING | {"kind": "win32", "outcome": "unknown"}]},
    ),
    "AGENT-BEFORE-SIGN-IN": (
        {"lines": [("info", "After impersonation: PC\\defaultuser0"), ("info", NO_AGENT_TOKEN)]},
        {"lines": [("info", "After impersonation: PC\\ada"), ("info", NO_AGENT_TOKEN)]},
    ),
    "APP-WITHOUT-END": (
        {"installs": [HANGING | {"kind": "win32", "detail": '{"process": 7}'}]},
        {"attempts": OPEN, "installs": [HANGING | {"kind": "win32", "detail": '{"process": 7}'}]},
    ),
    "AGENT-UNHEARD": (
        {"attempts": GOOD, "lines": [("info", LOST), ("info", SENT), ("info", LOST)]},
        {"attempts": GOOD, "lines": [("info", LOST), ("info", SENT)]},
    ),
    "AGENT-CHECK-FAILED": (
        {"attempts": GOOD, "lines": [("info", CHECK.format("Fail"))]},
        {"attempts": GOOD, "lines": [("info", CHECK.format("Pass"))]},
    ),
    "AGENT-ROOT-MISSING": (
        {"lines": distrusted("CN=Example TLS CA1, O=DigiCert Inc, C=US")},
        {"lines": distrusted("CN=Example Proxy CA, O=Contoso, C=US")},
    ),
    "AGENT-TLS-FOREIGN": (
        {"lines": distrusted("CN=Example Proxy CA, O=Contoso, C=US")},
        {"lines": distrusted("CN=Example TLS CA1, O=DigiCert Inc, C=US")},
    ),
    "AGENT-TLS-REFUSED": (
        {"attempts": GOOD, "lines": [("info", f"{TRUST} for the SSL/TLS secure channel.")]},
        {"attempts": GOOD, "lines": [("info", f"{TRUST} with the domain")]},
    ),
    "AGENT-ENDPOINT-BLOCKED": (
        {
            "attempts": GOOD,
            "lines": [("info", f"{PROBE} 1 completed. Same endpoint test: FAILED")],
        },
        {"attempts": GOOD, "lines": [("info", f"{PROBE} 2 SD4: FAILED (IPs attempted: 3) (TIMEOUT)")]},
    ),
    "AGENT-THROTTLED": (
        {"attempts": GOOD, "lines": [("info", f"{THROTTLE} workload AgentCheckIn, currentCnt = 25")]},
        {"attempts": GOOD, "lines": [("info", f"{THROTTLE} workload AgentCheckIn, currentCnt = 24")]},
    ),
    "AGENT-PROXY": (
        {"attempts": GOOD, "lines": [("info", "static proxy=proxy.example.com:8080")]},
        {"attempts": GOOD, "lines": [("info", "static proxy=")]},
    ),
    "APP-WAITS-FOR-RESTART": (
        {"attempts": GOOD, "installs": [{"outcome": "waiting", "reason": "reboot"}]},
        {"attempts": GOOD, "installs": [{"outcome": "waiting", "reason": "dependency"}]},
    ),
    "APP-DOWNLOAD-STALLED": (
        {"attempts": GOOD, "installs": [LOADING | {"stalls": 1, "stalled": timedelta(minutes=3)}]},
        {"attempts": GOOD, "installs": [LOADING | {"stalls": 0}]},
    ),
    "ESP-DISK-FULL": (
        SETUP | {"installs": [{"code": "0x80070070", "exit_code": 112}]},
        SETUP | {"installs": [{"code": "0x80070643", "exit_code": 1603}]},
    ),
    "ESP-CERTIFICATE-HELLO": (
        SETUP | {"installs": [WANTED], "registry": [(SCEP, "KeyProtection", "4")]},
        SETUP | {"installs": [WANTED | {"item": "VPN"}], "registry": [(SCEP, "KeyProtection", "4")]},
    ),
    "ESP-CERTIFICATE-LATE": (
        TIMED | {"installs": [WANTED]},
        TIMED | {"installs": [WANTED], "registry": [(SETTINGS, "DeviceSetupCategory.Status", CERTIFICATES)]},
    ),
    "ESP-NETWORK-LATE": (
        TIMED | {"installs": [WIFI]},
        TIMED | {"installs": [WIFI], "registry": [(SETTINGS, "DeviceSetupCategory.Status", NETWORKS)]},
    ),
    "TPM-ATTESTATION-UNREACHABLE": (attested("0x80072EE2", None), attested("0x80072EE2", "0x80190194")),
    "TOKEN-BLOCKED": (
        refused_token("AADSTS53003: Access has been blocked by Conditional Access policies."),
        refused_token("AADSTS50126: Invalid username or password."),
    ),
    "NETWORK-LOST": (
        SETUP | {"events": [("net:10001", {}, 20, None), ("dm:209", {}, 30, "0x80072EE7")]},
        SETUP | {"events": [("net:10001", {}, 20, None), ("dm:209", {}, 30, None)]},
    ),
    "SIGN-IN-PROVIDER-BLOCKED": (
        {"attempts": OPEN, "marks": [("sign_in_page_error", None, 5, None, '{"Value": "OOBEIDPS"}')]},
        {"attempts": GOOD, "marks": [("sign_in_page_error", None, 5, None, '{"Value": "OOBEIDPS"}')]},
    ),
    "CONFIGURATION-FILE-UNICODE": (
        BAD_FILE | {"properties": [("encoding", "utf-16", FILE)]},
        BAD_FILE | {"properties": [("encoding", "ansi", FILE)]},
    ),
    "CONFIGURATION-FILE-SEVERAL": (
        BAD_FILE | {"properties": [(TENANT, "a", FILE), (TENANT, "b", FILE, "object 2")]},
        BAD_FILE | {"properties": [(TENANT, "a", FILE)]},
    ),
    "MDM-UNREACHABLE": (
        SETUP | {"events": [("dm:204", {}, n, "0x80072EFD") for n in (12, 14, 16)]},
        SETUP
        | {"events": [*(("dm:204", {}, n, "0x80072EFD") for n in (12, 14, 16)), ("dm:209", {}, 17, None)]},
    ),
    "FIREWALL-BLOCKS-OUTBOUND": (
        SETUP
        | {
            "events": [("dm:209", {}, n, "0x80072EFD") for n in (12, 14, 16)],
            "properties": [("firewall policy", "BlockInbound,BlockOutbound", "netsh.log", "Public Profile")],
        },
        SETUP
        | {
            "events": [("dm:209", {}, n, "0x80072EFD") for n in (12, 14, 16)],
            "properties": [("firewall policy", "BlockInbound,AllowOutbound", "netsh.log", "Public Profile")],
        },
    ),
    "MDM-NOT-RENEWED": (
        {"events": [("dm:26", {}, n, "0x80180016") for n in (0, 700, 1440)]},
        {"events": [*(("dm:26", {}, n, "0x80180016") for n in (0, 700, 1440)), ("dm:10", {}, 1441, None)]},
    ),
    "PREPARATION-NOT-APPLIED": (
        {
            "device": {"registered": True, "profile_name": "Classic", "scenario": "user_driven"},
            "registry": [(DIAGNOSTICS, "DeploymentProfileName", "Classic")],
            "properties": [("device preparation", "why not?", "mail.txt", "Asked about")],
        },
        {
            "device": {"registered": True, "profile_name": "Classic", "scenario": "device_preparation"},
            "registry": [(DIAGNOSTICS, "DeploymentProfileName", "Classic")],
            "properties": [("device preparation", "why not?", "mail.txt", "Asked about")],
        },
    ),
    "MDM-CERTIFICATE-WANTED": (
        {"events": [("dm:209", {}, n, "0x80072F0C") for n in (0, 30, 60)]},
        {"events": [*(("dm:209", {}, n, "0x80072F0C") for n in (0, 30, 60)), ("dm:209", {}, 61, None)]},
    ),
    "MDM-CERTIFICATE-ENDED": (
        {
            "events": [("dm:209", {}, 0, "0x80072F0C")],
            "properties": [
                ("Issuer", "CN=Microsoft Intune MDM Device CA", "certs.txt", "Stored certificate 1"),
                ("NotAfter", "2026-01-15 08:00:00", "certs.txt", "Stored certificate 1"),
            ],
        },
        {
            "events": [("dm:209", {}, 0, "0x80072F0C")],
            "properties": [
                ("Issuer", "CN=Example VPN CA", "certs.txt", "Stored certificate 1"),
                ("NotAfter", "2026-01-15 08:00:00", "certs.txt", "Stored certificate 1"),
            ],
        },
    ),
    "MDM-SERVER-FAULT": (
        {"events": [("dm:52", {"Message1": "DeviceNotSupported", "Message2": "no"}, 5, None)]},
        {"events": [("dm:52", {"Message1": "DeviceNotSupported"}, 5, None)], **noted(("enrolled", 6))},
    ),
    "MDM-RENEWAL-UNREACHED": (
        {"events": [("dm:26", {}, n, "0x80072EE2") for n in (0, 700, 1440)]},
        {"events": [*(("dm:26", {}, n, "0x80072EE2") for n in (0, 700, 1440)), ("dm:209", {}, 1441, None)]},
    ),
    "OTHER-AGENT-ENROLLMENT": (
        OWN_LOG | {"lines": [("info", "Enrollment failed: 80180014")]},
        {"lines": [("info", "Enrollment failed: 80180014")]},
    ),
    "REMEDIATION-UNMET": (
        OWN_LOG | {"lines": [("info", "Remediation succeeded", 5), ("info", "Not compliant", 6)]},
        OWN_LOG | {"lines": [("info", "Remediation succeeded", 5), ("info", "Compliant", 6)]},
    ),
    "REMEDIATION-UNDONE": (
        OWN_LOG | {"lines": TURNS},
        OWN_LOG | {"lines": TURNS[:-1]},
    ),
    "PUSH-ROUTING-MISSING": (
        ended("mdm_enrollment", "enrollment_failed", "0x80180023") | {"events": [PUSH]},
        {"events": [PUSH]},
    ),
    "WIPE-REFUSED": (
        {"events": [("dm:400", {"Message5": "./Vendor/MSFT/RemoteWipe/doWipe"}, 5, "0x80070032")]},
        {"events": [("dm:404", {"Message5": RESET_NODE}, 5, "0x80070032")]},
    ),
    "CERTIFICATE-UNASKED": (
        {"events": [("certenroll:86", {"RenderedMessage": "Stage: GetCACaps"}, None, None)]},
        {"events": [("certenroll:87", {"RenderedMessage": "Stage: SubmitDone"}, None, None)]},
    ),
    "RESET-REFUSED": (
        {"events": [("dm:404", {"Message5": RESET_NODE}, 5, "0x80070032")]},
        {"events": [("dm:404", {"Message5": "./Vendor/MSFT/Policy/x"}, 5, "0x80070032")]},
    ),
    "RESET-NO-IMAGE": (
        {
            "events": [("dm:404", {"Message5": RESET_NODE}, 5, "0x80070032")],
            "properties": [("Windows RE image", "not found", "re.txt", "reagentc")],
        },
        {"properties": [("Windows RE image", "not found", "re.txt", "reagentc")]},
    ),
    "APP-FAILED-TRACKED": (
        {"installs": [UNSEEN | {"blocking": True}], "coverage": [("events_autopilot", "absent")]},
        {"installs": [UNSEEN], "coverage": [("events_autopilot", "absent")]},
    ),
    "AGENT-NOT-LOADED": (
        WITHOUT_AGENT | {"installs": [AGENT_PACKAGE]},
        WITHOUT_AGENT | {"installs": [AGENT_PACKAGE | {"name": "example.msi"}]},
    ),
    "AGENT-NOT-INSTALLED": (
        WITHOUT_AGENT | {"installs": [AGENT_PACKAGE | {"reason": None, "exit_code": 1603}]},
        WITHOUT_AGENT | {"installs": [AGENT_PACKAGE]},
    ),
    "AGENT-BLOCKED": (
        {"events": [("integrity:3077", {"FileName": OWN_AGENT}, 20, None)]},
        {"events": [("integrity:3076", {"FileName": OWN_AGENT}, 20, None)]},
    ),
    "APP-FRAMEWORK-MISSING": (
        {"events": [("appx:404", NO_FRAMEWORK, 20, "0x80073CF3")]},
        {"events": [("appx:404", NO_FRAMEWORK, 20, "0x80073D02")]},
    ),
    "APP-PACKAGE-REFUSED": (
        ENDED_BY_APPS | {"events": [("appx:404", PACKAGE_ALONE, 20, "0x80073CF3")]},
        ENDED_BY_APPS | {"events": [("appx:404", PACKAGE_ALONE, 20, "0x80073D02")]},
    ),
    "APP-TIME-LIMIT": (
        SETUP | {"installs": [{"outcome": "failed", "reason": "installer ran into its time limit"}]},
        SETUP | {"installs": [{"outcome": "failed", "reason": "installer could not be started"}]},
    ),
    "APP-FAILED-UNPLACED": (
        {"installs": [UNSEEN], "coverage": [("events_autopilot", "absent")]},
        {"installs": [UNSEEN], "coverage": [("events_autopilot", "partial")]},
    ),
    "PROGRAMS-END-ALIKE": (
        {
            "installs": [
                FELL | {"exit_code": 3221225794},
                FELL | {"name": "other", "exit_code": -1073741502},
            ],
            "lines": TOLD,
        },
        {
            "installs": [FELL | {"exit_code": 322}, FELL | {"name": "other", "exit_code": 322}],
            "lines": TOLD,
        },
    ),
    "REMEDIATION-PART-ERROR": (
        {"properties": [("remediationScriptError", "It is away", "states.json", "Run state 1")]},
        {"properties": [("remediationScriptOutput", "It is away", "states.json", "Run state 1")]},
    ),
    "SCRIPT-ENDED-BY-ERROR": (
        {
            "lines": [("error", 'PS>TerminatingError(Get-Item): "Cannot find path"')],
            "properties": [("Started", "20260302081500", "agent.log", "PowerShell transcript")],
            "sources": {"agent.log": "transcript"},
        },
        {
            "lines": [(None, "Get-Item : Cannot find path")],
            "properties": [("Started", "20260302081500", "agent.log", "PowerShell transcript")],
            "sources": {"agent.log": "transcript"},
        },
    ),
    "SYNC-WITHOUT-TOKEN": (
        {"events": [("dm:1", {"RenderedMessage": NO_TOKEN.format("Code: 0xcaa2000c")}, 5, None)]},
        {"events": [("dm:1", {"RenderedMessage": NO_TOKEN.format("Incorrect function")}, 5, None)]},
    ),
    "TOKEN-REFUSED-ALONE": (
        {"events": [("aad:1098", {"Error": SECOND_FACTOR}, None, "0xCAA2000C")]},
        {"events": [("aad:1098", {"Error": SECOND_FACTOR}, 5, "0xCAA2000C")]},
    ),
    "FEDERATION-REFUSED": (
        {"events": [("aad:1098", {"Error": "0xCAA90014"}, None, "0xCAA90014")]},
        {"events": [("aad:1098", {"Error": "0xCAA20003"}, None, "0xCAA20003")]},
    ),
    "TOKEN-NETWORK-LATE": (
        {"events": [NO_NETWORK], "properties": [("AzureAdJoined", "YES"), ("AzureAdPrt", "YES")]},
        {"events": [NO_NETWORK], "properties": [("AzureAdJoined", "YES"), ("AzureAdPrt", "NO")]},
    ),
    "TOKEN-CALL-FAILED": (
        {"events": [NO_NETWORK], "properties": [("AzureAdJoined", "YES"), ("AzureAdPrt", "NO")]},
        {"events": [NO_NETWORK], "properties": [("AzureAdJoined", "YES"), ("AzureAdPrt", "YES")]},
    ),
    "APP-CAME-LATER": (
        {"installs": [{"outcome": "failed"}, {"outcome": "succeeded", "try_number": 2}]},
        {"installs": [{"outcome": "succeeded"}, {"outcome": "failed", "try_number": 2}]},
    ),
    "CERTIFICATE-REFUSED-ALONE": (
        {"events": [("dm:32", {"RenderedMessage": "SCEP: refused"}, None, None)]},
        {"events": [("dm:32", {"RenderedMessage": "SCEP: refused"}, 5, None)]},
    ),
    "AGENT-TOKEN-REFUSED-ALONE": (
        {"lines": [("info", NO_AGENT_TOKEN)]},
        {"lines": [("info", NO_AGENT_TOKEN), ("info", "Successfully get the token with client id a")]},
    ),
    "UPDATE-FAILED-BY-ITS-LOG": (
        {
            "lines": [("warning", "WARNING: SendRequest failed with hr = 80072ee2.")] * 3,
            "sources": {"agent.log": "update_log"},
        },
        {
            "lines": [("warning", "WARNING: SendRequest failed with hr = 80072ee2.")] * 2,
            "sources": {"agent.log": "update_log"},
        },
    ),
    "INSTALLER-FAILED": (
        {
            "lines": [("info", "MSI (c) (10:30) [11:20:38:000]: MainEngineThread is returning 1603")],
            "sources": {"agent.log": "installer_msi"},
        },
        {
            "lines": [("info", "MSI (c) (10:30) [11:20:38:000]: MainEngineThread is returning 3010")],
            "sources": {"agent.log": "installer_msi"},
        },
    ),
    "REMOVAL-FAILED": (
        {
            "lines": [("info", "MSI (c) (10:30) [11:20:38:000]: Removal success or error status: 1603")],
            "sources": {"agent.log": "installer_msi"},
        },
        {
            "lines": [("info", "MSI (c) (10:30) [11:20:38:000]: Removal success or error status: 3010")],
            "sources": {"agent.log": "installer_msi"},
        },
    ),
    "HYBRID-JOIN-PHASE": (
        {"properties": [("AzureAdJoined", "NO"), ("DomainJoined", "YES"), ("Error Phase", "discover")]},
        {"properties": [("AzureAdJoined", "YES"), ("DomainJoined", "YES"), ("Error Phase", "discover")]},
    ),
    "HYBRID-DOMAIN-UNREACHED": (
        {"properties": [*OF_A_DOMAIN, ("AD Connectivity Test", "FAIL [0x8007054b]")]},
        {"properties": [*OF_A_DOMAIN, ("AD Connectivity Test", "PASS")]},
    ),
    "DEVICE-NOT-TRUSTED": (
        {"properties": [("DeviceAuthStatus", "FAILED. Device is either disabled or deleted")]},
        {"properties": [("DeviceAuthStatus", "FAILED. Error: 0x80072ee7")]},
    ),
    "DEVICE-CHECK-UNREACHED": (
        {"properties": [("DeviceAuthStatus", "FAILED. Error: 0xc000023c")]},
        {"properties": [("DeviceAuthStatus", "FAILED. Device is either disabled or deleted")]},
    ),
    "ENTERPRISE-JOIN-FAILED": (
        {"properties": [("Failed step", "wmain: enterprise DRS join failed with error 0xcaa1000e.")]},
        {"properties": [("Failed step", "wmain: join failed with error 0xcaa1000e.")]},
    ),
    "JOIN-DEBUG-FAILED": (
        {"properties": [("Failed step", "wmain: failed with error code 0x801c0021.")]},
        {
            "properties": [
                ("Failed step", "wmain: failed with error code 0x801c0021."),
                ("AzureAdJoined", "YES"),
            ]
        },
    ),
    "JOIN-NO-CONTROLLER": (
        {"properties": [("preCheckResult", "DoNotJoin"), ("isDcAvailable", "NO")]},
        {"properties": [("preCheckResult", "DoNotJoin"), ("isDcAvailable", "NO"), ("isJoined", "YES")]},
    ),
    "JOIN-NOT-BEGUN": (
        {"properties": [("preCheckResult", "DoNotJoin")]},
        {"properties": [("preCheckResult", "Join")]},
    ),
    "LEAVE-FAILED": (
        {"properties": [("Failed leave", "wmain: failed with error code 0x80070005.")]},
        {"properties": [("Failed step", "wmain: failed with error code 0x80070005.")]},
    ),
    "TOKEN-REFRESH-FAILED": (
        {"properties": [("Failed token refresh", "wmain: failed with error code 0xcaa20003.")]},
        {"properties": [("Failed leave", "wmain: failed with error code 0xcaa20003.")]},
    ),
    "ENTERPRISE-TOKEN-REFUSED": (
        {"properties": [("EnterprisePrt", "NO"), *AD_FS_REFUSED]},
        {"properties": [("EnterprisePrt", "YES"), *AD_FS_REFUSED]},
    ),
    "HELLO-WILL-NOT-PROVISION": (
        {"properties": [*HELLO_WANTED, ("PolicyEnabled", "YES")]},
        {"properties": [*HELLO_WANTED, ("PolicyEnabled", "NO")]},
    ),
    "DEVICE-KEY-BROKEN": (
        {"properties": [("KeySignTest", "FAILED. 0x80090016")]},
        {"properties": [("KeySignTest", "PASSED")]},
    ),
    "DEVICE-KEY-LOST": (
        NO_KEY | {"events": [("tpm:1027", {}, 90, None)], **noted(("joined", 30))},
        NO_KEY | {"events": [("tpm:1027", {}, 10, None)], **noted(("joined", 30))},
    ),
    "KEY-SESSIONS-REFUSED": (
        NO_KEY | {"events": [("dm:209", {}, n, "0x80190191") for n in (60, 70, 80)]},
        NO_KEY
        | {"events": [*(("dm:209", {}, n, "0x80190191") for n in (60, 70, 80)), ("dm:209", {}, 90, None)]},
    ),
    "TOKEN-REFUSED": (
        {"properties": [("AzureAdPrt", "NO"), ("Server Error Description", "AADSTS50126: example")]},
        {"properties": [("AzureAdPrt", "YES"), ("Server Error Description", "AADSTS50126: example")]},
    ),
    "ESP-USER-WITHOUT-TOKEN": (
        USER_TIMED
        | {"properties": [("AzureAdPrt", "NO"), ("Server Error Description", "AADSTS50072: example")]},
        TIMED | {"properties": [("AzureAdPrt", "NO"), ("Server Error Description", "AADSTS50072: example")]},
    ),
    "PROVISIONING-END-REFUSED": (
        {
            "attempts": bad("account_setup"),
            "events": [("dm:404", {"uri": PROVISIONED}, 30, "0x86000002")],
        },
        {"attempts": GOOD, "events": [("dm:404", {"uri": PROVISIONED}, 30, "0x86000002")]},
    ),
    "PROFILE-NEVER-CAME": (
        {"marks": [NO_PROFILE], "screens": [{"at": at(20)}]},
        {
            "marks": [NO_PROFILE, ("profile_available", "profile_download", 6, None, "")],
            "screens": [{"at": at(20)}],
        },
    ),
    "JOIN-UNREACHED": (
        {"attempts": bad("entra_join"), **ended("entra_join", "join_failed", "0x80072EE7")},
        {"attempts": bad("entra_join"), **ended("entra_join", "join_failed", "0x801C03ED")},
    ),
    "SIGN-IN-PAGE-REFUSED": (
        {"attempts": OPEN, "marks": [("sign_in_page_error", None, 30, "0x801C0003", "")]},
        {"attempts": bad("entra_join"), "marks": [("sign_in_page_error", None, 30, "0x801C0003", "")]},
    ),
    "SIGN-IN-PAGE-FAILED": (
        {"attempts": OPEN, "marks": [("sign_in_page_error", None, 30, "0x80070002", "")]},
        {"attempts": OPEN, "marks": [("sign_in_page_error", None, 30, "0x801C0003", "")]},
    ),
    "NETWORK-NO-INTERNET": (
        {"attempts": bad("network"), **ended("network", "autopilot_not_used")},
        {"attempts": GOOD, **ended("network", "internet_available", outcome="succeeded")},
    ),
    "PROFILE-DOWNLOAD-FAILED": (
        {
            "attempts": bad("profile_download"),
            **ended("profile_download", "profile_download_failed", "0x80072EE7"),
        },
        {"attempts": GOOD, **noted(("profile_download_retried", 5))},
    ),
    "CONFIGURATION-FILE-UNUSABLE": (
        {"attempts": bad("profile_download"), **ended("profile_download", "configuration_file_failed")},
        {"attempts": bad("profile_download"), **ended("profile_download", "profile_download_failed")},
    ),
    "PROFILE-BLANK-CACHED": (
        {
            "marks": [("profile_empty", None, 5, None, ""), ("profile_available", None, 80, None, "")],
            "attempts": TWICE,
        },
        {
            "marks": [("profile_empty", None, 75, None, ""), ("profile_available", None, 80, None, "")],
            "attempts": TWICE,
        },
    ),
    "PROFILE-NOT-ASSIGNED": (
        {"device": {"registered": True}, "attempts": OPEN, **noted(("profile_empty", 5))},
        {"device": {"registered": False}, "attempts": OPEN, **noted(("profile_empty", 5))},
    ),
    "PREPARATION-ITEM-FAILED": (
        {
            "attempts": [("unfinished", None, "device_preparation", 0, None, None)],
            "installs": [{"outcome": "failed", "exit_code": 1603}],
        },
        {"attempts": OPEN, "installs": [{"outcome": "failed", "exit_code": 1603}]},
    ),
    "CONNECTOR-SERVICE-RIGHT": (NO_JOIN_DATA, NO_JOIN_DATA | {"events": NO_JOIN_DATA["events"][1:]}),
    "CONNECTOR-SERVICE-DOWN": (
        NO_JOIN_DATA,
        NO_JOIN_DATA
        | {"events": [("scm:7000", {"param1": "Example Service", "param2": "%%1069"}, -60, None)]},
    ),
    "BITLOCKER-OTHER-METHOD": (
        {"events": [encrypted(), wants(7)]},
        {"events": [encrypted(), wants(7, minute=4)]},
    ),
    "OOBE-WITHOUT-NETWORK": (LEFT_OFFLINE, LEFT_OFFLINE | {"events": []}),
    "PREPARATION-NEVER-ENDED": (STANDING, STANDING | {"marks": STANDING["marks"][:1]}),
    "PREPARATION-SKIPPED": (
        {"attempts": PREPARED, "installs": [{"outcome": "skipped"}]},
        {"attempts": PREPARED, "installs": [{"outcome": "skipped", "name": "Policies"}]},
    ),
    "PROFILE-EMPTY": (
        {"attempts": OPEN, **noted(("profile_empty", 5))},
        {"device": {"registered": True}, "attempts": OPEN, **noted(("profile_empty", 5))},
    ),
    "DEVICE-NOT-REGISTERED": (
        {"marks": [("profile_download_failed", None, 5, None, '{"ErrorCode": 807}')]},
        {"marks": [("profile_saved", None, 5, None, '{"ErrorCode": 807}')]},
    ),
    "HARDWARE-MISMATCH": (
        {"marks": [("profile_service_answered", None, 5, None, "SerialNumberMismatch")]},
        {"marks": [("profile_service_answered", None, 5, None, "9081")]},
    ),
    "DEVICE-IN-OTHER-TENANT": (
        {"marks": [("profile_download_failed", None, 5, None, "ZtdDeviceAssignedToOtherTenant")]},
        {"marks": [("profile_download_failed", None, 5, None, "ZtdDeviceAlreadyAssigned")]},
    ),
    "PROFILE-CACHE-LOST": (
        {
            "registry": [
                (DIAGNOSTICS, "CloudAssignedTenantDomain", "example.com"),
                (CACHE, "ProfileAvailable", "0"),
            ]
        },
        {"registry": [(DIAGNOSTICS, "CloudAssignedTenantDomain", ""), (CACHE, "ProfileAvailable", "0")]},
    ),
    "TPM-ATTESTATION-FAILED": (
        {
            "attempts": bad("device_preparation"),
            **ended("device_preparation", "tpm_identity_failed", "0x80070490"),
        },
        {"attempts": GOOD, **noted(("tpm_identity_failed", 20))},
    ),
    "TPM-ATTESTATION-CLOCK": (
        ATTESTED_NOT | {"steps": [("clock_step", 62, 420, "the clock was set")]},
        ATTESTED_NOT | {"steps": [("clock_step", 9, 420, "the clock was set")]},
    ),
    "TPM-ATTESTATION-AFTER-RESET": (
        SECOND_RUN | {"marks": [*SECOND_RUN["marks"], ("reset_chosen", None, 65, None, "")]},
        SECOND_RUN,
    ),
    "TPM-ATTESTATION-OLD-WINDOWS": (
        ATTESTED_NOT | {"device": {"build": "17763.195"}},
        ATTESTED_NOT | {"device": {"build": "18362.1"}},
    ),
    "CONFIGMGR-CLIENT-FAILED": (
        PAGE | {"registry": installed("ConfigMgr", "4", "2147943860")},
        PAGE | {"registry": installed("Sidecar", "4", "2147943860")},
    ),
    "TOKEN-MISSED": (
        refused_token("AADSTS50078: Presented multi-factor authentication has expired"),
        refused_token("AADSTS50126: Invalid username or password."),
    ),
    "TPM-NOT-CAPABLE": (noted(("tpm_not_capable", 5)), noted(("tpm_certificate_missing", 5))),
    "DEVICE-ENROLLMENT-FAILED": (
        {
            "attempts": bad("device_preparation"),
            **ended("device_preparation", "device_enrollment_failed", "0x800705B4"),
        },
        {"attempts": GOOD, **noted(("device_enrollment_failed", 20))},
    ),
    "PROVIDER-INSTALL-FAILED": (
        {"attempts": bad("device_preparation"), **ended("device_preparation", "provider_install_failed")},
        {"attempts": bad("device_preparation"), **ended("device_preparation", "tpm_identity_failed")},
    ),
    "TPM-CERTIFICATE-HOST": tuple(
        {
            "attempts": bad("device_preparation", "self_deploying"),
            **ended("device_preparation", "tpm_identity_failed", "0x81039001"),
            "sources": {"aik.txt": "aik_text"},
            "properties": [("url", "https://ekop.intel.com/x", "aik.txt"), ("code", code, "aik.txt")],
        }
        for code in ("0x80072EE7", "0x80190194")
    ),
    "POLICY-PROVIDER-FAILED": (
        {
            "attempts": bad("device_preparation"),
            **ended("device_preparation", "provider_install_failed", detail='{"Message1": "Contoso"}'),
        },
        {
            "attempts": bad("device_preparation"),
            **ended("device_preparation", "provider_install_failed", detail='{"Message1": "Sidecar"}'),
        },
    ),
    "PREPARATION-FAILED": (
        {"attempts": bad("device_preparation"), **ended("device_preparation", "preparation_page_failed")},
        {"attempts": GOOD, **ended("device_preparation", "preparation_page_finished", outcome="succeeded")},
    ),
    "ENTRA-JOIN-FAILED": (
        {"attempts": bad("entra_join"), **ended("entra_join", "join_failed", "0x801C0003")},
        {
            "attempts": bad("entra_join", "hybrid_join"),
            **ended("entra_join", "automatic_join_failed", "0x801C0003"),
        },
    ),
    "HYBRID-JOIN-FAILED": (
        {
            "attempts": bad("entra_join", "hybrid_join"),
            **ended("entra_join", "automatic_join_failed", "0x801C03F2"),
        },
        {
            "attempts": bad("entra_join", "hybrid_join"),
            **ended("entra_join", "offline_join_timed_out", "0x80070774"),
        },
    ),
    "DUAL-STATE": ({"properties": dual()}, {"properties": dual(tenant="c0ffee00-2")}),
    "PROFILE-KEPT-FROM-BEFORE": (kept_since("2026-02-01T07:59:00Z"), kept_since("2026-03-02T07:59:00Z")),
    "HYBRID-ASSIGNED-USER": (assigned("ola@example.com"), assigned("")),
    "HYBRID-DOMAIN-OUT-OF-SIGHT": (out_of_sight(50, 55, 60), out_of_sight(50, 55)),
    "HYBRID-BLOB-MISSING": (
        {"attempts": bad("entra_join", "hybrid_join"), **ended("entra_join", "offline_join_timed_out")},
        {"attempts": bad("entra_join", "hybrid_join"), **ended("entra_join", "automatic_join_failed")},
    ),
    "JOIN-WEB-PAGE": (
        {
            "attempts": bad("entra_join"),
            **ended("entra_join", "join_failed", "0x8007000D"),
            "events": [("udr:201", {"ServerMessage": "<!DOCTYPE html><html>"}, 30, "0x8007000D")],
        },
        {
            "attempts": bad("entra_join"),
            **ended("entra_join", "join_failed", "0x8007000D"),
            "events": [("udr:201", {"ServerMessage": '{"ErrorType":"x"}'}, 30, "0x8007000D")],
        },
    ),
    "HYBRID-DC-UNREACHABLE": (
        {
            "attempts": bad("entra_join", "hybrid_join"),
            **ended("entra_join", "offline_join_timed_out", "0x80070774"),
        },
        {"attempts": bad("entra_join"), **ended("entra_join", "join_failed", "0x80070774")},
    ),
    "JOIN-PHASE": (
        {"properties": [("Error Phase", "discover"), ("Client ErrorCode", "0x801c0021")]},
        {"properties": [("Error Phase", ""), ("Client ErrorCode", "0x0")]},
    ),
    "JOIN-OBJECT-MISSING": (
        {
            "properties": [
                ("Server ErrorSubCode", "error_missing_device"),
                ("Server Operation", "DeviceRenew"),
            ]
        },
        {"properties": [("Server ErrorSubCode", "error_missing_device"), ("Server Operation", "DeviceJoin")]},
    ),
    "JOIN-TRY-FAILED": (
        {"properties": [("Client ErrorCode", "0x801c03f2")]},
        {"properties": [("Client ErrorCode", "0x801c03f2"), ("Error Phase", "join")]},
    ),
    "KERBEROS-TICKET-FAILED": (
        {"properties": [("Kerberos Ticket Test", "FAIL [0x80090303]")]},
        {"properties": [("Kerberos Ticket Test", "FAIL [0x80090303]"), ("DeviceAuthStatus", "SUCCESS")]},
    ),
    "TOKEN-TRY-FAILED": (
        {"properties": [("Attempt Status", "0xc000006d")]},
        {"properties": [("Attempt Status", "0xc000006d"), ("AzureAdPrt", "YES")]},
    ),
    "ENROLLMENT-WITHOUT-TOKEN": (
        {"properties": [("AzureAdPrt", "NO")], "events": [("dm:76", {}, 5, "0x80180001")]},
        {"properties": [("AzureAdPrt", "NO")], "events": [("dm:75", {}, 5, None)]},
    ),
    "JOIN-NO-TOKEN": (
        {"properties": [("AzureAdJoined", "YES"), ("AzureAdPrt", "NO")]},
        {"properties": [("AzureAdJoined", "NO"), ("AzureAdPrt", "NO")]},
    ),
    "SIGN-IN-FAILED": (
        {"attempts": bad("user_authentication"), **ended("user_authentication", "sign_in_failed")},
        {"attempts": GOOD, **noted(("sign_in_failed", 5))},
    ),
    "SIGN-IN-ERROR": (
        {"attempts": bad("entra_join"), "events": [("aad:1081", {"Error": "AADSTS50076: more"}, 20, None)]},
        {
            "attempts": bad("entra_join"),
            "events": [("aad:1081", {"Error": "AADSTS50126: wrong password"}, 20, None)],
        },
    ),
    "TPM-KEY-UNREACHED": (
        {"properties": [("code", "0x80072EE7", "CertReq.txt")], "sources": {"CertReq.txt": "aik_text"}},
        {"properties": [("code", "0x80072EE7", "CertReq.txt")], "sources": {"CertReq.txt": "tpm_text"}},
    ),
    "TPM-TOO-OLD": (
        {"properties": [("-TPM Present", "True"), ("-TPM Version", "1.2")]},
        {"properties": [("-TPM Present", "True"), ("-TPM Version", "2.0")]},
    ),
    "NETWORK-TEST-FAILED": (
        {"properties": [("TcpTestSucceeded", "False", "a.txt", "Network test login.live.com 443")]},
        {"properties": [("TcpTestSucceeded", "True", "a.txt", "Network test login.live.com 443")]},
    ),
    "NETWORK-TEST-PORTAL": (
        {"properties": [("AnsweredBy", "portal.example", "a.txt", "Network test www.msftconnecttest.com")]},
        {"properties": [("AnsweredBy", "portal.example", "a.txt", "Network test www.example.com")]},
    ),
    "NETWORK-TEST-PRIVATE-ADDRESS": (
        {"properties": [("ResolvedTo", "10.0.0.9", "a.txt", "Network test login.live.com")]},
        {"properties": [("ResolvedTo", "203.0.113.9", "a.txt", "Network test login.live.com")]},
    ),
    "NETWORK-TEST-OTHER": (
        {"properties": [("NameResolutionSucceeded", "False", "a.txt", "Network test app.example.com")]},
        {"properties": [("PingSucceeded", "False", "a.txt", "Network test app.example.com")]},
    ),
    "NETWORK-TEST-PORT": (
        {"properties": [("TcpTestSucceeded", "False", "a.txt", "Network test app.example.com 443")]},
        {"properties": [("TcpTestSucceeded", "True", "a.txt", "Network test app.example.com 443")]},
    ),
    "NETWORK-TEST-TRUST": (
        {"properties": [("TlsSucceeded", "False", "a.txt", "Network test app.example.com 443")]},
        {"properties": [("TlsSucceeded", "True", "a.txt", "Network test app.example.com 443")]},
    ),
    "NETWORK-TEST-INSPECTED": (
        {"properties": [("TlsIssuer", "O=Zscaler Inc., C=US", "a.txt", "Network test login.live.com")]},
        {"properties": [("TlsIssuer", "O=Microsoft Corporation", "a.txt", "Network test login.live.com")]},
    ),
    "BITLOCKER-PROTECTION-OFF": (
        {"properties": drive("FullyEncrypted", "Off")},
        {"properties": drive("FullyEncrypted", "On")},
    ),
    "BITLOCKER-NOT-ENCRYPTED": (
        {"properties": drive("FullyDecrypted", "Off", "{}")},
        {"properties": drive("EncryptionInProgress", "Off", "{}")},
    ),
    "DEFENDER-OFF": (
        {"properties": [("AMRunningMode", "Not running", "a.txt", "Defender")]},
        {"properties": [("AMRunningMode", "Passive Mode", "a.txt", "Defender")]},
    ),
    "TENANT-MISMATCH": (
        {"attempts": bad("entra_join"), "registry": [(DIAGNOSTICS, "TenantMatched", "0")]},
        {"attempts": bad("entra_join"), "registry": [(DIAGNOSTICS, "TenantMatched", "1")]},
    ),
    "TPM-CERTIFICATE-ABSENT": (
        {"properties": endorsement("{}")},
        {"properties": endorsement("{[Subject]}")},
    ),
    "JOINED-IN-OTHER-TENANT": (
        {"properties": two_tenants("11111111-2222-4333-8444-555555555555")},
        {"properties": two_tenants("66666666-7777-4888-8999-000000000000")},
    ),
    "HELLO-NOT-SET-UP": (
        {"device": {"enrolled": True}, "attempts": GOOD, **noted(("hello_will_not_run", 50))},
        {
            "device": {"enrolled": True},
            "attempts": GOOD,
            **noted(("hello_will_not_run", 50), ("hello_will_run", 55)),
        },
    ),
    "MDM-ENROLLMENT-REFUSED": (
        {"attempts": bad("mdm_enrollment"), **ended("mdm_enrollment", "enrollment_failed", "0x80180014")},
        {"attempts": bad("mdm_enrollment"), **ended("mdm_enrollment", "enrollment_failed", "0x80072EE7")},
    ),
    "MDM-NOT-CONFIGURED": (
        {"attempts": bad("mdm_enrollment"), **ended("mdm_enrollment", "enrollment_failed", "0x8018002B")},
        {"attempts": bad("mdm_enrollment"), **ended("mdm_enrollment", "enrollment_failed", "0x8018002A")},
    ),
    "MDM-ADDRESS-EMPTY": (
        {"properties": [("AzureAdJoined", "YES"), ("MdmUrl", "")]},
        {"properties": [("AzureAdJoined", "YES"), ("DomainJoined", "YES"), ("MdmUrl", "")]},
    ),
    "MDM-ENROLLMENT-FAILED": (
        {"attempts": bad("mdm_enrollment"), **ended("mdm_enrollment", "enrollment_failed")},
        {"attempts": bad("mdm_enrollment"), **ended("mdm_enrollment", "enrollment_failed", "0x80180018")},
    ),
    "MDM-ENROLLED-BY-PACKAGE": (ENROLLED_BEFORE, ENROLLED_BEFORE | {"events": []}),
    "UNENROLLED": (
        {"runs": [(1, "mdm_enrollment", "succeeded", 10, 20, None, None)], **noted(("unenrolled", 300))},
        {"runs": [(1, "mdm_enrollment", "succeeded", 10, 20, None, None)], **noted(("unenrolled", 5))},
    ),
    "ESP-TIMEOUT": (TIMED, SETUP),
    "ESP-FAILED": ({"attempts": bad("device_setup"), **ended("device_setup", "esp_failed")}, SETUP),
    "ESP-CERTIFICATE-FAILED": (
        SETUP | {"installs": [{"kind": "certificate", "outcome": "failed", "code": "0x80072EE2"}]},
        {"attempts": GOOD, "installs": [{"kind": "certificate", "outcome": "failed"}]},
    ),
    "ESP-CERTIFICATE-UNTRUSTED": (
        SETUP | {"installs": [{"kind": "certificate", "outcome": "failed", "code": "0x800B0109"}]},
        SETUP | {"installs": [{"kind": "modern", "outcome": "failed", "code": "0x800B0109"}]},
    ),
    "ESP-NETWORK-FAILED": (
        SETUP | {"installs": [{"kind": "network", "outcome": "failed"}]},
        SETUP | {"installs": [{"kind": "network", "outcome": "succeeded"}]},
    ),
    "ESP-POLICY-FAILED": (
        SETUP | {"installs": [REFUSED | {"blocking": None}]},
        {"attempts": GOOD, "installs": [REFUSED | {"blocking": None}]},
    ),
    "POLICY-REFUSED-UNPLACED": (
        {"installs": [UNDATED_REFUSAL]},
        {"installs": [UNDATED_REFUSAL | {"reason": no_fault()[-1]}]},
    ),
    "USER-RIGHT-REFUSED": (
        {"installs": [RIGHT_REFUSED]},
        {"installs": [RIGHT_REFUSED | {"code": "0x80070002"}]},
    ),
    "POLICY-REFUSED": (
        {"installs": [RIGHT_REFUSED | {"code": "0x80070002"}]},
        {"installs": [RIGHT_REFUSED | {"reason": no_fault()[-1]}]},
    ),
    "ESP-POLICY-REFUSED": (
        SETUP | {"installs": [REFUSED]},
        SETUP | {"installs": [REFUSED | {"blocking": None}]},
    ),
    "AGENT-TOKEN-BLOCKED": (
        USER_TIMED | {"events": [("aad:1098", {"AdditionalInformation": SECOND_FACTOR}, 20, None)]},
        USER_TIMED | {"events": [("aad:1098", {"AdditionalInformation": SECOND_FACTOR}, 61, None)]},
    ),
    "ESP-APPS-OF-CONFIGMGR": (
        TIMED
        | {"registry": [(CCM, "CoManagementFlags", "8211"), (TRACKING, "TrackingPoliciesCreated", "0")]},
        TIMED
        | {"registry": [(CCM, "CoManagementFlags", "8275"), (TRACKING, "TrackingPoliciesCreated", "0")]},
    ),
    "ESP-WORKLOAD-OF-CONFIGMGR": (
        TIMED | {"registry": [(CCM, "CoManagementFlags", "8193"), looked("Device", "Certificates (0 of 1)")]},
        TIMED | {"registry": [(CCM, "CoManagementFlags", "8197"), looked("Device", "Certificates (0 of 1)")]},
    ),
    "ESP-SCRIPT-RUNNING": (
        TIMED | {"installs": [HANGING]},
        TIMED | {"installs": [HANGING | {"started_at": at(51)}]},
    ),
    "ESP-RESTART-AWAITED": (
        TIMED | {"installs": [RESTARTS]},
        TIMED | {"installs": [RESTARTS], "steps": [("boot", 31, None, None)]},
    ),
    "ESP-SERVICE-NEVER-DONE": (
        USER_TIMED | {"registry": [NEVER_DONE, looked("Account", "Certificates (Identifying)")]},
        USER_TIMED | {"registry": [NEVER_DONE, looked("Account", "Certificates (0 of 1 applied)")]},
    ),
    "ESP-SERVER-NEVER-DONE": (
        USER_TIMED | {"registry": [*BY_OTHERS, NEVER_DONE, looked("Account", "Certificates (Identifying)")]},
        USER_TIMED | {"registry": [*BY_INTUNE, NEVER_DONE, looked("Account", "Certificates (Identifying)")]},
    ),
    "SIGN-IN-AGAIN-FAILED": (
        signing_in_again(*(("aad:1081", WRONG, minute, None) for minute in (50, 52))),
        signing_in_again(*(("aad:1081", WRONG, minute, None) for minute in (50, 51.9))),
    ),
    "MDM-ENROLLED-BEFORE-RESTART": (enrolled_twice(), enrolled_twice(boot=21)),
    "SIGN-IN-REFUSED": (
        refused_since(*token_refused("AADSTS135011", 50, 52)),
        refused_since(*token_refused("AADSTS135011", 50, 51.9)),
    ),
    "SIGN-IN-AGAIN-MISSING": (
        signing_in_again(("dm:209", {}, 105, None)),
        signing_in_again(("dm:209", {}, 104, None)),
    ),
    "ANSWER-FILE-SKIPS-SIGN-IN": (
        answered(("OOBE/SkipMachineOOBE", "true")),
        answered(("OOBE/SkipMachineOOBE", "false"), ("OOBE/HideWirelessSetupInOOBE", "true")),
    ),
    "NETWORK-TAKEN-AWAY": (
        OPEN_ENROLLED | {"events": [WORKED, WENT, *REFUSES]},
        OPEN_ENROLLED | {"events": [WORKED, *REFUSES]},
    ),
    "ANSWER-FILE-INSTEAD": (
        answered(("OOBE/SkipMachineOOBE", "true")) | {"marks": []},
        answered(("OOBE/HideOnlineAccountScreens", "true")) | {"marks": []},
    ),
    "ANSWER-FILE-HIDES-WI-FI": (
        OFFLINE | answered(("OOBE/HideWirelessSetupInOOBE", "true")),
        answered(("OOBE/HideWirelessSetupInOOBE", "true")),
    ),
    "CONFIGURATION-FILE-OTHER-TENANT": (
        OFFLINE_PROFILE | {"registry": [(DIAGNOSTICS, "TenantMatched", "0")]},
        OFFLINE_PROFILE | {"registry": [(DIAGNOSTICS, "TenantMatched", "1")]},
    ),
    "CONFIGURATION-FILE-MISNAMED": (
        SOUGHT_IN_VAIN | {"sources": {"Contoso_AutopilotConfigurationFile.json": "configuration_file_json"}},
        SOUGHT_IN_VAIN | {"sources": {"AutopilotConfigurationFile.json": "configuration_file_json"}},
    ),
    "CONFIGURATION-FILE-SELF-DEPLOYING": (
        OFFLINE_PROFILE | {"properties": [("CloudAssignedOobeConfig", "382", OFFLINE_FILE)]},
        OFFLINE_PROFILE | {"properties": [("CloudAssignedOobeConfig", "1308", OFFLINE_FILE)]},
    ),
    "AGENT-REMOVED": (
        {"events": [("installer:1034", AGENT, minute, None) for minute in (10, 60)]},
        {"events": [("installer:1034", {"Data": ["Example VPN", *AGENT["Data"][1:]]}, 10, None)]},
    ),
    "ESP-APPS-FAILED": (SETUP, TIMED),
    "ESP-APP-FAILED": (
        SETUP | {"installs": [{"outcome": "failed", "exit_code": 1603, "code": "0x80070643"}]},
        {"attempts": GOOD, "installs": [{"outcome": "failed", "exit_code": 1603, "code": "0x80070643"}]},
    ),
    "ESP-DEPENDENCY-FAILED": (
        SETUP | {"installs": [NEEDED, NEEDING]},
        SETUP | {"installs": [NEEDED | {"outcome": "succeeded"}, NEEDING]},
    ),
    "ESP-APP-UNTRACKED-FAILED": (
        SETUP | {"installs": [NEEDED | {"blocking": None}, {"item": "one", "blocking": True}]},
        SETUP | {"installs": [NEEDED | {"blocking": None}, {"item": "one", "blocking": None}]},
    ),
    "ESP-APP-NOT-REMOVED": (
        SETUP | {"installs": [{"outcome": "failed", "exit_code": 1603, "detail": '{"action": "uninstall"}'}]},
        SETUP | {"installs": [{"outcome": "failed", "exit_code": 1603}]},
    ),
    "NETWORK-NO-CONTENT": (
        SETUP | {"installs": [NO_BYTE, NO_BYTE | {"item": "other"}], "lines": [("info", "a line")]},
        SETUP
        | {
            "installs": [NO_BYTE, NO_BYTE | {"item": "other", "download_outcome": "succeeded"}],
            "lines": [("info", "a line")],
        },
    ),
    "ESP-APP-CONTENT": (
        SETUP | {"installs": [{"outcome": "failed", "download_outcome": "failed"}]},
        SETUP | {"installs": [{"outcome": "failed", "download_outcome": "succeeded"}]},
    ),
    "ESP-DETECTED-AFTER-RESTART": (ended_well(exit_code=3010), ended_well()),
    "ESP-FAILURE-HIDDEN": (ended_well(recorded=("1603", 26)), ended_well(recorded=("0", 26))),
    "ESP-INSTALLER-HARDLY-RAN": (
        ended_well(waited=timedelta(seconds=1), download_size=2_000_000),
        ended_well(waited=timedelta(seconds=2), download_size=2_000_000),
    ),
    "ESP-APP-NOT-DETECTED": (
        SETUP | {"installs": [{"outcome": "not_detected"}]},
        SETUP | {"installs": [{"outcome": "not_detected", "blocking": False}]},
    ),
    "ESP-DETECTION-PROFILE": (
        PAGE | {"installs": [{"item": APP, "outcome": "not_detected"}], "lines": looked_for(SYSTEM_PROFILE)},
        PAGE
        | {"installs": [{"item": APP, "outcome": "not_detected"}], "lines": looked_for("C:\\Program Files")},
    ),
    "ESP-APP-LATE": (
        TIMED | {"installs": [{"outcome": "succeeded", "started_at": at(30), "ended_at": at(77)}]},
        TIMED | {"installs": [{"outcome": "succeeded", "started_at": at(30), "ended_at": at(59)}]},
    ),
    "ESP-APP-HUNG": (
        TIMED | {"installs": [{"outcome": "unfinished"}]},
        SETUP | {"installs": [{"outcome": "unfinished"}]},
    ),
    "ESP-PROVIDER-STALLED": (
        {"attempts": OPEN, "registry": [(TRACKING, "TrackingPoliciesCreated", "0")]},
        {"attempts": GOOD, "registry": [(TRACKING, "TrackingPoliciesCreated", "0")]},
    ),
    "POLICY-RESTART": (
        {
            "attempts": OPEN,
            "marks": [("reboot_required_by_policy", None, 20, None, "./Vendor/MSFT/x")],
            "events": [("user32:1074", {"param1": r"C:\Windows\System32\svchost.exe"}, 21, None)],
        },
        {
            "attempts": OPEN,
            "marks": [("reboot_required_by_policy", None, 20, None, "./Vendor/MSFT/x")],
            "events": [("user32:1074", {"param1": r"C:\Windows\System32\msiexec.exe"}, 21, None)],
        },
    ),
    "ESP-REBOOT": (
        SETUP
        | {
            "marks": [("reboot_required_by_policy", None, 20, None, "./Vendor/x")],
            "steps": [("boot", 30, None, None)],
        },
        SETUP
        | {
            "marks": [("reboot_required_by_policy", None, 40, None, "./Vendor/x")],
            "steps": [("boot", 30, None, None)],
        },
    ),
    "ESP-HYBRID-EXTRA": (
        {
            "attempts": bad("device_setup", "hybrid_join"),
            "registry": [(ENROLLMENT, "SyncFailureTimeout", "40")],
            "runs": [(1, "device_setup", "failed", 0, 60, None, None)],
        },
        {
            "attempts": bad("device_setup"),
            "registry": [(ENROLLMENT, "SyncFailureTimeout", "40")],
            "runs": [(1, "device_setup", "failed", 0, 60, None, None)],
        },
    ),
    "ESP-SUBCATEGORY-FAILED": (
        SETUP | {"registry": [(SETTINGS, "DeviceSetupCategory.Status", STATUS)]},
        SETUP
        | {"registry": [(SETTINGS, "DeviceSetupCategory.Status", STATUS.replace("failed", "succeeded"))]},
    ),
    "ESP-OFF": (
        {"registry": [(ENROLLMENT, "SkipUserStatusPage", "4294967295")]},
        {"registry": [(ENROLLMENT, "SkipUserStatusPage", "0")]},
    ),
    "ESP-NO-LOG-COLLECTION": (
        {"registry": [(ENROLLMENT, "AllowCollectLogsButton", "0")]},
        {"registry": [(ENROLLMENT, "AllowCollectLogsButton", "1")]},
    ),
    "ESP-CONTINUED-ANYWAY": (
        {
            "attempts": bad("device_setup"),
            "runs": SETUP["runs"],
            "marks": [*SETUP["marks"], ("logon_tasks_done", "desktop", 70, None, "")],
        },
        {
            "attempts": bad("device_setup"),
            "runs": SETUP["runs"],
            "marks": [*SETUP["marks"], ("logon_tasks_done", "desktop", 50, None, "")],
        },
    ),
    "APP-RETRIED": (
        {"attempts": GOOD, "installs": [{"try_number": n} for n in (1, 2, 3)]},
        {"attempts": GOOD, "installs": [{"try_number": n} for n in (1, 2)]},
    ),
    "APP-FAILED": (
        {"attempts": GOOD, "installs": [{"outcome": "failed", "exit_code": 1603}]},
        SETUP | {"installs": [{"outcome": "failed", "exit_code": 1603}]},
    ),
    "APP-FAILED-OUTSIDE": (
        {"attempts": GOOD, "installs": [{"attempt": None}]},
        {"attempts": GOOD, "installs": [{"attempt": 1}]},
    ),
    "APP-FAILED-BESIDE": (
        SETUP | AT_CERTIFICATES | {"installs": [{"outcome": "failed", "exit_code": 1603}]},
        SETUP | {"installs": [{"outcome": "failed", "exit_code": 1603}]},
    ),
    "APP-RESTART": (
        {
            "attempts": GOOD,
            "installs": [RESTARTED],
            "steps": [("boot", 31, None, None)],
        },
        {"attempts": GOOD, "installs": [RESTARTED]},
    ),
    "SCRIPT-FAILED": (
        {"attempts": GOOD, "installs": [{"kind": "script", "exit_code": 1}]},
        {
            "attempts": GOOD,
            "installs": [{"kind": "script", "exit_code": 1}, {"kind": "script", "outcome": "succeeded"}],
        },
    ),
    "APPS-SEVERAL-FAILED": (
        {"attempts": GOOD, "installs": [{"item": "one"}, {"item": "two"}]},
        {"attempts": GOOD, "installs": [{"item": "one"}, {"item": "one"}]},
    ),
    "APP-NEVER-STARTED": (
        SETUP | {"installs": [{"outcome": "never_started"}]},
        {"attempts": GOOD, "installs": [{"outcome": "never_started"}]},
    ),
    "APP-DEPENDENCY": (
        {"attempts": GOOD, "installs": [{"reason": "a dependency failed"}]},
        {"attempts": GOOD, "installs": [{"reason": "an independent failure"}]},
    ),
    "APP-EXIT-CODE-UNMAPPED": (
        {"attempts": GOOD, "installs": [{"detected": True}]},
        {"attempts": GOOD, "installs": [{"detected": False}]},
    ),
    "OFFICE-FAILED": (
        {"attempts": GOOD, "installs": [{"kind": "office"}]},
        {"attempts": GOOD, "installs": [{"kind": "office", "outcome": "succeeded"}]},
    ),
    "APP-STORE-FAILED": (
        {"attempts": GOOD, "installs": [{"kind": "winget"}]},
        {"attempts": GOOD, "installs": [{"kind": "win32"}]},
    ),
    "REBOOT-CAUSE": (
        {
            "attempts": GOOD,
            "events": [("user32:1074", {"param1": r"C:\Windows\System32\shutdown.exe"}, 30, None)],
        },
        {
            "attempts": GOOD,
            "events": [("user32:1074", {"param1": r"C:\Windows\System32\shutdown.exe"}, 90, None)],
        },
    ),
    "DEVICE-SLEPT": (
        {"attempts": GOOD, "steps": [("sleep", 30, 6, "")]},
        {"attempts": GOOD, "steps": [("sleep", 30, 4, "")]},
    ),
    "UPDATE-IN-OOBE": (
        {"attempts": GOOD, "events": [("wu:19", {}, 30, None)]},
        {"attempts": GOOD, "events": [("wu:19", {}, 90, None)]},
    ),
    "UPDATE-FAILED-IN-OOBE": (
        {"attempts": GOOD, "events": [("wu:20", {}, 30, None)]},
        {"attempts": GOOD, "events": [("wu:19", {}, 30, None)]},
    ),
    "BUILD-OLD": (
        {"device": {"build": "22000.1"}, "properties": [("CurrentBuild", "22000")]},
        {"device": {"build": "19045.1"}, "properties": [("CurrentBuild", "19045")]},
    ),
    "AUTO-LOGON-PASSWORD": (
        {"registry": [(LOGON, "DefaultPassword", "hidden")]},
        {"registry": [(LOGON, "DefaultPassword", "")]},
    ),
    "SECURE-BOOT-OFF": (
        {"properties": [("Secure Boot State", "Off")]},
        {"properties": [("Secure Boot State", "On")]},
    ),
    "STAGE-FAILED": (
        {"attempts": bad("desktop"), **ended("desktop", "some_mark")},
        {"attempts": bad("mdm_enrollment"), **ended("mdm_enrollment", "enrollment_failed", "0x80180014")},
    ),
    "ATTEMPT-UNFINISHED": (
        {"attempts": OPEN, "runs": [(1, "device_setup", "unfinished", 10, None, None, None)]},
        {"attempts": GOOD, "runs": [(1, "device_setup", "unfinished", 10, None, None, None)]},
    ),
    "ATTEMPTS-RECOVERED": (FIRST_FAILED, {"attempts": bad("mdm_enrollment"), "runs": FIRST_FAILED["runs"]}),
    "ATTEMPTS-REPEATED": (FIRST_FAILED, {"attempts": bad("mdm_enrollment"), "runs": FIRST_FAILED["runs"]}),
    "RESEAL-GAP": (resealed(200), resealed(3)),
    "CLOCK-FELL": (
        {"events": fallen(95), "steps": [("clock_step", 100, 5, "")]},
        {"events": fallen(98), "steps": [("clock_step", 100, 5, "")]},
    ),
    "CLOCK-STEPPED": ({"steps": [("clock_step", 5, 400, "")]}, {"steps": [("clock_step", 5, 4, "")]}),
    "CLOCK-BROKE-TRUST": (
        {
            "attempts": bad("device_preparation"),
            "marks": [SERVICE_TIME, ("tpm_identity_failed", "device_preparation", 9, "0x80072F8F", "{}")],
        },
        {
            "attempts": bad("device_preparation"),
            "marks": [SERVICE_TIME, ("tpm_identity_failed", "device_preparation", 9, "0x80072EE2", "{}")],
        },
    ),
    "CLOCK-WRONG": (
        {"attempts": bad("device_preparation"), **noted(("clock_distrusted", 5))},
        {"attempts": bad("device_preparation"), **noted(("clock_distrusted", 5), ("clock_set", 6))},
    ),
    "NOT-AUTOPILOT": (
        {"device": {"registered": False}, **noted(("profile_empty", 5))},
        {"device": {"registered": None}, **noted(("profile_empty", 5))},
    ),
    "NOT-ENROLLED": (
        {
            "device": {"enrolled": False},
            "registry": [(r"HKEY_LOCAL_MACHINE\software\microsoft\enrollments\0000", "ProviderID", "x")],
        },
        {
            "device": {"enrolled": None},
            "registry": [(r"HKEY_LOCAL_MACHINE\software\microsoft\enrollments\0000", "ProviderID", "x")],
        },
    ),
    "ESP-PROVIDER-MISSING": (
        PAGE | {"registry": [(PROVIDERS + "ConfigMgr", "InstallationState", "3")]},
        PAGE
        | {"registry": [(PROVIDERS + name, "InstallationState", "3") for name in ("ConfigMgr", "Sidecar")]},
    ),
    "LATER-USER-PAGE": (
        PAGE | {"attempts": bad("account_setup", "later_user")},
        PAGE | {"attempts": bad("account_setup")},
    ),
    "ESP-INSTALLER-BUSY": (
        PAGE | {"installs": [wrapped(20, 30), msi(15, 35)]},
        PAGE | {"installs": [wrapped(20, 30), msi(5, 19)]},
    ),
    "ESP-DETECTION-SCRIPT": (
        PAGE | {"installs": [{"item": APP, "outcome": "not_detected"}], "lines": [("info", DETECTS)]},
        PAGE | {"installs": [{"item": APP, "outcome": "not_detected"}]},
    ),
    "ESP-WAITED-FOR": (
        PAGE | {"registry": [(SETTINGS, "DeviceSetupCategory.Status", part("inProgress"))]},
        PAGE | {"registry": [(SETTINGS, "DeviceSetupCategory.Status", part("succeeded"))]},
    ),
    "ESP-MSI-PARKED": (
        PAGE | {"registry": [(MSI_KEY, "Status", "10")]},
        PAGE | {"registry": [(MSI_KEY, "Status", "70")]},
    ),
    "PREPARATION-TIMED-OUT": (
        {
            "attempts": bad("device_preparation"),
            **ended("device_preparation", "preparation_page_failed", "0x800705B4"),
        },
        {
            "attempts": bad("device_preparation"),
            **ended("device_preparation", "preparation_page_failed", "0x80004005"),
        },
    ),
    "WINDOWS-HOME": ({"device": {"edition": "Core"}}, {"device": {"edition": "Core", "enrolled": True}}),
    "TPM-WITHOUT-CERTIFICATE": (
        {"device": {"scenario": "self_deploying"}, "events": [("ap:209", {}, 5, None)]},
        {"device": {"scenario": "user_driven"}, "events": [("ap:209", {}, 5, None)]},
    ),
    "OOBE-LEFT": (
        {"screens": [{"visible_at": at(5)}], "device": {"collected_at": at(35)}},
        {"screens": [{"visible_at": at(5)}], "device": {"collected_at": at(34)}},
    ),
    "EVIDENCE-ROLLED-OVER": (
        {"gaps": [("a.evtx", "the log has rolled over")]},
        {"gaps": [("a.evtx", "an unknown format")]},
    ),
    "EVIDENCE-FLOODED": (
        {"gaps": [("a.evtx", "flooded while it was collected")]},
        {"gaps": [("a.evtx", "cut")]},
    ),
    "EVIDENCE-MISSING": (
        {"coverage": [("events_autopilot", "absent")]},
        {"coverage": [("events_autopilot", "not_applicable")]},
    ),
}
