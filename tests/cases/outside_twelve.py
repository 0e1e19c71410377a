"""What the twelfth outside judge adds: things that look like a known problem and are none."""

from __future__ import annotations

from cases.outside import Code, Machine, compact
from cases.outside_agent import ended, kept, loads, looks, report, runs, wrapped
from cases.outside_stages import join, leave, refused, screen

AGENT_SERVICE = "Microsoft Intune Management Extension"


def scep(m: Machine, t: float, name: str, code: int = 0) -> None:
    """One request for a certificate: refused with a code, or answered and installed."""
    fields = {"Message1": "Device", "Message2": name, "Message3": m.enrolment}
    m.event("dm", t, 36, **fields, HexInt1=Code(0), HexInt2=Code(0))
    m.event("dm", t + 0.02, 37)
    if code:
        m.event("dm", t + 0.35, 32, 2, HRESULT=Code(code))
        return
    m.event("dm", t + 0.1, 38)
    m.event("dm", t + 0.12, 39)


def service_late(m: Machine, t: float, service: str = AGENT_SERVICE) -> None:
    """A service does not answer within half a minute after a start of Windows (7009, 7000 with 1053)."""
    m.event("services", t, 7009, 2, param1="30000", param2=service)
    m.event("services", t + 0.001, 7000, 2, param1=service, param2="%%1053")


def beside_the_page(m: Machine, t: float, name: str, exit_code: int, *, user: str = "") -> None:
    """The agent installs a required app that the page does not wait for: no line and no key of the page."""
    looks(m, t, name)
    loads(m, t + 0.2, name)
    runs(m, t + 0.8, name)
    ended(m, t + 2, exit_code)
    code = wrapped(exit_code)
    report(m, t + 2.1, name, code, "Error" if code else "Success")
    owner = {"user": user} if user else {}
    kept(m, name, exit_code=exit_code, code=code, state=5000 if code else 1000, **owner)


def turned_away(m: Machine, t: float, code: int, fault: str, reason: str) -> None:
    """Joined, refused at enrolment, the error page, left again."""
    join(m, t)
    refused(m, t + 0.8, code, fault, reason)
    screen(m, t + 1.3, "CDJUIError", f"{code:08x}")
    screen(m, t + 1.31, "CDJUIShowPage", "idErrorPage")
    leave(m, t + 1.6)


def token_refused(m: Machine, t: float, words: str, code: int) -> None:
    """The account plug-in is refused a token; the service's own words."""
    m.event(
        "aad",
        t,
        1098,
        2,
        Error=code,
        ErrorMessage="Authorization grant failed for this assertion.",
        AdditionalInformation=words,
    )


def answers_with(m: Machine, code: int, reason: str) -> None:
    """The deployment service answers the first query with a code of its own instead of an empty profile."""
    m.rows = [row for row in m.rows if row[2] != "autopilot" or row[3].event_id not in (702, 704, 161, 162)]
    answer = {"ErrorCode": code, "ErrorReason": reason}
    missing = {"HRESULT": Code(0x80070490)}
    m.event("autopilot", 0.3, 709, 3, **missing, Message1=compact(answer))
    m.event("autopilot", 0.31, 707, 2, **missing, Message1="DdsZtdPolicyManager", Message2=m.id("vector"))
    m.event("autopilot", 0.32, 314, 3)
    stored = {**answer, "PolicyDownloadDate": f"{m.clock(0.3):%Y-%m-%dT%H:%M:%SZ}"}
    m.text("AutopilotDDSZTDFile.json", compact(stored), "utf-16")
