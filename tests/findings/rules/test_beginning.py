"""Why a deployment never began, where no attempt failed."""

import pytest

STARTED = {"runs": [(1, "entra_join", "succeeded", 1, 5, None, None)]}


@pytest.mark.parametrize(
    ("edition", "found"), [("Core", 1), ("CoreSingleLanguage", 1), ("Enterprise", 0), (None, 0)]
)
def test_windows_home_cannot_be_deployed_and_is_named_by_its_edition(proofs, edition, found):
    rows = proofs("WINDOWS-HOME", device={"edition": edition})
    assert rows.height == found
    assert rows["item"].to_list() == [edition] * found


def test_a_device_that_joined_or_is_enrolled_never_lacked_a_beginning(proofs):
    assert proofs("WINDOWS-HOME", device={"edition": "Core"}, **STARTED).is_empty()
    assert proofs("WINDOWS-HOME", device={"edition": "Core", "enrolled": True}).is_empty()


@pytest.mark.parametrize(("scenario", "found"), [("self_deploying", 1), ("user_driven", 0)])
def test_a_tpm_that_cannot_prove_the_device_matters_where_it_has_to(proofs, scenario, found):
    given = {"device": {"scenario": scenario}, "properties": [("ReadyForAttestation", "False")]}
    assert proofs("TPM-WITHOUT-CERTIFICATE", **given).height == found


def test_a_page_that_nobody_left_is_where_the_device_stands(proofs, at):
    shown = {"at": at(1), "visible_at": at(1)}
    later = {"device": {"collected_at": at(31)}}
    assert proofs("OOBE-LEFT", screens=[shown], **later)["item"].to_list() == ["Region"]
    assert proofs("OOBE-LEFT", screens=[shown], device={"collected_at": at(30)}).is_empty()
    assert proofs("OOBE-LEFT", screens=[shown | {"ended_at": at(2)}], **later).is_empty()
    assert proofs("OOBE-LEFT", screens=[shown], **later, **STARTED).is_empty()


@pytest.mark.parametrize(("registered", "found"), [(None, 1), (True, 0), (False, 0)])
def test_nothing_but_empty_answers_says_something_only_where_registration_is_unknown(
    proofs, at, registered, found
):
    given = {"device": {"registered": registered}, "screens": [{"at": at(20)}]}
    marks = [("profile_empty", "profile_download", 5, None, "")]
    assert proofs("PROFILE-NEVER-CAME", marks=marks, **given).height == found
