"""LocURIs, the paths by which device management names things: which kind of item one is, and its id."""

from __future__ import annotations

from functools import reduce

import polars as pl

from autopilot_analysis.facts import read_facts
from autopilot_analysis.tables.story import APPS


def kind_of(uri: pl.Expr) -> pl.Expr:
    """Return the kind of item a LocURI names, "policy" where facts/csp_kinds.csv knows no other.

    A node of apps that names none, such as the list of all packages or a search for updates, is no app.
    """
    facts = read_facts("csp_kinds").select("part", "kind").rows()
    low = uri.str.to_lowercase()
    kind = reduce(
        lambda rest, fact: (
            pl.when(low.str.contains(fact[0].lower(), literal=True)).then(pl.lit(fact[1])).otherwise(rest)
        ),
        facts,
        pl.lit("policy"),
    )
    names_none = kind.is_in(APPS) & (item_of(uri) == uri.str.strip_chars())
    return pl.when(names_none).then(pl.lit("policy")).otherwise(kind)


def item_of(uri: pl.Expr) -> pl.Expr:
    """Return the id a LocURI gives its item: product code, Office id, package family, or the path of it."""
    plain = uri.str.replace_all("%7B", "{", literal=True).str.replace_all("%7D", "}", literal=True)
    code = plain.str.extract(r"(?i)/MSI/(\{?[0-9a-f]{8}-[^/]*)").str.to_lowercase()
    office = plain.str.extract(r"(?i)Vendor/MSFT/Office/Installation/([^/]+)").str.to_lowercase()
    family = plain.str.extract(r"(?i)/EnterpriseModernAppManagement/AppManagement/[^/]+/([^/]+)")
    certificate = plain.str.extract(r"(?i)^(.*?/ClientCertificateInstall/[^/]+/[^/]+)")
    return pl.coalesce(code, office, family, certificate, uri).str.strip_chars()


def phase_of(uri: pl.Expr) -> pl.Expr:
    """Return "account" for ./User, "device" for ./Device, null for a LocURI that does not say."""
    low = uri.str.to_lowercase()
    return (
        pl.when(low.str.starts_with("./user/"))
        .then(pl.lit("account"))
        .when(low.str.starts_with("./device/"))
        .then(pl.lit("device"))
    )
