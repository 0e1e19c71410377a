"""The TPM is blamed where device preparation failed, whatever it reported elsewhere."""

import polars as pl
import pytest

from autopilot_analysis.findings import RULES, find
from autopilot_analysis.tables import Tables


@pytest.mark.parametrize(
    "told",
    [
        ("TPM-ATTESTATION-FAILED", "tpm_identity_failed"),
        ("TPM-ATTESTATION-FAILED", "tpm_attestation_gave_up"),
        ("DEVICE-ENROLLMENT-FAILED", "device_enrollment_failed"),
    ],
)
@pytest.mark.parametrize(("stage", "found"), [("device_preparation", 1), ("device_setup", 0)])
def test_a_mark_of_the_tpm_counts_where_device_preparation_failed(proofs, failure, told, stage, found):
    rule, mark = told
    assert proofs(rule, **failure(stage), marks=[(mark, None, 20, None, "")]).height == found


def test_a_tpm_that_is_not_capable_needs_no_failure_beside_it(proofs):
    assert proofs("TPM-NOT-CAPABLE", marks=[("tpm_not_capable", None, 5, None, "")]).height == 1
    assert proofs("TPM-NOT-CAPABLE", marks=[("tpm_identity_failed", None, 5, None, "")]).is_empty()


@pytest.mark.parametrize(
    ("minute", "minutes", "records"),
    [
        (25, 420, 2),
        (25, -420, 2),
        (25, 5, 2),
        (25, 4, 0),
        (19, 420, 0),
        (20 + 12 * 60, 420, 2),
        (21 + 12 * 60, 420, 0),
    ],
)
def test_a_clock_that_was_set_soon_after_attestation_failed_was_wrong_then(
    proofs, failure, minute, minutes, records
):
    world = failure("device_preparation") | {"steps": [("clock_step", minute, minutes, "set")]}
    rows = proofs("TPM-ATTESTATION-CLOCK", **world, marks=[("tpm_identity_failed", None, 20, None, "")])
    assert rows.height == records


@pytest.mark.parametrize(("second", "asked"), [("failed", True), ("succeeded", False)])
def test_what_a_scenario_asks_of_the_device_is_no_reason_where_it_went_well_later(world, second, asked):
    attempts = [
        ("failed", "device_preparation", "self_deploying", 0, 30, "0x800705B4"),
        (second, None, "self_deploying", 40, 70, None),
    ]
    runs = [
        (1, "device_preparation", "failed", 10, 30, "0x800705B4", None),
        (2, "device_preparation", second, 45, 50, None, None),
    ]
    marks = [("tpm_identity_failed", "device_preparation", 20, "0x800705B4", "")]
    found = find(*world(attempts=attempts, runs=runs, marks=marks)).findings
    (meaning,) = found.filter(rule="TPM-ATTESTATION-FAILED")["meaning"]
    assert ("physical TPM 2.0" in meaning) is asked


@pytest.mark.parametrize(
    ("build", "code", "items"),
    [
        ("17763.195", "0x800705B4", ["17763.195"]),
        ("18361.1", None, ["18361.1"]),
        ("18362.30", "0x800705B4", []),
        ("17763.195", "0x80072EE2", []),
        (None, "0x800705B4", []),
    ],
)
def test_attestation_has_known_issues_before_1903(proofs, failure, build, code, items):
    world = failure("device_preparation") | {"device": {"build": build}}
    rows = proofs("TPM-ATTESTATION-OLD-WINDOWS", **world, marks=[("tpm_identity_failed", None, 20, code, "")])
    assert rows["item"].to_list() == items


SEALING = "pre_provisioning_technician"
RAN = [
    ("failed", "device_setup", SEALING, 0, 60, None),
    ("failed", "device_preparation", SEALING, 2000, 2060, None),
]
PROVED = ("tpm_identity_confirmed", "device_preparation", 5, None, "")
RESET = ("reset_chosen", None, 65, None, "system reset chosen")


def gave_up(code="0x81039001", minute=2060):
    return ("tpm_attestation_gave_up", "device_preparation", minute, code, "{}")


def after_reset(proofs, marks, attempts=RAN):
    runs = [(1, "device_setup", "failed", 10, 60, None, None)]
    runs += [(2, "device_preparation", "failed", 2001, 2060, None, "tpm_attestation_gave_up")]
    return proofs("TPM-ATTESTATION-AFTER-RESET", attempts=attempts, runs=runs, marks=marks)


@pytest.mark.parametrize(
    ("marks", "found"),
    [
        ([PROVED, RESET, gave_up()], True),
        ([PROVED, RESET, gave_up("0x80070490")], False),
        ([PROVED, gave_up()], False),
        ([RESET, gave_up()], False),
        ([PROVED, ("reset_chosen", None, 59, None, ""), gave_up()], False),
        ([PROVED, ("reset_chosen", None, 2001, None, ""), gave_up()], False),
    ],
)
def test_attestation_fails_after_a_reset_where_the_chip_had_attested_and_the_reset_lies_between(
    proofs, marks, found
):
    assert (not after_reset(proofs, marks).is_empty()) is found


def test_a_user_driven_run_before_a_reset_is_no_technicians_flow(proofs):
    attempts = [(outcome, stage, "user_driven", *rest) for outcome, stage, _, *rest in RAN]
    assert after_reset(proofs, [PROVED, RESET, gave_up()], attempts).is_empty()


@pytest.mark.parametrize(
    ("zoned", "minute", "found"),
    [(True, 300, True), (True, 50, False), (False, 50, True), (False, -900, False)],
)
def test_the_log_of_the_reset_lies_between_as_far_as_its_clock_can_tell(world, at, zoned, minute, found):
    runs = [(2, "device_preparation", "failed", 2001, 2060, None, "tpm_attestation_gave_up")]
    tables, trace = world(attempts=RAN, runs=runs, marks=[PROVED, gave_up()], lines=[("info", "Reset", 0)])
    written = pl.lit(at(minute)).cast(pl.Datetime("us", "UTC"))
    line = tables.log_lines.with_columns(
        component=pl.lit("PBR"),
        at=written if zoned else pl.lit(None, dtype=pl.Datetime("us", "UTC")),
        written_at=written.dt.replace_time_zone(None),
    )
    tables = Tables.of({**tables.frames(), "log_lines": line})
    assert (RULES["TPM-ATTESTATION-AFTER-RESET"](tables, trace).height > 0) is found


CHIP_SPELT = [
    ("-TPM Manufacturer ID", "STM", "-TPM Manufacturer Version", "1.769.0.0"),
    ("VendorId", "STM ", "Firmware Version", "1.769.0.0"),
    ("Manufacturer", "STMicroelectronics", "TPM firmware", "1.769.0.0"),
]


def chip_world(failure, vendor, firmware, code="0x81039001", properties=()):
    made = failure("device_preparation")
    attempts = [(o, f, "self_deploying", *rest) for o, f, _, *rest in made["attempts"]]
    marks = [("tpm_identity_failed", "device_preparation", 20, code, "")]
    device = made["device"] | {"tpm_vendor": vendor, "tpm_firmware": firmware}
    return made | {"device": device, "attempts": attempts, "marks": marks, "properties": properties}


@pytest.mark.parametrize(
    ("vendor", "firmware", "item"),
    [
        ("STM", "1.769.0.0", "STMicroelectronics, firmware 1.769.0.0"),
        ("Nuvoton Technology", None, "Nuvoton"),
        ("Intel", "600.18", "Intel, firmware 600.18"),
        ("EXTPM", "1.2", None),
        (None, None, None),
    ],
)
def test_a_chip_that_did_not_attest_is_named_by_its_maker(proofs, failure, vendor, firmware, item):
    said = [("VendorId", vendor or "")]
    rows = proofs("TPM-ATTESTATION-FAILED", **chip_world(failure, vendor, firmware, properties=said))
    assert set(rows["item"]) == {item}
    assert ("VendorId" in "".join(rows["quote"])) is (item is not None)


@pytest.mark.parametrize(
    ("chip", "words"),
    [
        (("STM", "1.769", "0x81039001"), "RSA-3072"),
        (("NTC", "7.2", "0x81039001"), "RSA-3072"),
        (("IFX", "7.85", "0x81039001"), "retried until its limit"),
        (("IFX", "15.22.16832", "0x800705B4"), "SLB9672"),
        (("IFX", "15.23", "0x800705B4"), "physical TPM"),
        (("AMD", "3.51", "0x80070490"), "AMD security processor"),
        (("INTC", "600.18", "0x80070490"), "An element was not found"),
    ],
)
def test_what_is_known_of_a_makers_chip_and_a_code_leads(world, failure, chip, words):
    found = find(*world(**chip_world(failure, *chip))).findings
    lead = found.filter(pl.col("rule") == "TPM-ATTESTATION-FAILED")
    assert words in lead["meaning"][0]
    for other in {"RSA-3072", "SLB9672", "AMD security processor"} - {words}:
        assert other not in lead["meaning"][0]


@pytest.mark.parametrize("spelt", CHIP_SPELT)
def test_the_known_issue_of_a_makers_chip_stands_in_place_of_that_of_any_chip(world, failure, spelt):
    maker, vendor, version, firmware = spelt
    chip = [(maker, vendor), (version, firmware)]
    made = chip_world(failure, vendor, firmware, properties=chip)
    rules = find(*world(**made)).findings["rule"].to_list()
    assert "KNOWN-AP-47" in rules
    assert "KNOWN-AP-13" not in rules
    other = chip_world(failure, "INTC", "600.18", properties=[(maker, "INTC")])
    rules = find(*world(**other)).findings["rule"].to_list()
    assert "KNOWN-AP-13" in rules
    assert "KNOWN-AP-47" not in rules


@pytest.mark.parametrize(
    ("code", "rules"),
    [
        ("0x81039024", ["TPM-FIRMWARE-REFUSED"]),
        ("0x81039001", ["TPM-ATTESTATION-FAILED"]),
        ("0x800705B4", []),
        ("0x80180014", []),
    ],
)
def test_the_code_of_the_end_names_the_tpm_where_no_record_of_its_attestation_is_left(
    proofs, failure, code, rules
):
    world = failure("device_preparation")
    ended = ("device_enrollment_failed", None, 20, code, "")
    assert proofs("TPM-ENROLLMENT-ANSWERS", **world, marks=[ended])["rule"].to_list() == rules
    own = ("tpm_identity_failed", None, 19, code, "")
    assert proofs("TPM-ENROLLMENT-ANSWERS", **world, marks=[own, ended]).is_empty()
