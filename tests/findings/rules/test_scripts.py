"""Scripts of the agent that failed, and the reason that their own error text names."""

import json

import pytest
from findings.conftest import at

from autopilot_analysis.facts import read_facts
from autopilot_analysis.findings import find
from autopilot_analysis.findings.rules.scripts import reason_in
from autopilot_analysis.tables.story import AS_SYSTEM, AS_USER

IN_32_BITS = ["SCRIPT-IN-32-BITS"]


def failed(item, error, kind="script", host=None, policy=None):
    detail = json.dumps({"error": error, "host": host, "policy": policy}) if error else None
    return {"kind": kind, "item": item, "name": None, "exit_code": 1, "detail": detail}


UNSIGNED = "File C:\\a\\{}.ps1 cannot be loaded. The file C:\\a\\{}.ps1 is not digitally signed."


def test_one_reason_that_keeps_several_scripts_from_running_is_one_finding(proofs):
    runs = [failed(name, UNSIGNED.format(name, name)) for name in ("one", "two")]
    world = {"installs": [*runs, failed("three", "Division by zero"), failed("four", None)]}
    assert proofs("SCRIPT-ERRORS", **world).select("rule", "item", "record").rows() == [
        ("SCRIPT-NOT-ALLOWED", "2 scripts", 1),
        ("SCRIPT-NOT-ALLOWED", "2 scripts", 2),
    ]
    assert proofs("SCRIPT-FAILED", **world)["item"].to_list() == ["three", "four"]


def test_a_single_script_with_a_reason_is_named(proofs):
    rows = proofs("SCRIPT-ERRORS", installs=[failed("one", UNSIGNED.format("one", "one"))])
    assert rows["item"].to_list() == ["one"]


def test_the_words_that_name_the_reason_are_quoted_however_long_the_path_before_them(proofs):
    long = "C:\\" + "x" * 500 + ".ps1"
    rows = proofs("SCRIPT-ERRORS", installs=[failed("one", UNSIGNED.format("a", long))])
    assert "is not digitally signed." in rows["quote"][0]
    assert len(rows["quote"][0]) < 200


def test_a_quote_begins_with_a_word_where_a_path_stands_before_it(proofs):
    error = f"C:\\{'x' * 80}.ps1 : Unable to find package source 'PSGallery'."
    rows = proofs("SCRIPT-ERRORS", installs=[failed("one", error)])
    assert rows["quote"].to_list() == ["one: Unable to find package source 'PSGallery'."]


def test_a_script_that_went_well_in_a_later_run_is_no_finding(proofs):
    later = failed("one", UNSIGNED) | {"outcome": "succeeded", "exit_code": 0}
    assert proofs("SCRIPT-ERRORS", installs=[failed("one", UNSIGNED), later]).is_empty()


def test_a_reason_of_one_account_names_it_as_a_run_does():
    assert set(read_facts("script_errors")["context"].drop_nulls()) <= {AS_SYSTEM, AS_USER}


@pytest.mark.parametrize("fact", read_facts("script_errors").to_dicts(), ids=lambda fact: fact["rule"])
def test_each_reason_is_known_by_its_example(proofs, fact):
    run = failed("one", fact["example"], host=fact["host"], policy=fact["policy"])
    found = proofs("SCRIPT-ERRORS", installs=[run | {"context": fact["context"]}])
    assert found["rule"].to_list() == [fact["rule"]]


@pytest.mark.parametrize(
    ("error", "host", "rules"),
    [
        ('pnputil.exe : Die Benennung "pnputil.exe" wurde nicht erkannt.', "32 bits", IN_32_BITS),
        ("用語 「pnputil」 は認識されません。", "32 bits", IN_32_BITS),
        ("+ CategoryInfo : ObjectNotFound: (Get-LocalUser:String) []", "32 bits", IN_32_BITS),
        (
            "The term 'C:\\Windows\\System32\\bcdedit.exe' is not recognized.",
            "32 bits",
            ["SCRIPT-IN-32-BITS"],
        ),
        ("The term 'C:\\Windows\\sysnative\\bcdedit.exe' is not recognized.", "32 bits", []),
        ("The term 'pnputil.exe' is not recognized.", "64 bits", []),
        ("The term 'pnputil.exe' is not recognized.", None, []),
        ("The term 'example-tool.exe' is not recognized.", "32 bits", []),
        ("pnputil.exe ended with 3", "32 bits", []),
    ],
)
def test_a_command_of_64_bit_windows_is_missed_only_in_the_32_bit_host(proofs, error, host, rules):
    assert proofs("SCRIPT-ERRORS", installs=[failed("one", error, host=host)])["rule"].to_list() == rules


def test_the_fix_of_a_remediation_gives_its_reason_as_a_script_does(proofs):
    fix = {"part": "remediate", "error": "The term 'pnputil' is not recognized.", "host": "32 bits"}
    parts = json.dumps({"parts": [{"part": "pre", "exit_code": 1}, fix]})
    run = failed("one", None, kind="remediation") | {"detail": parts}
    assert proofs("SCRIPT-ERRORS", installs=[run])["rule"].to_list() == ["SCRIPT-IN-32-BITS"]


CONSTRAINED = [
    "New-Object : Cannot create type. Only core types are supported in this language mode.",
    "Cannot invoke method. Method invocation is supported only on core types in this language mode.",
    "Cannot set property. Property setting is supported only on core types in this language mode.",
    'Cannot convert value to type "System.Guid". Only core types are supported in this language mode.',
    "Add-Type : Cannot add type. Definition of new types is not supported in this language mode.",
    ". : Cannot dot-source this command because it was defined in a different language mode.",
    "Class keyword is not allowed in ConstrainedLanguage mode.",
    "Method invocation is supported only on core types in this\nlanguage mode.",
    "Das Festlegen der Eigenschaft wird in diesem Sprachmodus nur für\nKerntypen unterstützt.",
    "Der Wert kann nicht konvertiert werden. In diesem Sprachmodus werden nur Kerntypen unterst?tzt.",
    "L’appel de méthode est pris en charge uniquement sur les types principaux dans ce mode de langage.",
    "無法\n+ FullyQualifiedErrorId : CannotCreateTypeConstrainedLanguage,NewObjectCommand",
    "無法\n+ FullyQualifiedErrorId : ConversionSupportedOnlyToCoreTypes",
    "無法\n+ FullyQualifiedErrorId : CannotDefineNewType,Microsoft.PowerShell.Commands.AddTypeCommand",
    "無法\n+ FullyQualifiedErrorId : DotSourceNotSupported",
]


@pytest.mark.parametrize("error", CONSTRAINED)
def test_the_constrained_language_mode_is_known_by_any_of_its_wordings(proofs, error):
    rows = proofs("SCRIPT-ERRORS", installs=[failed("one", error)])
    assert rows["rule"].to_list() == ["SCRIPT-LANGUAGE-MODE"]


def test_scripts_that_meet_the_language_mode_in_different_words_are_one_cause(proofs):
    runs = [failed(f"script {n}", error) for n, error in enumerate(CONSTRAINED)]
    rows = proofs("SCRIPT-ERRORS", installs=runs)
    assert set(rows.select("rule", "item").rows()) == {("SCRIPT-LANGUAGE-MODE", f"{len(runs)} scripts")}
    assert [quote.partition(":")[0] for quote in rows["quote"]] == [run["item"] for run in runs]


@pytest.mark.parametrize(
    "error",
    [
        "The command 'x' is not allowed in restricted language mode or a Data section.",
        "The syntax is not supported by this runspace. It is in no-language mode.",
        "Set-WinUILanguageOverride : this language is not in the list",
        "Der Sprachmodus des Bildschirms ist unbekannt.",
        "Cannot create type: the assembly is missing.",
    ],
)
def test_another_language_or_mode_is_not_the_constrained_one(proofs, error):
    assert proofs("SCRIPT-ERRORS", installs=[failed("one", error)]).is_empty()


DENIED = "Set-ItemProperty : Requested registry access is not allowed."


def denied(context="user", error=DENIED, **more):
    return failed("heals", error, kind="remediation") | {"context": context} | more


@pytest.mark.parametrize(
    ("context", "rule"),
    [("user", "SCRIPT-DENIED-AS-USER"), ("system", "SCRIPT-DENIED"), (None, "SCRIPT-DENIED")],
)
@pytest.mark.parametrize(
    "error",
    [
        DENIED,
        "Remove-Item : Access to the path 'C:\\Windows\\example.txt' is denied.",
        "net.exe : System error 5 has occurred.\nAccess is\ndenied.",
        "+ CategoryInfo : PermissionDenied: (HKEY_LOCAL_MACHINE\\SOFTWARE:String) [Set-ItemProperty]",
        "Der angeforderte Registrierungszugriff ist nicht zulässig.",
        "Der Zugriff auf den Pfad C:\\Windows\\example.txt wurde verweigert.",
        "L’accès au Registre demandé n’est pas autorisé.",
    ],
)
def test_a_script_that_is_denied_access_is_told_by_the_account_that_it_runs_with(
    proofs, context, rule, error
):
    rows = proofs("SCRIPT-ERRORS", installs=[denied(context, error)] * 3)
    assert rows.select("rule", "severity").unique().rows() == [(rule, None)]
    assert rows["item"][0].startswith("remediation heals, 3 times: ")
    assert rows["quote"][0].startswith("heals: ")


def test_the_error_of_a_single_script_that_is_denied_access_stands_in_its_title(proofs):
    rows = proofs("SCRIPT-ERRORS", installs=[denied()] * 5)
    assert rows["item"].unique().to_list() == [
        "remediation heals, 5 times: Requested registry access is not allowed"
    ]


@pytest.mark.parametrize(("runs", "severity"), [(2, "info"), (3, None)])
def test_access_that_was_denied_a_few_times_is_no_more_than_info(proofs, runs, severity):
    assert proofs("SCRIPT-ERRORS", installs=[denied()] * runs)["severity"].unique().to_list() == [severity]


@pytest.mark.parametrize(
    "error",
    [
        "Die Ausführung ist deaktiviert.\nSicherheitsfehler, PSSecurityException, Access is denied",
        "Access is granted",
        "The value was not found.",
    ],
)
def test_another_error_is_no_denied_access(proofs, error):
    assert proofs("SCRIPT-ERRORS", installs=[denied(error=error)] * 3).is_empty()


def test_runs_in_a_row_are_counted_since_the_last_that_went_well(proofs):
    well = denied(outcome="succeeded")
    rows = proofs("SCRIPT-ERRORS", installs=[*[denied()] * 5, well, denied(), denied()])
    assert rows["severity"].unique().to_list() == ["info"]
    assert rows["item"][0].startswith("remediation heals, 2 times: ")


def test_what_the_agent_reported_of_a_fix_counts_where_the_log_shows_no_part_of_it(proofs):
    report = {"parts": [{"part": "pre"}], "report": {"RemediationScriptErrorDetails": DENIED}}
    rows = proofs("SCRIPT-ERRORS", installs=[denied(detail=json.dumps(report))])
    assert rows["rule"].to_list() == ["SCRIPT-DENIED-AS-USER"]


def test_an_unknown_error_is_quoted_with_what_failed_and_how_often(proofs):
    part = {"part": "remediate", "error": "Division by zero"}
    run = failed("heals", None, kind="remediation") | {"detail": json.dumps({"parts": [part]})}
    rows = proofs("SCRIPT-FAILED", installs=[run] * 4)
    assert rows.select("item", "quote").rows() == [
        ("remediation heals, 4 times", "exit code 1: Division by zero")
    ]


def test_a_text_without_an_account_names_denied_access_and_no_account():
    assert reason_in(DENIED) == "SCRIPT-DENIED"


@pytest.mark.parametrize(
    ("policy", "rule"),
    [
        ("allsigned", "SCRIPT-SIGNATURE-ASKED"),
        ("AllSigned", "SCRIPT-SIGNATURE-ASKED"),
        ("bypass", "SCRIPT-NOT-ALLOWED"),
        ("remotesigned", "SCRIPT-NOT-ALLOWED"),
        (None, "SCRIPT-NOT-ALLOWED"),
    ],
)
@pytest.mark.parametrize("kind", ["script", "remediation"])
def test_who_asks_for_a_signature_is_told_by_the_command_line_of_the_agent(proofs, kind, policy, rule):
    run = failed("one", UNSIGNED.format("a", "a"), kind=kind, policy=policy)
    assert proofs("SCRIPT-ERRORS", installs=[run])["rule"].to_list() == [rule]


def test_that_no_script_may_run_is_no_matter_of_the_agents_own_setting(proofs):
    run = failed("one", "running scripts is disabled on this system", policy="allsigned")
    assert proofs("SCRIPT-ERRORS", installs=[run])["rule"].to_list() == ["SCRIPT-NOT-ALLOWED"]


def test_a_script_that_was_refused_again_and_again_is_proven_by_its_first_and_its_last_run(proofs):
    before = failed("one", "Division by zero") | {"ended_at": at(0)}
    well = failed("one", None) | {"outcome": "succeeded", "ended_at": at(5)}
    refused = [failed("one", UNSIGNED.format("a", "a")) | {"ended_at": at(each)} for each in (60, 120, 180)]
    rows = proofs("SCRIPT-ERRORS", installs=[before, well, *refused])
    assert rows.select("item", "record").rows() == [("one, 3 times", 3), ("one, 3 times", 5)]
    assert rows["at"].to_list() == [at(60), at(180)]


def test_a_first_run_that_failed_for_another_reason_does_not_date_the_last(proofs):
    runs = [failed("one", "Division by zero"), failed("one", UNSIGNED.format("a", "a"))]
    assert proofs("SCRIPT-ERRORS", installs=runs)["record"].to_list() == [2]


PREPARATION = {"attempts": [("failed", "device_preparation", "device_preparation", 0, 60, None)]}
NO_SOURCE = "Install-Module : NuGet provider is required to interact with NuGet-based repositories."


def waited_for(error, **more):
    return (
        failed("one", error) | {"phase": "device", "blocking": True, "attempt": 1, "ended_at": at(20)} | more
    )


@pytest.mark.parametrize(
    ("more", "alone"),
    [({}, False), ({"blocking": False}, True), ({"attempt": None}, True), ({"outcome": "succeeded"}, False)],
)
def test_a_script_that_stopped_device_preparation_is_told_once(proofs, more, alone):
    world = PREPARATION | {"installs": [waited_for("Division by zero", **more)]}
    assert proofs("PREPARATION-ITEM-FAILED", **world).is_empty() == (alone or "outcome" in more)
    assert proofs("SCRIPT-FAILED", **world).is_empty() != alone


@pytest.mark.parametrize(
    ("beside", "stopped"), [(True, ["one"]), (None, ["one", "two"]), (False, ["one", "two"])]
)
def test_where_the_list_of_device_preparation_is_known_no_other_script_stopped_it(proofs, beside, stopped):
    undated = {"blocking": None, "attempt": None, "ended_at": None}
    runs = [
        waited_for(None, item="one", **({} if beside else undated)),
        waited_for(None, item="two", **undated),
    ]
    listed = waited_for(None, item="three", blocking=beside, outcome="succeeded")
    rows = proofs("PREPARATION-ITEM-FAILED", **PREPARATION, installs=[*runs, listed])
    assert rows["item"].to_list() == stopped


@pytest.mark.parametrize(("more", "severity"), [({}, "critical"), ({"blocking": False}, None)])
def test_the_reason_of_what_stopped_device_preparation_weighs_as_much(proofs, more, severity):
    world = PREPARATION | {"installs": [waited_for(NO_SOURCE, **more)]}
    assert proofs("SCRIPT-ERRORS", **world).select("rule", "severity").rows() == [
        ("SCRIPT-MODULE-SOURCE", severity)
    ]


def test_the_reason_explains_what_stopped_device_preparation(world):
    roles = dict(
        find(*world(**PREPARATION, installs=[waited_for(NO_SOURCE)])).findings.select("rule", "role").rows()
    )
    assert (roles["SCRIPT-MODULE-SOURCE"], roles["PREPARATION-ITEM-FAILED"]) == ("cause", "consequence")


@pytest.mark.parametrize(
    ("error", "rule"),
    [
        (
            "Unable to find package source 'PSGallery'. Use Get-PackageSource to see all.",
            "SCRIPT-MODULE-SOURCE",
        ),
        ("Unable to find repository 'PSGallery'.", "SCRIPT-MODULE-SOURCE"),
        (
            "Unable to download from URI 'https://go.microsoft.com/fwlink/?LinkID=1' to ''.",
            "SCRIPT-GALLERY-UNREACHED",
        ),
        ("Unable to find package source 'Contoso'.", None),
        ("Import-Module : The specified module 'Printing' was not loaded.", None),
    ],
)
def test_a_module_that_did_not_come_is_told_by_its_source(error, rule):
    assert reason_in(error) == rule
