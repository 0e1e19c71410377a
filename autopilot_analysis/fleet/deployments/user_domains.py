"""Whose domain a deployment's user is of: it tells parts of an organisation apart where nothing else does."""

from __future__ import annotations

import polars as pl

USER_DOMAIN = "user_domain"
"""The column that says it; beside those of the table, where there are at least two domains."""
LEAST_OF_DOMAIN = 4
"""A domain of fewer deployments is compared with nothing, as of a few test users; it makes no second one."""


def with_user_domains(deployments: pl.DataFrame) -> pl.DataFrame:
    """Return deployments with `user_domain`: what follows the "@" of the user principal name.

    A user under a pseudonym has the domain's pseudonym there.

    Args:
        deployments: One attempt a row; as they are where they say it already or tell of one domain alone.
    """
    if USER_DOMAIN in deployments.columns or deployments.schema.get("user") != pl.String:
        return deployments
    domain = pl.col("user").str.extract(r"@([^@\s]+)\s*$").str.to_lowercase()
    named = deployments.with_columns(domain.alias(USER_DOMAIN))
    counted = named[USER_DOMAIN].drop_nulls().value_counts()
    return named if (counted["count"] >= LEAST_OF_DOMAIN).sum() > 1 else deployments
