"""What tests of the network say that somebody ran by hand."""

from dataclasses import replace

import pytest

from autopilot_analysis.findings.rules.network_tests import inspected
from autopilot_analysis.readers.texts.network.network_answers import add_answers, add_strange_answers
from autopilot_analysis.readers.texts.properties import Properties

NAME, TCP, TLS, PING = "NameResolutionSucceeded", "TcpTestSucceeded", "TlsSucceeded", "PingSucceeded"
SERVICE = "Autopilot deployment service"
RULES = {"NETWORK-TEST-FAILED", "NETWORK-TEST-OTHER", "NETWORK-TEST-PORT", "NETWORK-TEST-TRUST"}


def told(host, test, value="False"):
    return (test, value, "tests.txt", f"Network test {host}")


@pytest.mark.parametrize(
    ("host", "test", "rule", "item"),
    [
        (
            "ztd.dds.microsoft.com 443",
            TCP,
            "NETWORK-TEST-FAILED",
            f"ztd.dds.microsoft.com ({SERVICE}, port 443 not reached)",
        ),
        (
            "CS.dds.microsoft.com",
            NAME,
            "NETWORK-TEST-FAILED",
            f"cs.dds.microsoft.com ({SERVICE}, name not resolved)",
        ),
        (
            "a.b.manage.microsoft.com",
            TLS,
            "NETWORK-TEST-FAILED",
            "a.b.manage.microsoft.com (Intune core, certificate not trusted, or handshake failed)",
        ),
        (
            "a.b.manage.microsoft.com",
            NAME,
            "NETWORK-TEST-OTHER",
            "a.b.manage.microsoft.com (name not resolved)",
        ),
        ("app.example.com 8080", TCP, "NETWORK-TEST-PORT", "app.example.com (port 8080 not reached)"),
        ("app.example.com", TCP, "NETWORK-TEST-PORT", "app.example.com (port not reached)"),
        (
            "app.example.com 443",
            TLS,
            "NETWORK-TEST-TRUST",
            "app.example.com (certificate not trusted, or handshake failed)",
        ),
    ],
)
def test_a_host_that_was_not_reached_is_named_with_what_it_is_needed_for(proofs, host, test, rule, item):
    assert proofs(rule, properties=[told(host, test)])["item"].to_list() == [item]
    for other in RULES - {rule}:
        assert proofs(other, properties=[told(host, test)]).is_empty()


@pytest.mark.parametrize(
    "tests",
    [
        [told("ztd.dds.microsoft.com", PING)],
        [told("ztd.dds.microsoft.com 443", TCP, "True")],
        [told("ztd.dds.microsoft.com 443", TCP), told("ztd.dds.microsoft.com 443", TCP, "True")],
    ],
)
def test_a_host_that_was_reached_in_the_end_or_answers_no_ping_is_not_named(proofs, tests):
    assert proofs("NETWORK-TEST-FAILED", properties=tests).is_empty()


def test_a_name_that_is_not_resolved_is_why_its_port_is_not_reached(proofs):
    tests = [told("login.live.com", NAME), told("login.live.com 443", TCP)]
    rows = proofs("NETWORK-TEST-FAILED", properties=tests)
    assert rows["item"].to_list() == ["login.live.com (Autopilot deployment service, name not resolved)"]


def test_it_weighs_less_where_a_deployment_went_well(proofs):
    for outcome, severity in (("succeeded", "info"), ("failed", None)):
        attempts = [(outcome, None, "user_driven", 0, 60, None)]
        rows = proofs("NETWORK-TEST-FAILED", properties=[told("login.live.com", NAME)], attempts=attempts)
        assert rows["severity"].to_list() == [severity]


def test_the_address_of_a_host_that_was_tested_by_its_name_is_no_other_host(proofs):
    tests = [
        told("192.0.2.7 443", TCP, "False (WARNING: TCP connect to (192.0.2.7 : 443) failed)"),
        ("RemoteAddress", "192.0.2.7", "tests.txt", "Network test login.live.com 443"),
        told("login.live.com 443", TCP),
    ]
    assert proofs("NETWORK-TEST-PORT", properties=tests).is_empty()
    assert proofs("NETWORK-TEST-FAILED", properties=tests).height == 1
    by_address = [("RemoteAddress", "192.0.2.7", "tests.txt", "Network test 192.0.2.7 443"), tests[0]]
    assert proofs("NETWORK-TEST-PORT", properties=by_address).height == 1


def test_each_port_of_a_host_is_named_and_whether_the_host_answers(proofs):
    tests = [
        told("198.51.100.9 9001", TCP),
        told("198.51.100.9 9001", PING, "True"),
        told("198.51.100.9 9002", TCP),
    ]
    assert proofs("NETWORK-TEST-PORT", properties=tests)["item"].to_list() == [
        "198.51.100.9 (port 9001 not reached, while the host answers)",
        "198.51.100.9 (port 9002 not reached, while the host answers)",
    ]


@pytest.mark.parametrize(
    ("beside", "words"),
    [
        (told("198.51.100.9 22", TCP, "True"), ", while the host answers"),
        (told("198.51.100.8 22", TCP, "True"), ""),
        (told("198.51.100.9", PING, "False"), ""),
        (told("198.51.100.9", NAME, "True"), ""),
    ],
)
def test_only_a_test_of_the_same_host_that_went_well_shows_that_it_answers(proofs, beside, words):
    rows = proofs("NETWORK-TEST-PORT", properties=[told("198.51.100.9 9001", TCP), beside])
    assert rows["item"].to_list() == [f"198.51.100.9 (port 9001 not reached{words})"]


def shown(host, issuer):
    return ("TlsIssuer", issuer, "tests.txt", f"Network test {host}")


@pytest.mark.parametrize(
    ("host", "issuer", "item"),
    [
        (
            "ztd.dds.microsoft.com",
            "CN=Zscaler Intermediate Root CA (zscalertwo.net) (t), O=Zscaler Inc., C=US",
            f"Zscaler shows its own certificate for ztd.dds.microsoft.com ({SERVICE})",
        ),
        (
            "*.dds.microsoft.com",
            "CN=FG100F0000000000, OU=Certificate Authority, O=Fortinet, L=Sunnyvale",
            f"Fortinet shows its own certificate for *.dds.microsoft.com ({SERVICE})",
        ),
        (
            "a.b.manage.microsoft.com 443",
            "C = US, O = Netskope Inc, CN = ca.example.goskope.com",
            "Netskope shows its own certificate for a.b.manage.microsoft.com (Intune core)",
        ),
        (
            "*.manage.microsoft.com",
            "CN=Decryption CA, OU=PaloAlto, O=Example",
            "Palo Alto Networks shows its own certificate for *.manage.microsoft.com (Intune core)",
        ),
        ("ztd.dds.microsoft.com", "CN=Microsoft Azure RSA TLS Issuing CA 07, O=Microsoft Corporation", None),
        ("ztd.dds.microsoft.com", "CN=DigiCert Global G2 TLS RSA SHA256 2020 CA1, O=DigiCert Inc", None),
        ("app.example.com", "O=Zscaler Inc., C=US", None),
        ("", "O=Zscaler Inc., C=US", None),
    ],
)
def test_an_inspecting_proxy_is_known_by_the_issuer_that_it_shows_for_a_needed_host(
    proofs, host, issuer, item
):
    rows = proofs("NETWORK-TEST-INSPECTED", properties=[shown(host, issuer)])
    assert rows["item"].to_list() == ([] if item is None else [item])


def test_inspection_weighs_more_where_it_was_refused_and_less_where_a_deployment_went_well(proofs):
    issuer, host = "O=Zscaler Inc.", "login.live.com"
    refused = [told(host, TLS), shown(host, issuer)]
    well = [("succeeded", None, "user_driven", 0, 60, None)]
    for given, attempts, severity in (
        ([shown(host, issuer)], [], "warning"),
        (refused, [], "high"),
        (refused, well, "info"),
        ([shown("ztd.dds.microsoft.com", issuer), told(host, TLS)], [], "warning"),
    ):
        rows = proofs("NETWORK-TEST-INSPECTED", properties=given, attempts=attempts)
        assert rows["severity"].to_list() == [severity]


def test_the_certificate_that_was_shown_last_counts(proofs):
    tests = [shown("login.live.com", "O=Zscaler Inc."), shown("login.live.com", "O=Microsoft Corporation")]
    assert proofs("NETWORK-TEST-INSPECTED", properties=tests).is_empty()


OWN = "CN=Fabrikam Plant Inspection CA, O=Fabrikam AG, C=DE"


@pytest.mark.parametrize(
    ("host", "issuer", "subject", "item"),
    [
        (
            "enrollment.manage.microsoft.com",
            OWN,
            "*.manage.microsoft.com",
            '"Fabrikam Plant Inspection CA", which is no public authority, shows its own certificate for '
            "enrollment.manage.microsoft.com (Intune core)",
        ),
        (
            "app.example.com",
            "O=Fabrikam AG, OU=Proxies",
            "login.live.com",
            '"Fabrikam AG", which is no public authority, shows its own certificate for login.live.com '
            f"({SERVICE})",
        ),
        ("login.live.com", "CN=Microsoft Azure RSA TLS Issuing CA 07, O=Contoso", "login.live.com", None),
        ("login.live.com", "CN=TLS RSA SHA256 2020 CA1, O=DigiCert Inc", "login.live.com", None),
        ("www.bing.com", OWN, "www.bing.com", None),
        ("login.live.com", OWN, "device.fabrikam.example", None),
        ("ekop.intel.com", OWN, "ekop.intel.com", None),
    ],
)
def test_who_is_no_public_authority_inspects_where_the_certificate_is_made_out_for_the_host(
    proofs_of_lines, host, issuer, subject, item
):
    rows = proofs_of_lines([f"curl -v https://{host}/", f"* subject: CN={subject}", f"* issuer: {issuer}"])
    assert rows["item"].to_list() == ([] if item is None else [item])


@pytest.mark.parametrize(
    "lines",
    [
        [
            "Issuer:",
            "    CN=Fabrikam Plant CA",
            "    O=Fabrikam AG",
            "Subject:",
            "    CN=*.manage.microsoft.com",
        ],
        ["subject=CN = login.live.com", "", "issuer=CN = Fabrikam Plant CA, O = Fabrikam AG"],
        ["Subject : CN=login.live.com, O=Example", "Issuer  : CN=Fabrikam Plant CA, O=Fabrikam AG, C=DE"],
    ],
)
def test_the_subject_of_a_certificate_may_stand_above_or_below_its_issuer(proofs_of_lines, lines):
    assert proofs_of_lines(lines).height == 1


def test_the_subject_of_another_certificate_is_not_that_of_this_one(proofs_of_lines):
    far = [f"line {n}" for n in range(12)]
    lines = ["* subject: CN=login.live.com", *far, "* issuer: CN=Fabrikam Devices CA, O=Fabrikam AG"]
    assert proofs_of_lines(lines).is_empty()


@pytest.fixture
def proofs_of_lines(world):
    """The proofs of inspection in lines of a text."""

    def found(lines):
        read = Properties()
        add_answers(read, lines)
        rows = read.reading().rows["properties"]
        given = [(row["name"], row["value"], "a.txt", row["section"]) for row in rows.iter_rows(named=True)]
        tables, trace = world(properties=given)
        placed = tables.properties.with_columns(rows["record"]) if given else tables.properties
        return inspected(replace(tables, properties=placed), trace)

    return found


@pytest.mark.parametrize(
    "line",
    [
        "irm : The underlying connection was closed: Could not establish trust relationship for the SSL/TLS "
        "secure channel.",
        "iwr : Die zugrunde liegende Verbindung wurde geschlossen: Für den geschützten SSL/TLS-Kanal konnte "
        "keine Vertrauensstellung hergestellt werden..",
        "Invoke-WebRequest: The SSL connection could not be established, see inner exception.",
    ],
)
def test_powershell_says_that_it_trusts_no_certificate(line):
    read = Properties()
    add_answers(read, ["PS C:\\> iwr https://login.live.com", line])
    row = read.reading().rows["properties"].row(0, named=True)
    assert (row["section"], row["name"]) == ("Network test login.live.com", "TlsSucceeded")


AGENT_HOST = "imeswda-afd-primary.manage.microsoft.com"


@pytest.mark.parametrize(
    ("test", "code", "attempts", "found"),
    [
        (NAME, "0x80072EE7", (), 2),
        (NAME, "0x80070643", (), 0),
        (TCP, "0x80072EE7", (), 0),
        (NAME, "0x80072EE7", [("succeeded", None, "user_driven", 0, 60, None)], 0),
    ],
)
def test_a_name_that_a_download_missed_too_is_the_cause(proofs, test, code, attempts, found):
    world = {"properties": [told(AGENT_HOST, test)], "installs": [{"code": code}], "attempts": attempts}
    assert proofs("NETWORK-NAME-UNRESOLVED", **world).height == found


def strange(*lines):
    found = Properties()
    add_strange_answers(found, lines)
    if not len(found):
        return []
    return found.reading().rows["properties"].select("section", "name", "value").rows()


@pytest.mark.parametrize(
    ("lines", "row"),
    [
        (
            (
                "C:\\>nslookup ztd.dds.microsoft.com",
                "Server:  gate.example.lan",
                "Address:  10.0.0.1",
                "",
                "Name:    ztd.dds.microsoft.com",
                "Address:  10.0.0.9",
            ),
            ("ztd.dds.microsoft.com", "ResolvedTo", "10.0.0.9"),
        ),
        (
            (
                "C:\\>nslookup login.live.com",
                "Serveur :   gate",
                "Address:  10.0.0.1",
                "Réponse ne faisant pas autorité :",
                "Nom :    login.live.com",
                "Addresses:  2001:db8::1",
                "          203.0.113.9",
            ),
            ("login.live.com", "ResolvedTo", "203.0.113.9"),
        ),
        (
            (
                "curl -v http://www.msftconnecttest.com/connecttest.txt",
                "< HTTP/1.1 302 Found",
                "< Location: http://login.example.lan/x",
            ),
            ("www.msftconnecttest.com", "AnsweredBy", "login.example.lan"),
        ),
        (
            ("PS> iwr http://www.msftconnecttest.com/connecttest.txt", "Content : <html><head>"),
            ("www.msftconnecttest.com", "AnsweredBy", "a page"),
        ),
    ],
)
def test_who_answers_in_place_of_a_host_is_told(lines, row):
    host, *rest = row
    assert strange(*lines) == [(f"Network test {host}", *rest)]


def test_an_answer_of_the_host_itself_or_far_below_is_not_strange():
    asked = "curl -i http://www.msftconnecttest.com/redirect"
    assert strange(asked, "Location: http://www.msftconnecttest.com/x") == []
    assert strange(asked, *[""] * 25, "Location: http://login.example.lan/") == []
    assert strange("Location: http://login.example.lan/") == []
    assert strange("C:\\>nslookup login.live.com", "Server: x", "Address: 10.0.0.1") == []


@pytest.mark.parametrize(
    ("host", "by", "shows"),
    [
        ("www.msftconnecttest.com", "portal.example.lan", True),
        ("www.msftncsi.com", "a page", True),
        ("www.msftconnecttest.com", "go.microsoft.com", False),
        ("www.example.com", "portal.example.lan", False),
    ],
)
def test_a_portal_answers_windows_own_test_of_the_internet(proofs, host, by, shows):
    found = proofs("NETWORK-TEST-PORTAL", properties=[told(host, "AnsweredBy", by)])
    assert found["item"].to_list() == [f"{by} answers in place of {host}"] * shows


@pytest.mark.parametrize(
    ("host", "address", "shows"),
    [
        ("ztd.dds.microsoft.com", "10.0.0.9", True),
        ("ztd.dds.microsoft.com", "172.31.0.9", True),
        ("ztd.dds.microsoft.com", "172.32.0.9", False),
        ("ztd.dds.microsoft.com", "100.128.0.9", False),
        ("app.example.com", "10.0.0.9", False),
    ],
)
def test_a_needed_host_has_no_private_address(proofs, host, address, shows):
    found = proofs("NETWORK-TEST-PRIVATE-ADDRESS", properties=[told(host, "ResolvedTo", address)])
    item = f"{host} ({SERVICE}) to {address}"
    assert found["item"].to_list() == [item] * shows
