import tracemalloc
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autopilot_analysis.errors import NotThisFormat
from autopilot_analysis.export import open_export
from autopilot_analysis.readers.mdm_report.mdm_report_xml import read_mdm_report_xml
from autopilot_analysis.readers.reading import Reading

ROOT = "MDMEnterpriseDiagnosticsReport"
ONE, TWO = "00000000-0000-0000-0000-000000000001", "00000000-0000-0000-0000-000000000002"
SID = "S-1-12-1-1-2-3-4"


def report(*sections):
    body = "".join(sections)
    return f"<?xml version='1.0'?>\r\n<{ROOT}>{body}</{ROOT}>".encode()


def found(table, *sections):
    frame = read_mdm_report_xml(report(*sections)).rows[table]
    return [row[1:] for row in frame.rows()]


def test_a_policy_is_one_setting_as_configured_and_one_as_in_effect():
    policies = f"""<PolicyManager><ConfigSource><EnrollmentId>{ONE}</EnrollmentId>
    <PolicyScope><PolicyScope>Device</PolicyScope><Area><PolicyAreaName>BitLocker</PolicyAreaName>
    <RequireDeviceEncryption>1</RequireDeviceEncryption>
    <RequireDeviceEncryption_LastWrite>1</RequireDeviceEncryption_LastWrite></Area></PolicyScope>
    <PolicyScope><PolicyScope>{SID}</PolicyScope><Area><PolicyAreaName>Start</PolicyAreaName><Pins/></Area></PolicyScope>
    </ConfigSource><CurrentPolicies><PolicyScope>device</PolicyScope><CurrentPolicyValues>
    <PolicyAreaName>BitLocker</PolicyAreaName><RequireDeviceEncryption>1</RequireDeviceEncryption>
    <RequireDeviceEncryption_WinningProvider>{TWO}</RequireDeviceEncryption_WinningProvider>
    </CurrentPolicyValues></CurrentPolicies></PolicyManager>"""
    assert found("settings", policies) == [
        ("device", "BitLocker", "RequireDeviceEncryption", "1", f"configured, from {ONE}", None),
        (SID, "Start", "Pins", "", f"configured, from {ONE}", None),
        ("device", "BitLocker", "RequireDeviceEncryption", "1", f"in effect, from {TWO}", None),
    ]
    assert found("properties", policies) == []


def test_a_resource_is_named_by_its_uri_and_a_bare_number_is_none():
    resources = f"""<Resources><Enrollment><EnrollmentID>{ONE}</EnrollmentID><Scope>
    <ResourceTarget>device</ResourceTarget>
    <Resources><Type>default</Type><ResourceName>./device/Vendor/MSFT/VPNv2/Office</ResourceName>
    <ResourceName>2</ResourceName></Resources></Scope></Enrollment></Resources>"""
    assert found("settings", resources) == [
        ("device", "VPNv2", "./device/Vendor/MSFT/VPNv2/Office", None, f"configured, from {ONE}", None)
    ]


def test_an_app_tells_its_status_and_the_code_it_failed_with():
    apps = """<EnterpriseDesktopAppManagementinfo><MsiInstallations><TargetedUser>
    <UserSid>S-0-0-00-0000000000-0000000000-000000000-000</UserSid><Package><Type>MSI</Type>
    <Details><PackageId>{P1}</PackageId><ProductCode>{P1}</ProductCode><ProductVersion>1.2</ProductVersion>
    <Status>70</Status><LastError>0</LastError></Details>
    <Details><PackageId>{P2}</PackageId><Status>60</Status><LastError>-2147023293</LastError></Details>
    </Package></TargetedUser></MsiInstallations></EnterpriseDesktopAppManagementinfo>"""
    area = "EnterpriseDesktopAppManagement"
    assert found("settings", apps) == [
        ("device", area, "{P1}", "1.2", "70", None),
        ("device", area, "{P2}", None, "60", "0x80070643"),
    ]


def test_a_package_and_a_csp_tell_whether_they_failed():
    results = """<ProvisioningResults><Result><PackageId>{1}</PackageId>
    <PackageFileName>a.ppkg</PackageFileName>
    <Statistics><General><XML><XMLName>0.provxml</XMLName><Message>done</Message>
    <LastResult>0</LastResult></XML>
    <XML><XMLName>1.provxml</XMLName><Message>not done</Message>
    <LastResult>-2147024894</LastResult></XML></General>
    </Statistics></Result></ProvisioningResults><Diagnostics><ErrorLog><Component>ConfigManager</Component>
    <SubComponent><Name>BitLocker</Name><Error>-2147024463</Error><Metadata1>CmdType_Set</Metadata1>
    <Metadata2>./Device/Vendor/MSFT/BitLocker/X</Metadata2></SubComponent></ErrorLog></Diagnostics>"""
    assert found("settings", results) == [
        ("device", "a.ppkg", "0.provxml", "done", "succeeded", None),
        ("device", "a.ppkg", "1.provxml", "not done", "failed", "0x80070002"),
        (None, "BitLocker", "./Device/Vendor/MSFT/BitLocker/X", "CmdType_Set", "failed", "0x800701B1"),
    ]


def test_sections_of_unknown_depth_become_settings_by_their_path():
    assert found(
        "settings", "<FirstSyncData><Enrollment><IsSyncDone>1</IsSyncDone></Enrollment></FirstSyncData>"
    ) == [(None, "FirstSyncData", "Enrollment/IsSyncDone", "1", None, None)]


def test_facts_stand_under_the_path_of_elements_with_their_ids():
    facts = f"""<Version>1.0</Version>
    <SystemInformation><OSVersion>10.0.22631.1</OSVersion></SystemInformation>
    <Enrollments><Enrollment><EnrollmentId>{ONE}</EnrollmentId>
    <Poll><Retry>5</Retry></Poll></Enrollment></Enrollments>
    <Diagnostics><ErrorLog><Component>AutoPilot</Component>
    <IsAutoPilotDisabled>0</IsAutoPilotDisabled></ErrorLog></Diagnostics>"""
    assert found("properties", facts) == [
        ("", "Version", "1.0"),
        ("SystemInformation", "OSVersion", "10.0.22631.1"),
        (f"Enrollments/Enrollment/{ONE}", "EnrollmentId", ONE),
        (f"Enrollments/Enrollment/{ONE}/Poll", "Retry", "5"),
        ("Diagnostics/ErrorLog/AutoPilot", "Component", "AutoPilot"),
        ("Diagnostics/ErrorLog/AutoPilot", "IsAutoPilotDisabled", "0"),
    ]


def test_dictionaries_are_left_out():
    policy = "<PolicyMetadata><value>1</value></PolicyMetadata>"
    area = f"<AreaMetadata><PolicyAreaName>A</PolicyAreaName>{policy}</AreaMetadata>"
    reading = read_mdm_report_xml(
        report(f"<PolicyManagerMeta>{area}</PolicyManagerMeta>", f"<PolicyManager>{area}</PolicyManager>")
    )
    assert reading.count == 0


def test_a_long_dictionary_does_not_stay_in_memory():
    area = "<AreaMetadata><PolicyMetadata><value>1</value></PolicyMetadata></AreaMetadata>"
    content = report(f"<PolicyManagerMeta>{area * 20_000}</PolicyManagerMeta>")
    tracemalloc.start()
    read_mdm_report_xml(content)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 3 * len(content)


def test_a_cut_report_keeps_the_whole_parts_and_names_the_line():
    whole = report(
        "<SystemInformation><OSVersion>10.0</OSVersion>\n<SerialNumber>SN-0001</SerialNumber></SystemInformation>"
    )
    reading = read_mdm_report_xml(whole[: whole.index(b"-0001")])
    assert reading.rows["properties"]["name"].to_list() == ["OSVersion"]
    assert [gap.record for gap in reading.unread] == [3]


def test_depth_costs_neither_a_crash_nor_a_row():
    deep = b"<MDMEnterpriseDiagnosticsReport><A>" + b"<b>" * 50_000 + b"</b>" * 50_000
    assert len(read_mdm_report_xml(deep).unread) == 1


def test_entities_and_other_texts_are_refused():
    entity = b'<!DOCTYPE a [<!ENTITY x "y">]>' + report("<Version>&x;</Version>")
    for content in (entity, b"<Other/>", b"", b"hello"):
        with pytest.raises(NotThisFormat):
            read_mdm_report_xml(content)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200) | st.text(alphabet="<>/aA&; ", max_size=200).map(str.encode))
def test_any_bytes_give_a_reading_or_are_refused(noise):
    assert isinstance(read_mdm_report_xml(b"<MDMEnterpriseDiagnosticsReport>" + noise), Reading)
    with suppress(NotThisFormat):
        assert isinstance(read_mdm_report_xml(noise), Reading)


def test_the_genuine_report_reads_to_its_end(genuine):
    member = next(
        m
        for m in open_export(genuine / "mdm-diagnostics-23h2.cab").members
        if m.path.endswith("MDMDiagReport.xml")
    )
    reading = read_mdm_report_xml(member.read())
    settings = reading.rows["settings"]
    assert reading.unread == ()
    assert settings.filter(status="succeeded").height == 25
    assert settings.filter(status="in effect").height == 1
    assert (settings.height, reading.rows["properties"].height) == (40, 430)
