"""What captures prove of a fleet: the cause that most devices show first, with its records."""

from answer_parts import parts

from autopilot_analysis.fleet import answer_fleet, ingest, load_deployments
from autopilot_analysis.samples import write_sample


def test_captures_prove_the_cause_and_the_proof_is_of_the_device_that_is_named(tmp_path):
    exports = tmp_path / "exports"
    exports.mkdir()
    for number in (1, 2):
        write_sample(exports / f"{number}.cab", "mdm_enrollment_refused", device=number)
    for number in (3, 4, 5):
        write_sample(exports / f"{number}.cab", "user_driven_success", device=number)
    write_sample(exports / "6.zip", "esp_app_timeout", device=6)
    ingest([exports], into=tmp_path / "set")
    fleet = load_deployments(tmp_path / "set")
    told = answer_fleet(fleet)
    said = parts(told)
    assert told.outcome == "failed"
    refused = "MDM enrolment was refused (0x80180014)"
    assert said["What happened"][:1] == [
        f"{refused}: on 2 of 6 (33 %, 10 to 70 %) devices that were captured."
    ]
    assert said["What to do"][0].startswith("Allow the Windows platform")
    assert said["What to do"][1] == "Open SN-0001 in 01_device_trace: it shows this."
    assert said["Also found"] == [
        "An app was not finished when time ran out: Example Endpoint Sensor: on 1 of 6 (17 %, 3 to 56 %) "
        "devices that were captured. Make the installer silent and check that it ends. See SN-0006."
    ]
    assert list(said)[:5] == ["What happened", "Since when", "Why", "What to do", "Proof"]
    proofs = next(part.lines for part in told.sections if part.label == "Proof")
    places = fleet.evidence.filter(rule="MDM-ENROLLMENT-REFUSED", device="SN-0001").select("member", "record")
    for proof in proofs:
        member, _, record = proof.place.rpartition(", record ")
        assert (proof.device, (member, int(record)) in places.rows()) == ("SN-0001", True)
