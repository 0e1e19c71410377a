"""TLS checks: which server, which program, by which root, with what result; other policies are none."""

import json

import pytest

from autopilot_analysis import build_trace
from autopilot_analysis.tables import Tables, TlsCheck
from autopilot_analysis.trace.tls import find_tls_checks

CHAIN = """<CertGetCertificateChain><Certificate subjectName='login.example.com'/><CertificateChain>
<ChainElement><Certificate subjectName='login.example.com'/></ChainElement>
<ChainElement><Certificate subjectName='Example Issuing CA'/></ChainElement>
<ChainElement><Certificate subjectName='Example Inspection Root'/></ChainElement></CertificateChain>
<EventAuxInfo ProcessName='svchost.exe'/><CorrelationAuxInfo TaskId='{T1}'/><Result value='0'/>
</CertGetCertificateChain>"""
CHECK = """<CertVerifyCertificateChainPolicy><Policy type='{policy}'/>
<SSLAdditionalPolicyInfo serverName='login.example.com'/><EventAuxInfo ProcessName='svchost.exe'/>
<CorrelationAuxInfo TaskId='{{{task}}}'/><Result value='{result}'>text</Result>
</CertVerifyCertificateChainPolicy>"""


def check(result="0", task="T1", policy="CERT_CHAIN_POLICY_SSL"):
    return CHECK.format(result=result, task=task, policy=policy)


@pytest.fixture
def told(rows):
    """Rows of checks from (event id, XML) of a trace."""

    def build(*given, **more):
        event = {"provider": "Microsoft-Windows-CAPI2", "member": "a.etl", "opcode": 0} | more
        return rows(
            "events", *({**event, "event_id": n, "data": json.dumps({"Xml": xml})} for n, xml in given)
        )

    return build


def test_a_check_names_server_program_chain_root_and_result(told):
    events = told((11, CHAIN), (30, check("800B0109")))
    frame = find_tls_checks(events)
    assert frame.select("host", "process", "chain", "root", "code", "record").rows() == [
        (
            "login.example.com",
            "svchost.exe",
            "login.example.com < Example Issuing CA < Example Inspection Root",
            "Example Inspection Root",
            "0x800B0109",
            2,
        )
    ]
    assert TlsCheck.is_valid(frame)


def test_a_check_that_passed_has_no_code_and_one_of_another_task_no_chain(told):
    frame = find_tls_checks(told((11, CHAIN), (30, check()), (30, check("80092012", task="T2"))))
    assert frame.select("root", "code").rows() == [("Example Inspection Root", None), (None, "0x80092012")]


def test_namespaces_change_nothing(told):
    spaced = check("800B0109").replace("ChainPolicy>", "ChainPolicy xmlns='urn:x'>", 1)
    assert find_tls_checks(told((30, spaced)))["code"].to_list() == ["0x800B0109"]


@pytest.mark.parametrize(
    "event",
    [
        (30, check("800B0109", policy="CERT_CHAIN_POLICY_MICROSOFT_ROOT")),
        (81, check("800B0109")),
        (30, check("800B0109")[:100]),
        (30, ""),
        (30, "<!DOCTYPE a [<!ENTITY b 'c'>]>" + check("800B0109")),
    ],
    ids=["other policy", "other event", "cut", "empty", "entities"],
)
def test_what_is_no_check_of_a_server_is_none(told, event):
    assert find_tls_checks(told(event)).is_empty()


def test_only_traces_hold_the_xml(told):
    assert find_tls_checks(told((30, check()), channel="Microsoft-Windows-CAPI2/Operational")).is_empty()
    assert find_tls_checks(told((30, check()), provider="Somebody")).is_empty()


def test_the_trace_of_a_device_holds_its_checks(told):
    trace = build_trace(Tables.of({"events": told((11, CHAIN), (30, check("800B0109")))}))
    assert trace.tls_checks["root"].to_list() == ["Example Inspection Root"]
