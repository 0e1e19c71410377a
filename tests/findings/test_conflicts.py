"""Policy conflicts: the setting that shows each, and the same setting switched off."""

import pytest

from autopilot_analysis.facts import read_facts
from autopilot_analysis.findings import RULES, find

ONLY = {"CONFLICTS": RULES["CONFLICTS"]}
POLICY = r"HKEY_LOCAL_MACHINE\software\microsoft\policymanager\current\device"
WINDOWS = r"HKEY_LOCAL_MACHINE\software\microsoft\windows\currentversion\policies\system"
LOGON = r"HKEY_LOCAL_MACHINE\software\microsoft\windows nt\currentversion\winlogon"
REGISTRY = {
    "PC1": (r"HKEY_LOCAL_MACHINE\software\policies\microsoft\windows\srpv2\exe", "EnforcementMode", "1"),
    "PC2": (rf"{POLICY}\DeviceLock", "MinDevicePasswordLength", "8"),
    "PC3": (
        rf"{POLICY}\LocalPoliciesSecurityOptions",
        "UserAccountControl_RunAllAdministratorsInAdminApprovalMode",
        "1",
    ),
    "PC4": (rf"{POLICY}\DeviceGuard", "EnableVirtualizationBasedSecurity", "1"),
    "PC5": (rf"{POLICY}\LocalPoliciesSecurityOptions", "Accounts_EnableAdministratorAccountStatus", "0"),
    "PC6": (r"HKEY_LOCAL_MACHINE\system\currentcontrolset\services\wlidsvc", "Start", "4"),
    "PC7": (LOGON, "AutoAdminLogon", "0"),
    "PC8": (rf"{POLICY}\Authentication", "PreferredAadTenantDomainName", "example.com"),
    "PC9": (WINDOWS, "legalnoticetext", "For staff only"),
    "PC10": (WINDOWS, "scforceoption", "1"),
    "PC11": (
        rf"{POLICY}\LocalPoliciesSecurityOptions",
        "UserAccountControl_SwitchToTheSecureDesktopWhenPromptingForElevation",
        "1",
    ),
    "PC12": (rf"{POLICY}\ControlPolicyConflict", "MDMWinsOverGP", "1"),
    "PC13": (r"HKEY_LOCAL_MACHINE\software\policies\microsoft\mui\settings", "PreferredUILanguages", "de-DE"),
    "PC14": (r"HKEY_LOCAL_MACHINE\system\currentcontrolset\control\eas\policies", "1", "8"),
    "PC15": (rf"{POLICY}\Authentication", "EnableWebSignIn", "1"),
    "PC18": (rf"{POLICY}\CredentialProviders", "DisableAutomaticReDeploymentCredentials", "1"),
    "PC23": (
        r"HKEY_LOCAL_MACHINE\software\policies\microsoft\windows\currentversion\mdm",
        "DisableRegistration",
        "1",
    ),
}
EVENTS = {
    "PC1": ("dm:2800", {"Message1": "./Vendor/MSFT/AppLocker/ApplicationLaunchRestrictions"}, None),
    "PC16": ("aad:1081", {"Error": "AADSTS53003: blocked"}, None),
    "PC19": ("user32:1074", {"param1": r"C:\Windows\System32\MoUsoCoreWorker.exe"}, None),
    "PC20": (
        "dm:1924",
        {"Message1": "./Device/Vendor/MSFT/EnterpriseDesktopAppManagement/MSI/x", "HexInt": "0x80070652"},
        None,
    ),
    "PC22": ("user32:1074", {"param1": r"C:\Windows\System32\msiexec.exe"}, None),
    "PC24": ("dm:71", {}, "0xC1036501"),
    "PC26": ("dm:404", {}, "0x87D1FDEE"),
}
OFF = {
    "PC4": "0",
    "PC6": "2",
    "PC7": "1",
    "PC10": "0",
    "PC12": "0",
    "PC15": "0",
    "PC18": "0",
    "PC23": "0",
    "PC9": "",
    "PC8": "",
}


def _rules(tables, trace):
    return set(find(tables, trace, rules=ONLY).findings["rule"])


@pytest.mark.parametrize("conflict", REGISTRY)
def test_the_setting_shows_the_conflict(world, conflict):
    key, name, value = REGISTRY[conflict]
    assert f"CONFLICT-{conflict}" in _rules(*world(registry=[(key, name, value)]))


@pytest.mark.parametrize("conflict", REGISTRY)
def test_the_same_setting_off_or_elsewhere_is_silent(world, conflict):
    key, name, value = REGISTRY[conflict]
    near = [(rf"{key}\elsewhere\x9", f"{name}_ProviderSet", value)]
    if conflict in OFF:
        near.append((key, name, OFF[conflict]))
    assert f"CONFLICT-{conflict}" not in _rules(*world(registry=near))


@pytest.mark.parametrize("conflict", EVENTS)
def test_the_event_shows_the_conflict_and_another_of_its_kind_does_not(world, conflict):
    key, fields, code = EVENTS[conflict]
    assert f"CONFLICT-{conflict}" in _rules(*world(events=[(key, fields, 5, code)]))
    assert f"CONFLICT-{conflict}" not in _rules(
        *world(events=[(key, {"param1": "explorer", "x": "y"}, 5, "0x80070002")])
    )


def test_a_password_rule_weighs_only_where_the_device_restarted_inside_the_page(world, failure):
    rows = []
    for minute in (40, 5):
        tables, trace = world(
            registry=[REGISTRY["PC2"]], steps=[("boot", minute, None, None)], **failure("device_setup")
        )
        found = find(tables, trace, rules=ONLY).findings
        rows.append(found.filter(found["rule"] == "CONFLICT-PC2")["severity"][0])
    assert rows == ["warning", "info"]


def test_of_the_26_conflicts_24_have_a_test_and_the_others_need_the_tenant():
    known = set(read_facts("policy_conflicts")["id"])
    assert known - set(REGISTRY) - set(EVENTS) == {"PC17", "PC21", "PC25"}
