"""What only the name beside it, or the structure around it, shows to be an identifier."""

import json

import polars as pl
import pytest

from autopilot_analysis.privacy.labels import (
    enrolments,
    from_labels,
    from_rows,
    from_tails,
    in_every_spelling,
    named_cells,
    named_fields,
)

OWN, OTHER = "11111111-2222-4333-8444-555555555555", "22222222-2222-4333-8444-555555555555"
ROOT = r"HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Enrollments"


def test_cells_of_telemetry_carry_the_names_of_their_columns():
    row = '"Colmetadata":"Version;DeviceId;UserName","Col1":"7","Col3":"ann","Col4":"beyond","Col2":""'
    assert list(named_cells([row])) == [("Version", "7"), ("UserName", "ann")]


@pytest.mark.parametrize(
    ("name", "value", "ids"),
    [("UPN", "ann@example.com", [OWN]), ("UPN", "", []), ("ProviderID", "MS DM Server", [])],
)
def test_an_enrolment_is_somebodys_only_by_a_value_that_windows_brings_to_no_other(rows, name, value, ids):
    registry = rows("registry_values", {"key": rf"{ROOT}\{OWN}", "name": name, "value": value})
    assert [found for _, found in enrolments({"registry_values": registry})] == ids


def test_keys_below_context_and_status_name_the_enrolment_too(rows):
    keys = [rf"{ROOT}\Context\{{{OWN}}}", rf"{ROOT}\Status\{OTHER}"]
    registry = rows("registry_values", *({"key": k, "name": "UPN", "value": "ann@example.com"} for k in keys))
    assert [found for _, found in enrolments({"r": registry, "events": rows("events")})] == [OWN, OTHER]


@pytest.mark.parametrize(
    ("text", "kind", "original"),
    [
        ("SerialNumber\n------------\nSN-000123", "serial", "SN-000123"),
        ("SerialNumber  \r\nSN-000123  ", "serial", "SN-000123"),
        ("i000: Setting string variable 'LogonUser' to value 'zora'", "user", "zora"),
        ("Benutzername: zora", "user", "zora"),
        ("Numéro de série : SN-000123", "serial", "SN-000123"),
        ("CsDNSHostName : FRONT7", "host", "FRONT7"),
        ("All User Profile     : Quill-Mesh", "network", "Quill-Mesh"),
        ('"CloudAssignedDeviceName":"QUILL-%SERIAL%"', "host", "QUILL"),
        ("Host Name:                 FRONT7", "host", "FRONT7"),
        ("Nome host . . : FRONT7".replace(" . .", ""), "host", "FRONT7"),
        ("SMSMP=mp7.quill.example", "host", "mp7.quill.example"),
    ],
)
def test_a_label_gives_away_what_stands_behind_or_below_it(text, kind, original):
    assert (kind, original) in list(from_labels(pl.Series([text])))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("WorkplaceTenantName : Quill Works", [("tenant", "Quill Works")]),
        ('{"initiatedByUserPrincipalName":"zora@quill.example"}', [("user", "zora@quill.example")]),
        ('{\\"targetComputerName\\":\\"FRONT7\\"}', [("host", "FRONT7")]),
        ("WorkplaceTenantNames : Quill Works", []),
        ("PackageFullName : Quill.App", []),
    ],
)
def test_a_longer_name_says_by_its_end_what_it_names(text, found):
    assert list(from_tails(pl.Series([text]))) == found


def test_a_value_whose_name_only_ends_so_is_found_in_the_registry_too(rows):
    registry = rows("registry_values", {"key": "HKLM", "name": "LastUsedUserName", "value": "zora"})
    assert list(from_rows({"registry_values": registry})) == [("user", "zora")]


@pytest.mark.parametrize("text", ["the serial number\nis missing", "CloudAssignedDeviceName: %SERIAL%"])
def test_a_label_in_prose_or_before_a_template_gives_away_nothing(text):
    assert list(from_labels(pl.Series([text]))) == []


@pytest.mark.parametrize(
    ("key", "found"),
    [
        (r"HKLM\System\CloudDomainJoin\TenantInfo\x", [("tenant", "Quill Works")]),
        (r"HKCU\Software\Microsoft\OneDrive\Accounts\Business1", [("tenant", "Quill Works")]),
        (r"HKLM\Software\Uninstall\x", []),
    ],
)
def test_a_display_name_names_an_organisation_below_keys_that_say_so(rows, key, found):
    values = rows("registry_values", {"key": key, "name": "DisplayName", "value": "Quill Works"})
    assert list(from_rows({"registry_values": values})) == found


@pytest.mark.parametrize(
    ("provider", "field", "value", "found"),
    [
        ("Microsoft-Windows-WLAN-AutoConfig", "ProfileName", "Quill-Mesh", [("network", "Quill-Mesh")]),
        ("Microsoft-Windows-SMBClient", "ServerName", r"\\files7", [("host", "files7")]),
        ("Microsoft-Windows-DNS-Client", "QueryName", "a7.quill.example", [("host", "a7.quill.example")]),
        (
            "Microsoft-Windows-DNS-Client",
            "QueryName",
            "_ldap._tcp.dc._msdcs.quill.example",
            [("host", "quill.example")],
        ),
        ("Microsoft-Windows-Security-Auditing", "DisplayName", "Zora Quill", [("user", "Zora Quill")]),
        ("Microsoft-Windows-Setup", "ProfileName", "Quill-Mesh", []),
    ],
)
def test_a_field_names_somebody_in_the_events_of_its_provider(rows, provider, field, value, found):
    event = {"provider": provider, "event_id": 1, "data": json.dumps({field: value})}
    assert list(named_fields({"events": rows("events", event)})) == found


def test_a_field_that_identifies_does_so_under_each_of_its_spellings():
    facts = pl.DataFrame(
        {"label": ["user identity", "device id"], "kind": ["user", "id"], "ambiguous": [None, "yes"]}
    )
    fields = pl.DataFrame(
        {"field": ["User Identity", "NgcSet"], "also": ["UserSignInName | Signed in as", "HelloSet"]}
    )
    known = in_every_spelling(facts, fields)
    assert known.rows() == [
        *facts.rows(),
        ("user sign in name", "user", None),
        ("signed in as", "user", None),
    ]


@pytest.mark.parametrize(
    ("name", "value", "found"),
    [
        ("bypass list", "*.intra.quill.example;<local>", [("host", "intra.quill.example")]),
        ("Proxy Bypass List", "files7.quill.example", [("host", "files7.quill.example")]),
        ("Proxy Server List", "http=prx7.quill.example:8080", [("host", "prx7.quill.example")]),
        ("Connection-specific DNS Suffix", "quill.example", [("tenant", "quill.example")]),
        ("Proxy Server List", "10.0.0.0", []),
    ],
)
def test_a_network_setting_names_the_company_in_a_row_of_its_own(rows, name, value, found):
    facts = rows("properties", {"name": name, "value": value})
    assert set(from_rows({"properties": facts})) == set(found)


@pytest.mark.parametrize(
    ("field", "value", "found"),
    [
        ("ProxyName", "prx7.quill.example:8080", ("host", "prx7.quill.example")),
        ("ProxyBypassList", "*.quill.example", ("host", "quill.example")),
        ("pwszProxy", "prx7.quill.example", ("host", "prx7.quill.example")),
        ("KdcProxyServer", "kdc7.quill.example", ("host", "kdc7.quill.example")),
        ("IdpDomain", "quill.example", ("tenant", "quill.example")),
    ],
)
def test_a_join_event_names_the_company_by_its_proxy_and_its_domain(field, value, found):
    texts = pl.Series([json.dumps({"ErrorCode": 7, field: value}, separators=(",", ":"))])
    assert found in [*from_labels(texts), *from_tails(texts)]
