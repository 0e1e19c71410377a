"""The domain of a deployment's user, as a group; every user is made up."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from autopilot_analysis.fleet import explain
from autopilot_analysis.fleet.dataset.loading import gather_fleet
from autopilot_analysis.fleet.deployments.user_domains import USER_DOMAIN, with_user_domains
from autopilot_analysis.privacy import Pseudonyms, pseudonymise
from autopilot_analysis.tables import SCHEMAS
from autopilot_analysis.tables.fleet import Deployment

START = datetime(2026, 1, 5, 9, tzinfo=UTC)
KEY = bytes(32)


def users(**domains):
    """Deployments of so many users of each domain."""
    names = [f"u{n}@{domain.replace('_', '.')}" for domain, count in domains.items() for n in range(count)]
    return pl.DataFrame({"user": names})


def fleet(domains, failed):
    """Deployments over a month, one a device, users of these domains in turn."""
    rows = range(240)
    own = [domains[n % len(domains)] for n in rows]
    outcome = ["failed" if failed(n, own[n]) else "succeeded" for n in rows]
    return pl.DataFrame(
        {
            "device": [f"D-{n}" for n in rows],
            "origin": ["report_v2"] * len(rows),
            "started_at": [START + timedelta(hours=3 * n) for n in rows],
            "outcome": outcome,
            "user": [f"u{n}@{own[n]}" for n in rows],
        }
    )


def uneven(n, domain):
    return n % 3 == 1 if domain == "fr.example.com" else n % 40 == 0


def test_two_domains_are_told_apart_whatever_their_case():
    told = with_user_domains(users(Example_com=4, example_com=1, fr_example_com=4))
    assert told[USER_DOMAIN].to_list() == ["example.com"] * 5 + ["fr.example.com"] * 4


@pytest.mark.parametrize(
    "frame",
    [
        users(example_com=40),
        users(example_com=40, test_example_com=3),  # a few test users
        users(a_example_com=3, b_example_com=3),
        pl.DataFrame({"user": ["u1", "u2", None]}),
        pl.DataFrame({"device": ["D-1"]}),
        users(a_example_com=9, b_example_com=9).with_columns(user_domain=pl.lit("x")),
    ],
)
def test_one_domain_few_users_of_a_second_or_no_user_principal_name_add_nothing(frame):
    assert with_user_domains(frame) is frame


def test_a_domain_in_which_more_fails_stands_out():
    found = explain(fleet(["example.com", "fr.example.com"], uneven))
    assert found.contrasts["where"].to_list() == ['{"user_domain": "fr.example.com"}']


def test_domains_that_fail_alike_are_compared_and_may_differ_by_chance():
    found = explain(fleet(["example.com", "fr.example.com"], lambda n, _: n % 7 == 0))
    assert found.grouped
    assert found.nothing.startswith("No group and no day stands out as failed: what differs could be chance.")


def test_where_nothing_divides_the_attempts_nothing_is_called_chance():
    found = explain(fleet(["example.com"], lambda n, _: n % 7 == 0))
    assert not found.grouped
    assert found.nothing == (
        "No groups were compared: no attribute with several values is told. No day stands out as failed."
    )


def test_under_privacy_the_domain_is_a_pseudonym():
    given = fleet(["example.com", "fr.example.com"], uneven)
    whole = pl.DataFrame(
        [{name: row.get(name) for name in Deployment.columns()} for row in given.to_dicts()],
        schema=Deployment.create_empty().schema,
    )
    frames = {name: schema.create_empty() for name, schema in SCHEMAS.items()} | {"deployments": whole}
    hidden = gather_fleet(pseudonymise(frames, Pseudonyms(KEY)).frames).deployments
    assert hidden[USER_DOMAIN].n_unique() == 2
    assert not hidden[USER_DOMAIN].str.contains("example").any()
