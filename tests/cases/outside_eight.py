"""What the eighth outside judge adds: policies as the management client sets and refuses them, services, texts of tools."""

from __future__ import annotations

from cases.outside import ENROLMENTS, TRACKING, Code, Machine
from cases.outside_agent import ended, kept, loads, looks, report, runs, says
from cases.outside_page import GOOD, page_fails, state

BEGUN = ("inProgress", "Apps (Identifying)")


def service_off(m: Machine, name: str) -> None:
    """A service of Windows whose start type is disabled."""
    m.key(
        rf"system\currentcontrolset\services\{name}",
        Start=4,
        Type=0x20,
        ImagePath=r"%SystemRoot%\system32\svchost.exe -k netsvcs -p",
    )


def policy_number(m: Machine, t: float, area: str, name: str, value: int) -> None:
    """The management client sets a number of a policy area for the device (813), and keeps it."""
    fields = {"Message1": name, "Message2": area, "Message3": m.enrolment, "Message4": "Device"}
    m.event("dm", t, 813, **fields, HexInt1=Code(value), HexInt2=Code(6), HexInt3=Code(0))
    m.key(rf"software\microsoft\policymanager\current\device\{area}", **{name: value})


def policy_text(m: Machine, t: float, area: str, name: str, value: str) -> None:
    """The same for a text (814)."""
    fields = {"Message1": name, "Message2": area, "Message3": m.enrolment, "Message4": "Device"}
    m.event("dm", t, 814, **fields, Message5=value, HexInt1=Code(6), HexInt2=Code(0))
    m.key(rf"software\microsoft\policymanager\current\device\{area}", **{name: value})


def refused_node(m: Machine, t: float, uri: str, code: int, command: int = 4) -> None:
    """A configuration service provider refuses a node (404): to replace it (4), or to read it (6)."""
    m.event(
        "dm",
        t,
        404,
        2,
        Message1=m.enrolment,
        Message2="MDMDeviceWithAAD",
        Message3=uri.split("/MSFT/")[1].split("/", maxsplit=1)[0],
        InternalCmdType=command,
        Message5=uri,
        HexInt1=Code(code),
    )


def runs_out(m: Machine, t: float, where: str, **parts: tuple[str, str]) -> None:
    """The page gives up after its time; the category keeps what it waited for."""
    page_fails(m, t, where, 0x800705B4, timeout=True)
    state(m, where.split(".", maxsplit=1)[0], "failed", "Time limit exceeded", **{**GOOD, **parts})


def user_waits(m: Machine, user: str = "") -> None:
    """The agent never tells the page of the user's apps."""
    m.key(rf"{TRACKING}\{m.sid(user)}\Setup\Apps\PolicyProviders\Sidecar", TrackingPoliciesCreated=0)
    m.key(
        rf"{ENROLMENTS}\{m.enrolment}\FirstSync\{m.sid(user)}",
        IsSyncDone=0,
        ServerHasFinishedProvisioning=1,
    )


def no_token(m: Machine, t: float) -> None:
    """The agent asks for a token of the signed-in user and does not get it (0xCAA10001)."""
    says(
        m,
        t,
        "Failed to get AAD token. len = 0 using client id fc0f3af4-6835-4174-b806-f7db311fd2f3 and resource id "
        "26a4ae64-5862-427f-a9b0-044e62572a4f, errorCode = 3399548929",
        "Need user interaction to continue.",
        log="IntuneManagementExtension",
        kind=2,
    )


def system_report(m: Machine, maker: str, model: str, processor: str, memory: str) -> None:
    """What msinfo32 /report writes."""
    rows = (
        ("OS Name", "Microsoft Windows 11 Pro"),
        ("Version", f"10.0.{m.build.split('.')[0]} Build {m.build.split('.')[0]}"),
        ("System Name", m.fresh),
        ("System Manufacturer", maker),
        ("System Model", model),
        ("System Type", "x64-based PC"),
        ("Processor", processor),
        ("BIOS Mode", "UEFI"),
        ("Installed Physical Memory (RAM)", memory),
        ("Total Physical Memory", memory),
    )
    m.text(
        "msinfo32.log",
        "[System Summary]\n\nItem\tValue\n" + "".join(f"{a}\t{b}\n" for a, b in rows),
        "utf-16",
    )


def enrolment_ends(m: Machine, t: float, code: int, first: int) -> None:
    """Enrolment is begun and ends on the device, before any server's answer."""
    m.event("enrol", t, 4)
    m.event("enrol", t + 0.1, 53, 2, HRESULT=Code(first))
    m.event("enrol", t + 0.2, 71, 2, HRESULT=Code(code))
    m.event("shell", t + 0.3, 62407, Name="CDJUIError", Value=f"{code:08x}")
    m.event("shell", t + 0.31, 62407, Name="CDJUIShowPage", Value="idErrorPage")


def after_the_page(m: Machine, t: float, name: str) -> None:
    """The agent installs a required app when no status page is there: no line and no key of the page."""
    looks(m, t, name)
    loads(m, t + 0.2, name)
    runs(m, t + 0.8, name)
    ended(m, t + 2, 0)
    report(m, t + 2.1, name, 0, "Success")
    kept(m, name, exit_code=0, code=0, state=1000)
