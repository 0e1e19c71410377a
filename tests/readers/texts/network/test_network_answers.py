import pytest

from autopilot_analysis.readers.texts.network.network_answers import add_answers
from autopilot_analysis.readers.texts.properties import Properties

NAME, TCP, TLS = "NameResolutionSucceeded", "TcpTestSucceeded", "TlsSucceeded"


@pytest.mark.parametrize(
    ("line", "host", "test"),
    [
        ("WARNING: Name resolution of app.example.com failed", "app.example.com", NAME),
        ("WARNING: TCP connect to app.example.com:8080 failed", "app.example.com 8080", TCP),
        ("WARNING: TCP connect to (2001:db8::7 : 443) failed", "2001:db8::7 443", TCP),
        ("*** dns.example.com can't find app.example.com: Non-existent domain", "app.example.com", NAME),
        ("Ping request could not find host app.example.com. Please check the name", "app.example.com", NAME),
        ("Unable to resolve target system name app.example.com.", "app.example.com", NAME),
        ("curl: (6) Could not resolve host: app.example.com", "app.example.com", NAME),
        (
            "curl: (7) Failed to connect to app.example.com port 443 after 21 ms: Couldn't connect",
            "app.example.com 443",
            TCP,
        ),
        ("irm : The remote name could not be resolved: 'app.example.com'", "app.example.com", NAME),
        ("irm: No such host is known. (app.example.com:443)", "app.example.com 443", NAME),
        ("Resolve-DnsName : app.example.com : DNS name does not exist", "app.example.com", NAME),
        ("WARNING: Ping to app.example.com failed with status: TimedOut", None, None),
        ("Request timed out.", None, None),
        ("Name:    app.example.com", None, None),
    ],
)
def test_a_failure_is_told_with_its_host_and_an_unanswered_ping_is_none(line, host, test):
    found = Properties()
    add_answers(found, ["first", line])
    rows = found.reading().rows["properties"].rows()
    assert rows == ([] if host is None else [(2, f"Network test {host}", test, f"False ({line})")])


def test_a_failure_without_a_host_is_of_the_address_that_was_asked_for_last():
    found = Properties()
    add_answers(
        found,
        [
            "C:\\> curl https://one.example.com/",
            "C:\\> curl -v https://two.example.com:8443/x",
            "curl: (60) SSL certificate problem: self-signed certificate in certificate chain",
        ],
    )
    ((record, section, name, _),) = found.reading().rows["properties"].rows()
    assert (record, section, name) == (3, "Network test two.example.com 8443", TLS)


ZSCALER = "C=US; ST=California; O=Zscaler Inc.; CN=Zscaler Intermediate Root CA (zscaler.net) (t)"


@pytest.mark.parametrize(
    ("lines", "section", "issuer"),
    [
        (
            [
                "> curl -v https://ztd.dds.microsoft.com",
                "*  subject: CN=*.dds.microsoft.com",
                f"*  issuer: {ZSCALER}",
            ],
            "ztd.dds.microsoft.com",
            ZSCALER,
        ),
        (
            [
                "> openssl s_client -connect login.live.com:443",
                " 0 s:C = US, O = Example, CN = login.live.com",
                "   i:C = US, O = Netskope Inc, CN = ca.example.goskope.com",
            ],
            "login.live.com 443",
            "C = US, O = Netskope Inc, CN = ca.example.goskope.com",
        ),
        (
            ["> openssl s_client -connect login.live.com:443", "issuer=/C=US/O=Fortinet/CN=FG100F0000000000"],
            "login.live.com 443",
            "/C=US/O=Fortinet/CN=FG100F0000000000",
        ),
        (
            [
                "Aussteller:",
                "    CN=Decryption CA",
                "    O=Palo Alto Networks",
                "Antragsteller:",
                "    CN=*.manage.microsoft.com",
            ],
            "*.manage.microsoft.com",
            "CN=Decryption CA, O=Palo Alto Networks",
        ),
        (
            [
                "PS> Test-NetConnection cs.dds.microsoft.com -Port 443",
                "PS> $c.GetIssuerName()",
                "CN=Zscaler, C=US",
            ],
            "cs.dds.microsoft.com",
            "CN=Zscaler, C=US",
        ),
        (["[Issuer]", "  O=Example", "", "  O=Other"], None, "O=Example"),
    ],
)
def test_who_issued_a_certificate_is_told_as_the_tool_writes_it(lines, section, issuer):
    found = Properties()
    add_answers(found, lines)
    (shown,) = found.reading().rows["properties"].filter(name="TlsIssuer").select("section", "value").rows()
    assert shown == ("Certificate" if section is None else f"Network test {section}", issuer)


@pytest.mark.parametrize(
    "lines",
    [
        ["The issuer: whoever wrote this", "issuer: see CN=Example below"],
        ["Issuer:", "not a name", "CN=Example"],
        ["*  subject: CN=*.dds.microsoft.com"],
    ],
)
def test_a_name_that_is_no_issuer_s_is_not_taken_for_one(lines):
    found = Properties()
    add_answers(found, lines)
    assert not len(found)
