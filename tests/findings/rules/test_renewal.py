"""The management certificate: refused once is a hitch, refused for days is the device's present trouble."""

import pytest

DAY = 1440
RULE, UNREACHED = "MDM-NOT-RENEWED", "MDM-RENEWAL-UNREACHED"


def refused(*minutes, code="0x80180016", enrolment="A"):
    return [("dm:26", {"Message1": enrolment}, minute, code) for minute in minutes]


def session(minute, code=None):
    return ("dm:209", {}, minute, code)


@pytest.mark.parametrize(
    ("minutes", "count"),
    [((0, 700, DAY), 3), ((0, DAY), 0), ((0, 700, DAY - 1), 0), ((0,), 0)],
)
def test_three_refusals_over_a_day_are_a_finding(proofs, minutes, count):
    assert proofs(RULE, events=refused(*minutes)).height == count


@pytest.mark.parametrize("code", ["0x80180016", "0x80070005", "0x80190190"])
def test_any_code_of_a_server_that_answered_counts(proofs, code):
    found = proofs(RULE, events=refused(0, 700, DAY, code=code))
    assert found["code"].unique().to_list() == [code]
    assert proofs(UNREACHED, events=refused(0, 700, DAY, code=code)).is_empty()


def test_a_server_that_was_not_reached_is_another_finding(proofs):
    events = refused(0, 700, DAY, code="0x80072EFD")
    assert proofs(RULE, events=events).is_empty()
    assert proofs(UNREACHED, events=events)["item"].unique().to_list() == [
        "3 times from 2026-03-02 to 2026-03-03 UTC"
    ]


@pytest.mark.parametrize(("minute", "count"), [(DAY - 1, 3), (DAY + 1, 0)])
def test_a_session_that_went_well_after_the_last_try_shows_that_the_network_is_back(proofs, minute, count):
    events = [*refused(0, 700, DAY, code="0x80072EFD"), session(minute)]
    assert proofs(UNREACHED, events=events).height == count


@pytest.mark.parametrize("event", ["dm:10", "dm:72", "dm:75"])
def test_refusals_before_a_renewal_or_an_enrolment_are_history(proofs, event):
    events = [*refused(0, 700, DAY), (event, {}, DAY + 1, None), *refused(DAY + 2)]
    assert proofs(RULE, events=events).is_empty()


def test_the_last_code_of_several_names_the_finding(proofs):
    events = [*refused(0, 700, code="0x80072EFD"), *refused(DAY)]
    assert proofs(RULE, events=events)["code"].to_list() == ["0x80180016"] * 3
    assert proofs(UNREACHED, events=events).is_empty()


def test_two_enrolments_are_counted_apart(proofs):
    events = [*refused(0, 700, DAY), *refused(1, 701, enrolment="B")]
    assert proofs(RULE, events=events).height == 3


@pytest.mark.parametrize(("lost", "said"), [(3, True), (2, False)])
def test_sessions_that_failed_since_the_last_good_one_are_counted_beside(proofs, lost, said):
    bad = [session(DAY + n, "0x80190190") for n in range(1, lost + 1)]
    found = proofs(RULE, events=[*refused(0, 700, DAY), session(5, "0x80072EFD"), session(6), *bad])
    item = "3 times from 2026-03-02 to 2026-03-03 UTC"
    item += ", and the last 3 sessions failed with 0x80190190" if said else ""
    assert found["item"].unique().to_list() == [item]
    assert found.select("code").unique().rows() == [("0x80180016",)]
    assert found.height == (6 if said else 3)


WANTED, ENDED = "MDM-CERTIFICATE-WANTED", "MDM-CERTIFICATE-ENDED"
WANTS = "0x80072F0C"
ISSUERS = ("CN=Microsoft Intune MDM Device CA", "CN=SC_Online_Issuing, O=Microsoft", "CN=Example VPN CA")


def held(*until, issuer=ISSUERS[0]):
    """Certificates of a store, each with its issuer and its end."""
    return [
        row
        for n, end in enumerate(until)
        for row in (
            ("Issuer", issuer, "certs.txt", f"Stored certificate {n}"),
            ("NotAfter", end, "certs.txt", f"Stored certificate {n}"),
        )
    ]


@pytest.mark.parametrize(
    ("events", "count"),
    [
        ([session(0, WANTS), session(30, WANTS), session(60, WANTS)], 3),
        ([session(0, WANTS), ("dm:201", {}, 30, WANTS), *refused(60, code=WANTS)], 3),
        ([session(0, WANTS), session(30, WANTS), session(59, WANTS)], 0),
        ([session(0, WANTS), session(60, WANTS)], 0),
        ([session(0, WANTS), session(30, WANTS), session(60, WANTS), session(61)], 0),
        ([session(0, WANTS), session(30, WANTS), session(60, WANTS), session(61, "0x80072EFD")], 0),
        ([session(0), *(session(minute, WANTS) for minute in (10, 40, 80))], 3),
        ([session(0, "0x80072F8F"), session(30, "0x80072F8F"), session(60, "0x80072F8F")], 0),
    ],
)
def test_a_certificate_that_is_wanted_again_and_again_is_missing(proofs, events, count):
    assert proofs(WANTED, events=events).height == count


def test_a_server_that_wants_a_certificate_was_reached(proofs):
    assert proofs(UNREACHED, events=refused(0, 700, DAY, code=WANTS)).is_empty()
    assert proofs(RULE, events=refused(0, 700, DAY, code=WANTS)).height == 3


@pytest.mark.parametrize("issuer", ISSUERS[:2])
@pytest.mark.parametrize("end", ["2/1/2026 8:11:20 AM", "03.02.2026 08:11", "2026-02-03 08:11:20"])
@pytest.mark.parametrize("code", [WANTS, "0x80190190"])
def test_a_management_certificate_that_had_ended_explains_sessions_in_vain(proofs, issuer, end, code):
    found = proofs(ENDED, events=[session(0, code)], properties=held(end, issuer=issuer))
    assert found["item"].unique().to_list() == [f"it held until {end}"]
    assert found["code"].unique().to_list() == [code]
    assert found.height == 2
    wanting = [session(minute, WANTS) for minute in (0, 30, 60)]
    assert proofs(WANTED, events=wanting, properties=held(end, issuer=issuer)).is_empty()


@pytest.mark.parametrize(
    "properties",
    [
        held("2/3/2026 8:11:20 AM", issuer=ISSUERS[2]),
        held("2/1/2026 8:11:20 AM", "2/1/2027 8:11:20 AM"),
        held("3/2/2026 2:00:00 PM"),
        held("4/1/2026 8:00:00 AM"),
        held("some day"),
        [],
    ],
)
def test_another_certificate_or_one_that_may_still_hold_explains_nothing(proofs, properties):
    assert proofs(ENDED, events=[session(0, WANTS)], properties=properties).is_empty()
