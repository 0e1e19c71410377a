"""MDMDiagReport.xml, the report of the MDM diagnostics tool, -> settings and properties.

What becomes a row of `settings`: each policy value a provider configured, each policy value in effect, each
resource a provider owns, each security policy, each app of EnterpriseDesktopAppManagement, each file of a
provisioning package, each error a CSP reported, each value under FirstSyncData, SCEP, EAS, ActiveSync and
Certificates. Everything else that tells about the device becomes `properties`. The dictionaries
(PolicyManagerMeta and its kin, nine tenths of the file) tell about Windows, not about the device: they are
left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from xml.etree.ElementTree import Element, ParseError, iterparse

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse as iterparse_guarded

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.readers.mdm_report.settings import Settings
from autopilot_analysis.readers.reading import ILL_FORMED, REST_MISSING, Reading, Unread
from autopilot_analysis.readers.texts.properties import Properties

_ROOT = "MDMEnterpriseDiagnosticsReport"
_DICTIONARIES = ("AreaMetadata", "IngestedADMXPolicyMetaData", "IngestedAdmxPolicyMetadata")
_POLICIES = ("ConfigSource", "CurrentPolicies", *_DICTIONARIES)
_SETTINGS_ONLY = ("FirstSyncData", "SCEP", "EAS", "ActiveSync", "Certificates")
_NAMING = ("EnrollmentId", "EnrollmentID", "PackageId", "Component", "Name", "UserSid", "UserSID", "Area")
"""Elements whose text tells one of several equal elements from the others."""

_NOTES = ("_LastWrite", "_ProviderSet", "_WinningProvider")
"""Endings of elements that stand beside a policy's value and tell about it."""

_DEEPEST = 32


def read_mdm_report_xml(content: bytes, member: str = "") -> Reading:
    """Return the settings and the facts of an MDM diagnostics report, whole or cut short.

    Args:
        content: The whole file.
        member: Its path inside the export, for messages.

    Returns:
        A reading of settings and properties. A setting's status says what it is: "configured, from" or "in
        effect, from" and the id of a provider; "succeeded" or "failed"; for an app the number its installer
        wrote. Its code is there only when something failed. A property's section is the path of elements,
        with the id of an enrolment or package behind its element.

    Raises:
        NotThisFormat: The text is no XML with the report's root element, or declares a document type.
    """
    _refuse_foreign(content, member)
    settings, found = Settings(), Properties()
    path: list[Element] = []
    gap: tuple[Unread, ...] = ()
    try:
        for event, element in iterparse(BytesIO(content), events=("start", "end")):
            if event == "start":
                path.append(element)
            else:
                if len(path) <= 3:
                    _take(settings, found, path)
                path.pop()
    except (ParseError, ValueError, LookupError) as error:
        line = error.position[0] if isinstance(error, ParseError) else None
        gap = (Unread(f"the XML {ILL_FORMED} here; {REST_MISSING}", line),)
    return Reading({"settings": settings.frame(), **found.reading().rows}, gap)


def _refuse_foreign(content: bytes, member: str) -> None:
    """Refuse what is no report, by what stands up to its root: a document type can stand nowhere else.

    The parser in C cannot refuse entities; behind the root it needs not to.

    Raises:
        NotThisFormat: The root is another, none is found, or a document type is declared.
    """
    root = ""
    try:
        for _, element in iterparse_guarded(BytesIO(content), events=("start",), forbid_dtd=True):
            root = element.tag
            break
    except DefusedXmlException as refused:
        raise NotThisFormat.document_type(member, "the report") from refused
    except (ParseError, ValueError, LookupError):
        pass
    if root != _ROOT:
        raise NotThisFormat.of(member, f"is no XML with the root element {_ROOT}.")


def _take(settings: Settings, found: Properties, path: list[Element]) -> None:
    """Take what an element that ended says, and let go of it; parts of sections are taken whole."""
    element = path[-1]
    if len(path) == 3:
        section = path[1].tag
        _add_settings(settings, section, element)
        if section not in (*_SETTINGS_ONLY, "PolicyManagerMeta", "WAP") and element.tag not in _POLICIES:
            for place, name, value in _leaves(element, section):
                found.add(place, name, value)
    elif len(path) == 2 and _text(element):
        found.add("", element.tag, _text(element))
    if len(path) > 1:
        path[-2].remove(element)


def _add_settings(settings: Settings, section: str, element: Element) -> None:
    """Add the settings that one part of a section holds."""
    if section == "PolicyManager" and element.tag == "ConfigSource":
        _add_configured(settings, element)
    elif section == "PolicyManager" and element.tag == "CurrentPolicies":
        _add_in_effect(settings, element)
    elif section == "Resources":
        _add_resources(settings, element)
    elif section == "EnterpriseDesktopAppManagementinfo":
        _add_apps(settings, element)
    elif section == "ProvisioningResults":
        _add_package(settings, element)
    elif section == "Diagnostics":
        _add_errors(settings, element)
    elif section == "WAP":
        for name, value in _values(element, "Area"):
            settings.add("device", f"{element.tag}/{_text_of(element, 'Area')}", name, value)
    elif section in _SETTINGS_ONLY:
        for place, name, value in _leaves(element, section):
            result = value if name.lower().endswith(("error", "hresult", "errorcode")) else None
            settings.add(None, section, f"{place}/{name}".removeprefix(f"{section}/"), value, result=result)


def _add_configured(settings: Settings, source: Element) -> None:
    """Add the policy values one provider configured."""
    status = f"configured, from {_text_of(source, 'EnrollmentId')}"
    for scope in source.findall("PolicyScope"):
        whose = _text_of(scope, "PolicyScope")
        for area in scope.findall("Area"):
            for name, value in _values(area, "PolicyAreaName"):
                settings.add(whose, _text_of(area, "PolicyAreaName"), name, value, status=status)


def _add_in_effect(settings: Settings, current: Element) -> None:
    """Add the policy values that won."""
    whose = _text_of(current, "PolicyScope")
    for area in current.findall("CurrentPolicyValues"):
        fields = {child.tag: _text(child) for child in area}
        for name, value in _values(area, "PolicyAreaName"):
            winner = fields.get(f"{name}_WinningProvider")
            status = f"in effect, from {winner}" if winner else "in effect"
            settings.add(whose, fields.get("PolicyAreaName"), name, value, status=status)


def _add_resources(settings: Settings, enrollment: Element) -> None:
    """Add the resources a provider owns; a bare number among them names none."""
    owner = _text_of(enrollment, "EnrollmentID") or _text_of(enrollment, "EnrollmentId")
    for scope in enrollment.findall("Scope"):
        target = _text_of(scope, "ResourceTarget")
        for name in map(_text, scope.iter("ResourceName")):
            if name and not name.isdigit():
                settings.add(target, _csp(name), name, None, status=f"configured, from {owner}")


def _add_apps(settings: Settings, installations: Element) -> None:
    """Add the apps that EnterpriseDesktopAppManagement installs."""
    for user in installations.iter("TargetedUser"):
        scope = _text_of(user, "UserSid") or _text_of(user, "UserSID")
        for app in user.iter("Details"):
            name = _text_of(app, "ProductCode") or _text_of(app, "PackageId") or ""
            version, status, error = (_text_of(app, tag) for tag in ("ProductVersion", "Status", "LastError"))
            settings.add(scope, "EnterpriseDesktopAppManagement", name, version, status=status, result=error)


def _add_package(settings: Settings, result: Element) -> None:
    """Add the result of each file of a provisioning package."""
    for file in result.iter("XML"):
        last = _text_of(file, "LastResult")
        status = None if last is None else "succeeded" if last == "0" else "failed"
        package, name = _text_of(result, "PackageFileName"), _text_of(file, "XMLName") or ""
        settings.add("device", package, name, _text_of(file, "Message"), status=status, result=last)


def _add_errors(settings: Settings, log: Element) -> None:
    """Add the errors that CSPs reported; a part without an error is no result."""
    for part in log.iter("SubComponent"):
        error = _text_of(part, "Error")
        if error is not None:
            name = _text_of(part, "Metadata2") or _text_of(part, "Name") or ""
            status, deed = "succeeded" if error == "0" else "failed", _text_of(part, "Metadata1")
            settings.add(None, _text_of(part, "Name"), name, deed, status=status, result=error)


def _values(area: Element, heading: str) -> Iterator[tuple[str, str]]:
    """Yield name and value of each policy in an area."""
    for child in area:
        if child.tag != heading and not child.tag.endswith(_NOTES):
            yield (child.tag, _text(child))


def _leaves(element: Element, place: str) -> Iterator[tuple[str, str, str]]:
    """Yield path, name and text of every element without children, in order."""
    stack = [(element, place, 0)]
    while stack:
        current, above, depth = stack.pop()
        if len(current) == 0:
            yield (above, current.tag, _text(current))
            continue
        named = next((_text(child) for child in current if child.tag in _NAMING and _text(child)), "")
        label = f"{above}/{current.tag}/{named}".rstrip("/")
        stack.extend((child, label if depth < _DEEPEST else above, depth + 1) for child in reversed(current))


def _csp(resource: str) -> str:
    """Return the CSP a LocURI leads to, "Resources" for another name."""
    steps = resource.split("/")
    upper = [step.upper() for step in steps]
    at = upper.index("MSFT") + 1 if "MSFT" in upper else len(steps)
    return steps[at] if at < len(steps) else "Resources"


def _text(element: Element) -> str:
    """Return an element's own text without blanks around it."""
    return (element.text or "").strip()


def _text_of(element: Element, tag: str) -> str | None:
    """Return the text of the first child called `tag`, None when there is none."""
    child = element.find(tag)
    return None if child is None else _text(child)
