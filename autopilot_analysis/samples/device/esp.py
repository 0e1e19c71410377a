"""The stages behind the Enrollment Status Page, and the desktop after it."""

from __future__ import annotations

from datetime import datetime, timedelta

from autopilot_analysis.samples.device.device import DOMAIN
from autopilot_analysis.samples.device.joining import sync
from autopilot_analysis.samples.device.story import Data, Step, Story, fields
from autopilot_analysis.samples.formats.event_values import Hex32
from autopilot_analysis.samples.formats.ime_log import AGENT
from autopilot_analysis.samples.installs.acts import tell_plan
from autopilot_analysis.samples.installs.installs import tell_apps

POLICIES = (
    ("Defender", "AllowCloudProtection", 1),
    ("DeviceLock", "MinDevicePasswordLength", 8),
    ("Update", "DeferQualityUpdatesPeriodInDays", 3),
)
"""Policies that arrive during device setup: area, name, value."""

_STARTED = "CommercialOOBE_BootstrapStatusCategory_SubcategoryProcessing_Started"
_EXIT = "CommercialOOBE_ESPProgress_Page_Exiting"
_SEALED = "CommercialOOBE_ESPProgress_WhiteGlove_Success"
_TIMED_OUT = "UnifiedEnrollment_ProvisioningProgressPage_DeviceConfigurationTimeOut"
_APPS_FAILED = "UnifiedEnrollment_ProvisioningProgressPage_ApplicationsFailed"
_PARTS = ("SecurityPolicies", "Certificates", "NetworkConnections", "Apps")
_AGENT_PRODUCT = "{A6A2F3B1-0000-4000-8000-000000000001}"
_CLIENT, _RESOURCE = "fc0f3af4-6835-4174-b806-f7db311fd2f3", "26a4ae64-5862-427f-a9b0-044e62572a4f"


def prepare(story: Story, start: datetime, end: datetime) -> None:
    """Sync, install the Intune Management Extension, count what is to be tracked.

    Args:
        story: The story so far.
        start: When the device was enrolled.
        end: When the preparation is over.
    """
    sync(story, start + timedelta(seconds=2), seconds=6)
    story.page(_STARTED, "BootstrapStatus: DevicePreparation.PolicyProvidersSubcategory", start, after=1200)
    provider = {"Message1": "Sidecar", "Message2": "DevicePreparation"}
    story.event("AP", 287, start + (end - start) / 4, provider)
    _install_agent(story, start + (end - start) / 2, end)
    story.event("AP", 288, end, provider, after=-50)
    story.event("AP", 292, end, provider, after=-20)
    story.event("AP", 293, end, fields(provider, {"Int1": len(story.device.device_apps)}))
    _start_agent(story, end + timedelta(seconds=1))
    story.state.categories["DevicePreparation"] = "succeeded"


def _install_agent(story: Story, start: datetime, end: datetime) -> None:
    """Download and install the agent's MSI."""
    product = {"Message1": _AGENT_PRODUCT, "Message2": story.device.enrollment_id}
    source = {"Message3": f"https://{DOMAIN}/IntuneWindowsAgent.msi"}
    story.event("DMA", 1905, start, fields(product, source), after=-9000)
    story.event("DMA", 1906, start, fields(product, source), after=-3000)
    story.event("DMA", 1920, start, product)
    story.event("DMA", 1922, end, fields(product, {"HRESULT": Hex32(0)}), after=-120)


def _start_agent(story: Story, at: datetime) -> None:
    device, alone = story.device, story.scenario.mode == "device_preparation"
    ids = f"Account ID is : {device.tenant_id} Device Id is : {device.intune_id}"
    plan = story.scenario.plan
    version = "1.58.103.0" if plan is not None and plan.era == "classic" else "1.92.103.0"
    lines = (
        "EMS Agent Started",
        "OnStart, public cloud env.",
        f"Agent version is: {version}",
        f"Populating AccountId and DeviceId globally. {ids}",
        "[APv2] Checking if device is in APv2 mode.",
        f"[APv2] Found DevicePrepHintValue = {11 if alone else 0}.",
        f"[APv2] Device is in APv2 mode: {alone}.",
    )
    for number, line in enumerate(lines):
        story.log(AGENT, at, line, after=number * 12, thread=4)


def run_agent_page(story: Story, start: datetime, end: datetime) -> None:
    """Show the page of device preparation without an ESP, where an agent does the work.

    Args:
        story: The story so far.
        start: When the device was enrolled.
        end: When the page is done.
    """
    sync(story, start + timedelta(seconds=2), seconds=8)
    fine = {"DisplayPageResult": Hex32(0), "AgentResult": Hex32(0)}
    running = fields({"ChangeType": 1}, fine, {"OverallResult": Hex32(0x8000000A)})
    story.event("AP", 400, start, running, after=800)
    _start_agent(story, start + timedelta(seconds=40))
    tell_apps(story, start + timedelta(seconds=60), end - timedelta(seconds=5), "device")
    failures = {"ConsecutiveHostFailures": 0, "ConsecutiveAgentFailures": 0}
    story.event("AP", 401, end, fields(fine, {"OverallResult": Hex32(0)}, failures))
    story.log(AGENT, end, "[APv2] Successfully disabled APv2 mode.", after=300)
    _close_page(story, end, "exitCxhSuccess")
    story.state.bootstrapper = True


def tell_device_setup(story: Story, step: Step) -> None:
    """Apply policies, certificates and apps to the device.

    `how` is "", hang, undetected, reseal (the technician's flow), again (the user's flow after it) or reset.
    """
    start = story.now
    if story.rows[-1].stage != "device_preparation" or story.rows[-1].ended_at is None:
        start = (start + timedelta(seconds=story.random.randint(3, 15))).replace(microsecond=300_000)
    end = story.end_of(step, start)
    _show_parts(story, start, "DeviceSetup")
    sync(story, start, seconds=20)
    _policies(story, start)
    if story.scenario.plan is not None:
        end = _settle(tell_plan(story, start + timedelta(seconds=8), "device"))
    elif step.how != "reset":
        for app in story.device.device_apps:
            tracked = {"Message1": "Sidecar", "Message2": f"Win32App_{app.id}_1"}
            story.event("AP", 297, start, tracked, after=100)
        story.log("AppWorkload", start, "[Win32App] In EspPhase: DeviceSetup.", after=2500)
        tell_apps(story, start + timedelta(seconds=8), end, "device", step.how)
    _leave(story, step, end, "DeviceSetup")
    story.truth(step, start, end)
    story.now = end


def tell_account_setup(story: Story, step: Step) -> None:
    """Sign the user in and apply what is the user's."""
    start = (story.now + timedelta(seconds=story.random.randint(6, 40))).replace(microsecond=300_000)
    end = story.end_of(step, start)
    story.event("SYS", 7001, start, {"TSId": 1, "UserSid": story.device.user_sid}, after=-20)
    _show_parts(story, start, "AccountSetup")
    text = {"ErrorMessage": "The cache has been partitioned successfully.", "AdditionalInformation": ""}
    story.event("AAD", 1097, start, fields({"Error": 2326069467}, text), after=900)
    ready = "[Win32App] In EspPhase: AccountSetup. All Win32App has been added. Set SidecarReady: True"
    plan = story.scenario.plan
    story.log(AGENT if plan and plan.era == "classic" else "AppWorkload", start, ready, after=450)
    user = story.device.user.partition("@")[0]
    story.log(AGENT, start, f"After impersonation: AzureAD\\{user}", after=2000)
    token = f"Successfully get the token with client id {_CLIENT} and resource id {_RESOURCE}"
    story.log(AGENT, start, token, after=2600)
    if plan is not None:
        end = _settle(tell_plan(story, start + timedelta(seconds=6), "account"))
    else:
        tell_apps(story, start + timedelta(seconds=6), end, "account", step.how)
    _hello(story, end - timedelta(seconds=3))
    _leave(story, step, end, "AccountSetup")
    story.state.user_phase = True
    story.truth(step, start, end)
    story.now = end


def _settle(last: datetime) -> datetime:
    """Return when the page is left: five seconds after the last act, so that companions fit in the second."""
    return (last + timedelta(seconds=5)).replace(microsecond=400_000)


def tell_desktop(story: Story, step: Step) -> None:
    """Finish the logon."""
    start, end = story.now, story.end_of(step, story.now)
    user, tasks = story.device.user_sid, fields({"LogonType": 3075}, {"TaskName": "AllLogonTasks"})
    story.event("SC", 62170, end, tasks, after=-900, opcode=1, user_sid=user)
    story.event("SC", 62171, end, tasks, opcode=2, user_sid=user)
    plan = story.scenario.plan
    log = AGENT if plan and plan.era == "classic" else "AppWorkload"
    story.log(log, end, "[Win32App] The EspPhase: NotInEsp.", after=30_000)
    story.truth(step, start, end)
    story.now = end


def _show_parts(story: Story, at: datetime, category: str) -> None:
    for number, part in enumerate(_PARTS):
        story.page(_STARTED, f"BootstrapStatus: {category}.{part}Subcategory", at, after=number * 20)


def _leave(story: Story, step: Step, end: datetime, category: str) -> None:
    """Leave the page: done, sealed, timed out, or failed for an app."""
    succeeded = step.outcome == "succeeded"
    story.state.categories[category] = "succeeded" if succeeded else "failed"
    if not succeeded:
        name = _TIMED_OUT if step.how == "hang" else _APPS_FAILED
        story.page(name, f"BootstrapStatus: {category}.AppsSubcategory", end, code=step.result.number - 2**32)
        return
    if step.how == "reseal":
        story.page(_SEALED, "BootstrapStatus: Success page shown.", end)
    else:
        story.page(_EXIT, "BootstrapStatus: Exiting page normally.", end)
    _close_page(story, end, "success")


def _close_page(story: Story, at: datetime, result: str) -> None:
    story.event("SC", 62405, at, {"Result": result}, after=30, opcode=2, user_sid=story.oobe_user)


def _hello(story: Story, at: datetime) -> None:
    yes = (
        "DeviceIsJoined",
        "AADPrt",
        "NgcPolicyEnabled",
        "NgcPostLogonProvisioningEnabled",
        "NgcHardwarePolicyMet",
    )
    no = ("UserIsRemote", "LogonCertRequired", "UseCloudTrust", "CloudTgt")
    text = {"Message": "Windows Hello for Business provisioning will be launched."}
    checks = fields(dict.fromkeys(yes, "Yes"), dict.fromkeys(no, "No"), {"MachinePolicySource": "MDM"})
    story.event("UDR", 358, at, fields(text, checks), user_sid=story.device.user_sid)


def _policies(story: Story, start: datetime) -> None:
    """Set a few policies and install a certificate, early in the device setup."""
    for number, (area, name, value) in enumerate(POLICIES):
        texts = {
            "Message1": name,
            "Message2": area,
            "Message3": story.device.enrollment_id,
            "Message4": "Device",
        }
        numbers = {"HexInt1": Hex32(value), "HexInt2": Hex32(6), "HexInt3": Hex32(0)}
        story.event("DMA", 813, start, fields(texts, numbers), after=3000 + number * 40)
    asked = {"Message1": "ScepRoot", "Message2": "", "Message3": ""}
    request: Data = fields(asked, {"HexInt1": Hex32(0), "HexInt2": Hex32(0)})
    for number, event_id in enumerate((36, 37, 38, 39)):
        story.event("DMA", event_id, start, request if event_id == 36 else {}, after=4000 + number * 700)
    policy = "./Vendor/MSFT/DMClient/Provider/MS DM Server/EntDMID"
    certificate = "./Vendor/MSFT/ClientCertificateInstall/SCEP/ScepRoot"
    story.state.tracked += [
        (start + timedelta(seconds=3), "ExpectedPolicies", {policy: 1}),
        (start + timedelta(seconds=7), "ExpectedSCEPCerts", {certificate: 1}),
    ]
