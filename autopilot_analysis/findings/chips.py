"""Makers of TPM chips, however a device spells them, and what a chip is called."""

from __future__ import annotations

from functools import cache

import polars as pl

from autopilot_analysis.facts import read_facts

MAKER = r"^-?\s*(?:tpm )?(?:manufacturer(?: ?id(?:txt)?)?|vendor(?: ?id)?)$"
"""The lower-case name of a property in which a text about the TPM names the maker."""
FIRMWARE = r"manufacturer ?version|firmware ?version|tpm firmware"
"""The lower-case name of a property in which such a text names the firmware."""


@cache
def spellings() -> dict[str, str]:
    """Return how texts and events spell each maker, a pattern under the maker's id."""
    return dict(read_facts("tpm_makers").select("maker", "pattern").iter_rows())


def maker_of(spelt: pl.Expr) -> pl.Expr:
    """Return the id of the maker that a text names, null where nobody knows it.

    Args:
        spelt: What a device says of its chip's maker.
    """
    known = (
        pl.when(spelt.str.contains(rf"(?i)^[^a-z0-9]*(?:{pattern})")).then(pl.lit(maker))
        for maker, pattern in spellings().items()
    )
    return pl.coalesce(*known, pl.lit(None, pl.String))


def chip_name() -> pl.Expr:
    """Return the maker and the firmware of a device's chip in words, null where the maker is not known."""
    names = dict(read_facts("tpm_makers").select("maker", "name").iter_rows())
    maker = maker_of(pl.col("tpm_vendor")).replace_strict(names, default=None, return_dtype=pl.String)
    return pl.concat_str(maker, pl.format(", firmware {}", pl.col("tpm_firmware")).fill_null(""))


@cache
def chip_facts() -> pl.Expr:
    """Return what answer_words.csv asks of a device's chip: a line for its maker, one for its firmware."""
    maker = pl.format("TPM maker: {}", maker_of(pl.col("tpm_vendor")))
    return pl.concat_str(maker, pl.format("\nTPM firmware: {}", pl.col("tpm_firmware")).fill_null(""))
