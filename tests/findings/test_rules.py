"""Every rule of its own: a world that shows it, and a near miss that must stay silent."""

import json
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from autopilot_analysis.facts import read_facts
from autopilot_analysis.findings import RULES, find, words
from autopilot_analysis.tables import Tables

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


def at(minute):
    return datetime(2026, 3, 2, 8, tzinfo=UTC) + timedelta(minutes=minute)


def bad(stage, scenario="user_driven", code=None):
    return [("failed", stage, scenario, 0, 60, code)]


def ended(stage, mark, code=None, outcome="failed"):
    """The run of a stage that one mark ended, and that mark."""
    return {"runs": [(1, stage, outcome, 10, 60, code, mark)], "marks": [(mark, stage, 60, code, "{}")]}


def noted(*marks):
    return {"marks": [(name, None, minute, None, "{}") for name, minute in marks]}


SETUP = {"attempts": bad("device_setup"), **ended("device_setup", "esp_apps_failed", "0x800705B4")}
TIMED = {"attempts": bad("device_setup"), **ended("device_setup", "esp_timed_out", "0x800705B4")}
STATUS = json.dumps(
    {"DeviceSetup.CertificatesSubcategory": {"subcategoryState": "failed", "subcategoryStatusText": "x"}}
)
TWICE = [
    ("failed", "mdm_enrollment", "user_driven", 0, 60, None),
    ("succeeded", None, "user_driven", 70, 130, None),
]
FIRST_FAILED = {"runs": [(1, "mdm_enrollment", "failed", 10, 60, None, None)], "attempts": TWICE}
LOST = "The client heart beat health report failed to send. Response was empty or null."
SENT = "The client health report was sent successfully. Done."
CHECK = "Summary: rule Verify it. with ID 55555555-aaaa-4bbb-8ccc-000000000001, result = {}, details = N/A"
TRUST, PROBE = "Could not establish trust relationship", "TCP probe Phase"
THROTTLE = "Successfully updated throttling info."
LOADING = {"outcome": "unfinished", "download_outcome": "unfinished", "download_started_at": at(20)}
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
WANTED = {
    "kind": "certificate", "outcome": "unfinished", "blocking": None,
    "item": "./User/Vendor/MSFT/ClientCertificateInstall/SCEP/User-WiFi", "name": None,
}  # fmt: skip
CERTIFICATES = json.dumps({"DeviceSetup.CertificatesSubcategory": {"subcategoryState": "succeeded"}})
DELIVERY = r"HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\DoSvc"
PROVISIONED = "./Vendor/MSFT/DMClient/Provider/x/FirstSyncStatus/ServerHasFinishedProvisioning"
NO_PROFILE = ("profile_empty", "profile_download", 5, None, "")
CASES = {
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
    "APP-FAILED-UNPLACED": (
        {"installs": [{"attempt": None, "code": "0x87D1041C"}], "coverage": [("events_autopilot", "absent")]},
        {
            "installs": [{"attempt": None, "code": "0x87D1041C"}],
            "coverage": [("events_autopilot", "partial")],
        },
    ),
    "HYBRID-JOIN-PHASE": (
        {"properties": [("AzureAdJoined", "NO"), ("DomainJoined", "YES"), ("Error Phase", "discover")]},
        {"properties": [("AzureAdJoined", "YES"), ("DomainJoined", "YES"), ("Error Phase", "discover")]},
    ),
    "DEVICE-NOT-TRUSTED": (
        {"properties": [("DeviceAuthStatus", "FAILED. Device is either disabled or deleted")]},
        {"properties": [("DeviceAuthStatus", "FAILED. Error: 0x80072ee7")]},
    ),
    "DEVICE-KEY-BROKEN": (
        {"properties": [("KeySignTest", "FAILED. 0x80090016")]},
        {"properties": [("KeySignTest", "PASSED")]},
    ),
    "TOKEN-REFUSED": (
        {"properties": [("AzureAdPrt", "NO"), ("Server Error Description", "AADSTS50126: example")]},
        {"properties": [("AzureAdPrt", "YES"), ("Server Error Description", "AADSTS50126: example")]},
    ),
    "DELIVERY-OPTIMIZATION-DISABLED": (
        {"installs": [{"code": "0x80070422"}], "registry": [(DELIVERY, "Start", "4")]},
        {"installs": [{"code": "0x80070422"}], "registry": [(DELIVERY, "Start", "2")]},
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
    "SIGN-IN-PAGE-REFUSED": (
        {"attempts": OPEN, "marks": [("sign_in_page_error", None, 30, "0x801C0003", "")]},
        {"attempts": bad("entra_join"), "marks": [("sign_in_page_error", None, 30, "0x801C0003", "")]},
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
    "TENANT-MISMATCH": (
        {"attempts": bad("entra_join"), "registry": [(DIAGNOSTICS, "TenantMatched", "0")]},
        {"attempts": bad("entra_join"), "registry": [(DIAGNOSTICS, "TenantMatched", "1")]},
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
    "MDM-ENROLLMENT-FAILED": (
        {"attempts": bad("mdm_enrollment"), **ended("mdm_enrollment", "enrollment_failed")},
        {"attempts": bad("mdm_enrollment"), **ended("mdm_enrollment", "enrollment_failed", "0x80180018")},
    ),
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
    "ESP-NETWORK-FAILED": (
        SETUP | {"installs": [{"kind": "network", "outcome": "failed"}]},
        SETUP | {"installs": [{"kind": "network", "outcome": "succeeded"}]},
    ),
    "ESP-POLICY-FAILED": (
        SETUP | {"installs": [{"kind": "policy", "outcome": "failed", "code": "0x86000002"}]},
        {"attempts": GOOD, "installs": [{"kind": "policy", "outcome": "failed"}]},
    ),
    "ESP-APPS-FAILED": (SETUP, TIMED),
    "ESP-APP-FAILED": (
        SETUP | {"installs": [{"outcome": "failed", "exit_code": 1603, "code": "0x80070643"}]},
        {"attempts": GOOD, "installs": [{"outcome": "failed", "exit_code": 1603, "code": "0x80070643"}]},
    ),
    "ESP-APP-NOT-DETECTED": (
        SETUP | {"installs": [{"outcome": "not_detected"}]},
        SETUP | {"installs": [{"outcome": "not_detected", "blocking": False}]},
    ),
    "ESP-APP-HUNG": (
        TIMED | {"installs": [{"outcome": "unfinished"}]},
        SETUP | {"installs": [{"outcome": "unfinished"}]},
    ),
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
    "AGENT-UNHEARD": (
        {"attempts": GOOD, "lines": [("info", LOST), ("info", SENT), ("info", LOST)]},
        {"attempts": GOOD, "lines": [("info", LOST), ("info", SENT)]},
    ),
    "AGENT-CHECK-FAILED": (
        {"attempts": GOOD, "lines": [("info", CHECK.format("Fail"))]},
        {"attempts": GOOD, "lines": [("info", CHECK.format("Pass"))]},
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
    "ESP-PROVIDER-STALLED": (
        {"attempts": OPEN, "registry": [(TRACKING, "TrackingPoliciesCreated", "0")]},
        {"attempts": GOOD, "registry": [(TRACKING, "TrackingPoliciesCreated", "0")]},
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
    "APP-RESTART": (
        {
            "attempts": GOOD,
            "installs": [{"outcome": "succeeded", "exit_code": 1641, "exit_class": "HardReboot"}],
        },
        {
            "attempts": GOOD,
            "installs": [{"outcome": "succeeded", "exit_code": 3010, "exit_class": "SoftReboot"}],
        },
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
    "CLOCK-STEPPED": ({"steps": [("clock_step", 5, 400, "")]}, {"steps": [("clock_step", 5, 4, "")]}),
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
ON_SCREEN = {
    "SIGN-IN-OTHER-TENANT", "REGISTRATION-LOST", "PRE-PROVISIONING-UNREGISTERED", "NETWORK-CAPTIVE-PORTAL",
    "OOBE-ERROR-PAGE", "SIGN-IN-PAGE-GENERIC", "RESET-CHOSEN", "NETWORK-TLS-CHECK-FAILED",
}  # fmt: skip
"""Shown in test_screens.py."""
ELSEWHERE = ON_SCREEN | {"EVIDENCE-DAMAGED", "APP-SLOW", "APP-SUCCEEDED-THEN-FAILED", "AGENT-TOKEN-REFUSED"}
FAMILIES = {"KNOWN-ISSUES", "CONFIGURATION", "NETWORK-SIGNS", "CONFLICTS", "ATTESTATION-ANSWERS"}
ANSWERS = set(read_facts("attestation_answers")["rule"])


@pytest.mark.parametrize("name", CASES)
def test_the_rule_shows_and_its_near_miss_is_silent(world, name):
    shows, near = CASES[name]
    only = (
        {name: RULES[name]}
        if name != "STAGE-FAILED"
        else {n: RULES[n] for n in (name, "MDM-ENROLLMENT-REFUSED")}
    )
    assert name in set(find(*world(**shows), rules=only).findings["rule"])
    assert name not in set(find(*world(**near), rules=only).findings["rule"])


def test_every_rule_has_words_a_page_and_a_test_here():
    named = set(read_facts("rules")["rule"])
    assert set(RULES) - FAMILIES == named - ANSWERS
    assert named == set(CASES) | ELSEWHERE | ANSWERS
    assert words()["page"].null_count() == 0


def test_findings_of_a_succeeded_device_never_weigh_more_than_info_for_conditions(world):
    tables, trace = world(
        attempts=GOOD, registry=[(DIAGNOSTICS, "TenantMatched", "0"), (ENROLLMENT, "SkipUserStatusPage", "1")]
    )
    assert set(find(tables, trace).findings["severity"]) <= {"info"}


@pytest.mark.parametrize(
    ("days", "outcome", "severity"),
    [
        (200, "failed", "warning"),
        (200, "succeeded", "info"),
        (20, "failed", "warning"),
        (0.01, "failed", "warning"),
    ],
)
def test_the_reseal_gap_weighs_by_its_length_and_by_what_came_of_it(world, days, outcome, severity):
    found = find(*world(**resealed(days, outcome)), rules={"RESEAL-GAP": RULES["RESEAL-GAP"]}).findings
    assert found["severity"].to_list() == [severity]


def test_an_app_drawn_in_by_a_failed_dependency_is_no_cause_of_its_own(world):
    installs = [
        {"item": "runtime", "outcome": "failed", "exit_code": 1603, "code": "0x80070643"},
        {"item": "suite", "name": "Example Suite", "outcome": "failed", "reason": "dependency failed"},
    ]
    found = find(*world(**SETUP, installs=installs)).findings
    assert found.filter(found["rule"] == "ESP-APP-FAILED")["code"].to_list() == ["0x80070643"]
    assert found.filter(found["rule"] == "APP-DEPENDENCY").height == 1
    alone = find(*world(**SETUP, installs=installs[1:])).findings
    assert alone.filter(alone["rule"] == "ESP-APP-FAILED").height == 1


@pytest.mark.parametrize(
    "beside",
    [{"kind": "script"}, {"kind": "certificate"}, {"kind": "policy"}, {"phase": "account"}],
)
def test_what_the_failed_phase_does_not_wait_for_is_not_blamed(world, beside):
    found = find(*world(**SETUP, installs=[{"outcome": "failed", "exit_code": 1} | beside])).findings
    assert "ESP-APP-FAILED" not in set(found["rule"])


@pytest.mark.parametrize("answer", ["809", "815"])
def test_an_answer_of_the_service_that_no_profile_is_assigned_is_the_cause(world, answer):
    marks = [
        ("profile_service_answered", "profile_download", 5, "0x80070491", f'{{"ErrorCode":{answer}}}'),
        ("profile_download_failed", "profile_download", 60, "0x80070491", "{}"),
    ]
    failed = ended("profile_download", "profile_download_failed", "0x80070491")
    story = {**failed, "marks": marks, "attempts": bad("profile_download")}
    found = find(*world(**story)).findings
    roles = dict(zip(found["rule"], found["role"], strict=True))
    assert roles["PROFILE-NOT-ASSIGNED"] == "cause"
    assert roles["PROFILE-DOWNLOAD-FAILED"] == "consequence"


def test_no_domain_controller_is_the_cause_also_where_device_preparation_ended_with_it(world):
    failed = ended("device_preparation", "device_enrollment_failed", "0x80070774")
    found = find(*world(**failed, attempts=bad("device_preparation", "hybrid_join"))).findings
    roles = dict(zip(found["rule"], found["role"], strict=True))
    assert roles["HYBRID-DC-UNREACHABLE"] == "cause"
    assert roles["DEVICE-ENROLLMENT-FAILED"] == "consequence"
    alone = find(*world(**failed, attempts=bad("device_preparation"))).findings
    assert "HYBRID-DC-UNREACHABLE" not in set(alone["rule"])


def test_a_known_issue_told_by_the_build_alone_weighs_no_more_than_info(world):
    device = {"build": "26100.2314", "edition": "Professional"}
    story = {"attempts": bad("profile_download"), **ended("profile_download", "profile_download_failed")}
    found = find(*world(device=device, properties=[("CurrentBuild", "26100")], **story)).findings
    assert found.filter(found["rule"] == "KNOWN-AP-03")["severity"].to_list() == ["info"]


def test_a_missing_source_is_called_by_its_title(world):
    proofs = find(*world(coverage=[("events_mdm_admin", "absent")])).evidence
    quote = proofs.filter(proofs["rule"] == "EVIDENCE-MISSING")["quote"][0]
    assert quote == "MDM Admin event log (events_mdm_admin) is not among the members"


def test_a_device_that_asked_for_the_internet_again_and_again_never_had_it(world):
    asked = [("internet_missing", "network", minute, None, "{}") for minute in range(4)]
    assert find(*world(marks=asked)).findings["rule"][0] == "NETWORK-NO-INTERNET"
    came = [*asked, ("internet_available", "network", 5, None, "{}")]
    assert "NETWORK-NO-INTERNET" not in set(find(*world(marks=came)).findings["rule"])


def test_a_device_in_daily_use_that_is_offline_now_and_then_is_no_device_without_internet(world):
    asked = [("internet_missing", "network", day * 1440, None, "{}") for day in range(9)]
    assert find(*world(marks=asked)).findings.is_empty()
    at_once = [("internet_missing", "network", minute, None, "{}") for minute in range(9)]
    enrolled = find(*world(marks=at_once, device={"enrolled": True})).findings
    assert "NETWORK-NO-INTERNET" not in set(enrolled["rule"])


@pytest.mark.parametrize(("minute", "severity"), [(30, "warning"), (90 * 1440, "info")])
def test_what_comes_long_after_a_failed_attempt_explains_nothing_of_it(world, minute, severity):
    asked = [("dm:2800", {"Message1": "./Vendor/MSFT/AppLocker/ApplicationLaunchRestrictions"}, minute, None)]
    found = find(*world(**SETUP, events=asked), rules={"CONFLICTS": RULES["CONFLICTS"]}).findings
    assert found["severity"].to_list() == [severity]


def test_an_error_of_entra_long_after_the_failed_sign_in_is_daily_work(world):
    late = [("aad:1081", {"Error": "AADSTS50076: more"}, 24 * 60 * 30, None)]
    assert find(*world(attempts=bad("entra_join"), events=late)).findings.is_empty()


def test_an_error_of_entra_explains_a_failed_enrolment_and_says_what_it_means(world):
    told = [("aad:1098", {"AdditionalInformation": "AADSTS53003: blocked"}, 20, None)]
    world_of = world(attempts=bad("mdm_enrollment"), events=told)
    (found,) = find(*world_of, rules={"SIGN-IN-ERROR": RULES["SIGN-IN-ERROR"]}).findings.iter_rows(named=True)
    assert (found["item"], found["severity"]) == ("AADSTS53003", "warning")
    assert found["meaning"].endswith("AADSTS53003: Conditional access blocks the sign-in.")


@pytest.mark.parametrize("code", ["0x80180010", "0x8018000A", "0x80180026", "0x8018002A"])
def test_an_enrolment_that_broke_on_the_device_or_on_the_way_was_not_refused(world, code):
    shown = {"attempts": bad("mdm_enrollment"), **ended("mdm_enrollment", "enrollment_failed", code)}
    assert find(*world(**shown)).findings["rule"][0] == "MDM-ENROLLMENT-FAILED"


def test_outputs_of_several_commands_are_not_mixed(world):
    tables, trace = world(
        properties=[("Error Phase", "join"), ("Client ErrorCode", "0x801c03f2"),
                    ("Error Phase", "discover"), ("Client ErrorCode", "0x801c0021")],
    )  # fmt: skip
    members = pl.Series(["a.txt", "a.txt", "b.txt", "b.txt"])
    apart = Tables.of(tables.frames() | {"properties": tables.properties.with_columns(member=members)})
    found = find(apart, trace, rules={"JOIN-PHASE": RULES["JOIN-PHASE"]}).findings
    assert sorted(found.select("item", "code").rows()) == [
        ("discover", "0x801C0021"),
        ("join", "0x801C03F2"),
    ]


def test_where_no_log_tells_of_an_attempt_the_join_state_weighs_by_itself(world):
    told = [("Error Phase", "join"), ("Client ErrorCode", "0x801c03f2")]
    rules = {"JOIN-PHASE": RULES["JOIN-PHASE"]}
    assert find(*world(properties=told), rules=rules).findings["severity"].to_list() == ["warning"]
    seen = find(*world(properties=told, attempts=GOOD), rules=rules).findings
    assert seen["severity"].to_list() == ["info"]


def test_a_failed_try_at_a_token_brings_its_code_and_the_systems_silence_does_not_weigh(world):
    joined = [("AzureAdJoined", "YES"), ("AzureAdPrt", "NO")]
    tried = [*joined, ("Attempt Status", "0xc000006d"), ("Server Error Code", "invalid_grant")]
    rules = {"JOIN-NO-TOKEN": RULES["JOIN-NO-TOKEN"]}
    found = [
        find(*world(properties=told), rules=rules).findings.row(0, named=True) for told in (joined, tried)
    ]
    assert [(one["severity"], one["code"]) for one in found] == [("info", None), ("warning", "0xC000006D")]


@pytest.mark.parametrize(
    ("world_of", "severity"),
    [
        ({}, "info"),
        ({"attempts": bad("entra_join")}, "warning"),
        ({"device": {"registered": True}}, "warning"),
    ],
)
def test_a_device_that_nobody_wanted_to_enrol_lacks_nothing(world, world_of, severity):
    key = r"HKEY_LOCAL_MACHINE\software\microsoft\enrollments\0000"
    device = {"enrolled": False} | world_of.get("device", {})
    tables, trace = world(**{**world_of, "device": device}, registry=[(key, "ProviderID", "x")])
    found = find(tables, trace, rules={"NOT-ENROLLED": RULES["NOT-ENROLLED"]}).findings
    assert found["severity"].to_list() == [severity]


def test_a_code_of_the_page_itself_meets_the_known_issues(world):
    device = {"scenario": "hybrid_join", "build": "26100.4000"}
    shown = {
        "attempts": bad("account_setup", "hybrid_join"),
        **ended("account_setup", "esp_failed", "0x80004005"),
    }
    found = find(*world(device=device, **shown)).findings
    assert "KNOWN-AP-48" in set(found["rule"])


@pytest.mark.parametrize(
    ("attempts", "runs"),
    [
        (bad("entra_join", "self_deploying"), []),
        (bad("device_setup"), []),
        (OPEN, [(1, "entra_join", "succeeded", 5, 10, None, None)]),
    ],
)
def test_who_joined_or_never_signed_in_is_of_no_other_tenant(world, attempts, runs):
    tables, trace = world(attempts=attempts, runs=runs, registry=[(DIAGNOSTICS, "TenantMatched", "0")])
    assert find(tables, trace, rules={"TENANT-MISMATCH": RULES["TENANT-MISMATCH"]}).findings.is_empty()


def test_a_step_of_the_correlation_vector_is_no_answer_of_the_service(world):
    detail = '{"HRESULT":"0x80072EE7","Message1":"EXAMPLE+aBc.0.908","Message2":""}'
    failed = [("profile_download_failed", "profile_download", 60, "0x80072EE7", detail)]
    found = find(*world(marks=failed), rules={"HARDWARE-MISMATCH": RULES["HARDWARE-MISMATCH"]}).findings
    assert found.is_empty()


def test_a_phase_whose_time_out_only_the_registry_tells_ran_out_of_time(world):
    told = {"attempts": bad("device_setup"), **ended("device_setup", "device_setup_state", "0x800705B4")}
    hung = {"installs": [{"outcome": "unfinished"}]}
    assert {"ESP-TIMEOUT", "ESP-APP-HUNG"} <= set(find(*world(**told, **hung)).findings["rule"])
    other = {"attempts": bad("device_setup"), **ended("device_setup", "device_setup_state", "0x80070643")}
    assert not {"ESP-TIMEOUT", "ESP-APP-HUNG"} & set(find(*world(**other, **hung)).findings["rule"])


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ("TPM-FIRMWARE-REFUSED", "The firmware needs an update"),
        ("TPM-AUTHORITY-UNKNOWN", "The authority 'example' does not exist"),
        ("TPM-ANSWER", "The request was refused"),
    ],
)
def test_an_answer_about_the_tpm_counts_only_where_an_attempt_failed_on_it(world, rule, message):
    for attempts, shown in ((bad("entra_join"), {rule}), (GOOD, set())):
        tables, trace = world(attempts=attempts, properties=[("Message", message)])
        output = tables.properties.with_columns(member=pl.lit("CertReq_enrollaik_Output.txt"))
        found = find(Tables.of(tables.frames() | {"properties": output}), trace).findings
        assert set(found["rule"]) & ANSWERS == shown


def test_a_later_detection_is_quoted_beside_the_failure_of_the_installer(world):
    app = "d0c4a1f2-54b6-4b5a-8d0e-000000000001"
    tables, trace = world(
        **SETUP | {"installs": [{"item": app, "exit_code": 1, "code": "0x80070001", "ended_at": at(40)}]},
        lines=[("info", f"Detection for policy with id: {app} resulted in detection state: Detected.")],
    )
    for minute, quoted in ((90, True), (30, False)):
        later = tables.log_lines.with_columns(at=pl.lit(at(minute)).cast(pl.Datetime("us", "UTC")))
        found = find(Tables.of(tables.frames() | {"log_lines": later}), trace)
        quotes = " ".join(found.evidence["quote"])
        assert ("a later pass found it installed" in quotes) is quoted


def test_a_download_without_an_end_is_told_as_such_and_never_as_a_hung_installer(world):
    stood = {"downloaded_bytes": 200, "download_size": 1000, "stalls": 1, "stalled": timedelta(minutes=9)}
    found = find(*world(**TIMED, installs=[LOADING | stood]))
    rules = set(found.findings["rule"])
    assert "ESP-DOWNLOAD-OPEN" in rules
    assert not rules & {"ESP-APP-HUNG", "APP-DOWNLOAD-STALLED"}
    quotes = found.evidence.filter(pl.col("rule") == "ESP-DOWNLOAD-OPEN")["quote"]
    assert "200 of 1000 bytes downloaded, no byte came for 9 minutes in all" in quotes[0]


def test_a_busy_installer_is_told_by_the_reason_whatever_the_exit_code(world):
    app = {"exit_code": 60001, "reason": "another installation was in progress: Contoso Agent"}
    log = {
        "cause": "Another MSI installation is in progress",
        "cause_member": "viewer.log",
        "cause_record": 7,
    }
    found = find(*world(**SETUP, installs=[app | log | {"cause_record": 7}]))
    told = found.evidence.filter(rule="ESP-INSTALLER-BUSY").select("member", "record", "quote").rows()
    assert ("agent.log", 1, "exit code 60001: another installation was in progress: Contoso Agent") in told
    assert ("viewer.log", 7, "Another MSI installation is in progress") in told


def test_an_app_that_waits_for_a_restart_is_none_that_was_never_started(world):
    found = find(*world(**SETUP, installs=[{"outcome": "waiting", "reason": "reboot"}])).findings
    assert "APP-WAITS-FOR-RESTART" in set(found["rule"])
    assert "APP-NEVER-STARTED" not in set(found["rule"])


def test_a_disabled_service_is_the_cause_of_a_download_that_it_ended(world):
    lost = {"download_outcome": "failed", "download_code": "0x80D01001"}
    for start, shown in (("4", True), ("3", False)):
        service = [(r"HKLM\System\CurrentControlSet\Services\DoSvc", "Start", start)]
        found = find(*world(**SETUP, installs=[lost], registry=service)).findings
        assert ("DELIVERY-OPTIMIZATION-DISABLED" in set(found["rule"])) is shown


def test_a_package_that_windows_handles_itself_is_no_app_of_the_page(world):
    package = {"kind": "modern", "blocking": None, "phase": None, "ended_at": at(30)}
    for reason, blamed in (("asked for by svchost.exe,AppXSvc", False), (None, True)):
        found = find(*world(**SETUP, installs=[package | {"reason": reason}])).findings
        assert ("ESP-APP-FAILED" in set(found["rule"])) is blamed


def test_a_scep_key_kept_by_hello_is_blamed_for_its_own_certificate_alone(world):
    for protection, told in (("4", True), ("1", False)):
        story = TIMED | {"installs": [WANTED], "registry": [(SCEP, "KeyProtection", protection)]}
        found = set(find(*world(**story)).findings["rule"])
        assert ("ESP-CERTIFICATE-HELLO" in found, "ESP-CERTIFICATE-LATE" in found) == (told, not told)


@pytest.mark.parametrize(
    ("other", "exit_code", "told"),
    [((15, 35), 60001, True), ((15, 25), 60001, False), ((25, 35), 60001, False), ((15, 35), 1602, False)],
)
def test_an_installer_that_was_busy_throughout_is_blamed_where_the_app_says_nothing_else(
    world, other, exit_code, told
):
    installs = [wrapped(20, 30) | {"exit_code": exit_code}, msi(*other)]
    assert ("ESP-INSTALLER-BUSY" in set(find(*world(**PAGE, installs=installs)).findings["rule"])) is told


@pytest.mark.parametrize(
    ("marks", "told"),
    [
        ([("esp_page_left", None, 70, None, "")], False),
        ([("esp_page_left", None, 70, None, ""), ("logon_tasks_done", "desktop", 71, None, "")], True),
        ([("account_setup_step_began", "account_setup", 70, None, "")], True),
    ],
)
def test_a_page_that_was_left_tells_of_going_on_only_where_something_came_after(world, marks, told):
    story = SETUP | {"marks": [*SETUP["marks"], *marks]}
    assert ("ESP-CONTINUED-ANYWAY" in set(find(*world(**story)).findings["rule"])) is told


@pytest.mark.parametrize(
    ("properties", "runs", "told"),
    [
        ([("AzureAdJoined", "YES"), ("MdmUrl", "")], [], True),
        ([("AzureAdJoined", "YES"), ("MdmUrl", "-")], [], True),
        ([("AzureAdJoined", "YES"), ("MdmUrl", "https://mdm.example.com")], [], False),
        ([("AzureAdJoined", "NO"), ("MdmUrl", "")], [], False),
        (
            [("AzureAdJoined", "YES"), ("MdmUrl", "")],
            [(1, "mdm_enrollment", "unfinished", 30, None, None, None)],
            False,
        ),
    ],
)
def test_a_device_that_joined_and_never_asked_to_enrol_was_named_no_mdm_service(
    world, properties, runs, told
):
    joined = (1, "entra_join", "succeeded", 10, 20, None, None)
    attempts = [("unknown", None, "user_driven", 0, 20, None)]
    found = find(*world(attempts=attempts, runs=[joined, *runs], properties=properties)).findings
    assert ("MDM-NOT-CONFIGURED" in set(found["rule"])) is told


def test_an_app_that_the_agent_locked_says_until_when(world):
    lock = {"exit_code": 1602, "code": "0x80070642", "next_retry_at": at(1500)}
    proofs = find(*world(**TIMED, installs=[lock])).evidence
    quote = proofs.filter(pl.col("rule") == "ESP-APP-FAILED")["quote"].item()
    assert "locks it for 24 hours (GRS) and tries again from 2026-03-03 09:00 UTC on" in quote


def test_packages_that_setup_brings_itself_are_no_failed_store_apps(world):
    edge = {"kind": "modern", "blocking": None, "phase": None, "ended_at": at(5)}
    for reason, told in (("asked for by Setup", False), (None, True)):
        found = set(find(*world(**SETUP, installs=[edge | {"reason": reason}])).findings["rule"])
        assert bool(found & {"APP-STORE-FAILED", "ESP-APP-FAILED"}) is told


def test_a_page_that_was_left_is_not_called_neglected(world):
    page, device = {"visible_at": at(5), "ended_at": at(9)}, {"collected_at": at(35)}
    assert "OOBE-LEFT" not in set(find(*world(screens=[page], device=device)).findings["rule"])


def test_an_attempt_without_an_end_names_the_app_that_was_begun(world):
    runs = [(1, "device_setup", "unfinished", 10, None, None, None)]
    for begun, named in ((at(20), "device setup, Example VPN not finished"), (None, "device setup")):
        app = {"outcome": "unfinished", "started_at": begun}
        found = find(*world(attempts=OPEN, runs=runs, installs=[app])).findings
        assert found.filter(pl.col("rule") == "ATTEMPT-UNFINISHED")["item"].to_list() == [named]
