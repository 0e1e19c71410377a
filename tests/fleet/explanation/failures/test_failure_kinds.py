"""Kinds of failure: by stage and code, without a code by the words of the report."""

import polars as pl
import pytest

from autopilot_analysis.fleet.explanation.failures.failure_kinds import (
    kinds_of,
    meaning_of,
    named,
    of_kind,
    reason_of,
    with_meaning,
    with_reasons,
    words_beside,
)


def failed(*rows):
    """Failures from (stage, code, text), the oldest first."""
    frame = pl.DataFrame(rows, schema=["failed_stage", "code", "failure_text"], orient="row")
    return frame.with_columns(
        pl.col("failed_stage", "code", "failure_text").cast(pl.String),
        device=pl.int_range(pl.len()).cast(pl.String),
        name=pl.format("PC-{}", pl.int_range(pl.len())),
        outcome=pl.lit("failed"),
        started_at=pl.datetime(2026, 3, 1, time_zone="UTC") + pl.duration(days=pl.int_range(pl.len())),
    )


def test_without_a_code_the_words_of_the_report_tell_failures_apart():
    rows = failed(
        *[("mdm_enrollment", None, "DeviceCapReached")] * 3, ("mdm_enrollment", None, "Authentication")
    )
    first, second = kinds_of(rows).to_dicts()
    assert (first["reason"], first["k"], first["n"]) == ("DeviceCapReached", 3, 4)
    assert with_meaning(second) == "“Authentication” (The service could not tell who asked to enrol)"
    assert reason_of(first).remedy.startswith("Take devices that the user no longer has")


@pytest.mark.parametrize(
    ("rows", "reasons"),
    [
        ([("device_setup", "0x800705B4", "Apps (Error)")] * 2, [None, None]),
        ([("device_setup", None, "0x800705b4")], [None]),
        ([("device_setup", None, "3")], [None]),
        ([("device_setup", None, None)], [None]),
        ([("device_setup", None, "Apps (Error)")], [None]),
        ([("device_setup", None, "Apps (Error)")] * 2, ["Apps (Error)"] * 2),
        ([("device_setup", None, " UserAbandonment ")], ["UserAbandonment"]),
        (
            [(None, None, f"App 7{n} failed for u{n}@example.com") for n in (1, 2)],
            ["App <n> failed for <user>"] * 2,
        ),
    ],
)
def test_a_code_numbers_and_words_of_one_failure_alone_are_no_reason(rows, reasons):
    assert with_reasons(failed(*rows))["reason"].to_list() == reasons


def test_what_did_not_fail_has_no_reason():
    rows = failed(*[(None, None, "DeviceCapReached")] * 2).with_columns(outcome=pl.lit("succeeded"))
    assert with_reasons(rows)["reason"].to_list() == [None, None]


def test_the_newest_of_a_kind_is_not_the_newest_of_all():
    rows = failed(
        ("device_setup", "0x87D1041C", None),
        ("device_setup", "0x87D1041C", None),
        ("device_setup", "0x800705B4", None),
        ("account_setup", "0x87D1041C", None),
    )
    kind = kinds_of(rows).row(0, named=True)
    assert of_kind(rows, kind)["name"].to_list() == ["PC-1", "PC-0"]
    assert of_kind(rows, {"code": "0x87D1041C"})["name"].to_list() == ["PC-3", "PC-1", "PC-0"]


def test_a_failure_without_code_and_words_is_called_so_and_asks_for_nothing():
    kind = {"failed_stage": "device_setup", "code": None, "reason": None}
    assert (named(kind), with_meaning(kind), reason_of(kind)) == ("no code", "no code", None)
    assert reason_of({**kind, "code": "0x800705B4"}) is None  # that time ran out is no reason


def test_a_cause_for_every_other_context_is_not_found_by_a_report():
    kind = {"failed_stage": "device_preparation", "code": "0x80070490", "reason": None}
    assert meaning_of(kind) == "An element was not found"
    assert "with a TPM by AMD" in reason_of(kind).remedy


WHITE_GLOVE = "azureADJoinedWithWhiteGlove"
NOT_FOUND, REFUSED, NO_ANSWER = "0x80070490", "0x80180014", "0x800705B4"


@pytest.mark.parametrize(
    ("code", "types", "words", "never"),
    [
        (NOT_FOUND, [WHITE_GLOVE] * 2, "where the TPM is by AMD", "o-managed"),
        (NOT_FOUND, ["Windows Autopilot pre-provisioning"] * 2, "where the TPM is by AMD", "o-managed"),
        (NO_ANSWER, [WHITE_GLOVE] * 2, "the attestation hosts", "o-managed"),
        (NO_ANSWER, ["Windows Autopilot self-deploying"] * 2, "the attestation hosts", "o-managed"),
        ("0x801C03EA", [WHITE_GLOVE] * 2, "TPM", "o-managed"),
        (NOT_FOUND, ["windowsCoManagement"] * 2, "In co-managed enrolment", "AMD"),
        (NOT_FOUND, [WHITE_GLOVE, "windowsCoManagement"], "In co-managed enrolment", "AMD"),
        (NOT_FOUND, [None, WHITE_GLOVE], "In co-managed enrolment", "AMD"),
        (REFUSED, [WHITE_GLOVE] * 2, "nblock the device", "otherwise"),
        (REFUSED, ["azureADJoinedWithAutopilotProfile"] * 2, "otherwise check enrolment", "firmware"),
    ],
)
def test_the_types_of_enrolment_tell_what_a_code_means(code, types, words, never):
    rows = failed(*[("mdm_enrollment", code, None)] * 2)
    kind = kinds_of(rows.with_columns(enrollment_type=pl.Series(types, dtype=pl.String))).row(0, named=True)
    remedy = reason_of(kind).remedy
    assert words in remedy
    assert never not in remedy


@pytest.mark.parametrize(
    ("stage", "kinds"),
    [("mdm_enrollment", "windowsCoManagement"), ("device_setup", WHITE_GLOVE), ("mdm_enrollment", None)],
)
def test_that_time_ran_out_is_no_reason_where_no_proof_precedes_the_step(stage, kinds):
    rows = failed(*[(stage, NO_ANSWER, None)] * 2).with_columns(enrollment_type=pl.lit(kinds, pl.String))
    assert reason_of(kinds_of(rows).row(0, named=True)) is None


@pytest.mark.parametrize("stage", ["mdm_enrollment", "device_setup", "account_setup"])
@pytest.mark.parametrize("code", ["0x80070490", "0x80004005", "0x80070032", "0x8000FFFF"])
def test_a_cause_of_another_stage_has_no_remedy_in_this_one(stage, code):
    reason = reason_of({"failed_stage": stage, "code": code, "reason": None})
    words = "" if reason is None else f"{reason.meaning} {reason.remedy}"
    of_others = ["AMD", "TPM", "firmware", "KB50", "pending updates"]
    of_others += ["MDM"] if stage != "mdm_enrollment" else ["installer"]
    assert not [word for word in of_others if word in words]


APP = "App install failed: Contoso Connect 5.1 (0x80070643)"


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        ([APP] * 3, (APP, 3, 3)),
        ([APP] * 3 + ["Policies (0x80070643)", None], (APP, 3, 5)),
        ([APP] * 2 + ["Policies (0x80070643)"] * 2, ("", 2, 4)),  # half of them say it
        ([f"App install failed: App {n} (0x80070643)" for n in "ABCD"], ("", 1, 4)),  # one code, many apps
        ([APP], ("", 1, 1)),  # of one failure its own line tells
        (["0x80070643"] * 3, ("", 0, 3)),  # the code once more
        ([None] * 3, ("", 0, 3)),
    ],
)
def test_words_that_most_failures_of_a_code_share_are_told_beside_it(texts, found):
    rows = failed(*[("device_setup", "0x80070643", text) for text in texts])
    assert words_beside(rows, kinds_of(rows).row(0, named=True)) == found


def test_a_reason_in_words_is_not_told_beside_itself():
    rows = failed(*[("device_setup", None, "Contoso Connect")] * 3)
    assert words_beside(rows, kinds_of(rows).row(0, named=True)) == ("", 0, 0)
