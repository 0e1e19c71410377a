"""The proof of a finding, in the lines of an answer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from autopilot_analysis import quoting, wording
from autopilot_analysis.facts.error_records import flat_message
from autopilot_analysis.facts.event_lists import RENDERED
from autopilot_analysis.findings.answers.answer import Line
from autopilot_analysis.findings.rules.page_parts import without_done

MOST_PROOFS = 3
"""So many records of each finding are shown; the others are counted."""
LONGEST_PROOF = 400
"""Characters of a record that are shown; its statements stand in full in their own words."""
_CONDITION = re.compile(r" -- ([^\r\n]{10,400}) \(action LaunchConditions, return value 3\)$")
"""What an installer says whose condition the device does not meet: its maker wrote it for people."""
_SERVER = re.compile(r"^Server (?:Error )?(?:Message|Description): ([^\r\n]{0,40}[^\W\d_]{2}[^\r\n]{4,400})$")
"""What a server says in a field of the join state."""
LONGEST_WORDS = 600
"""Characters of a statement that are quoted: of a longer one its beginning, and its end, its result."""
_STEPS = re.compile(r" ?\b[Aa]dalLog:.*?(?= [Aa]dal[A-Z]\w{1,40}:|$)")
"""The steps of the library that signs in, which Windows lists behind its message: none says why it failed."""
MOST_WORDS = 3
"""So many statements of servers and programs are quoted."""


def proofs_of(finding: Mapping[str, Any], evidence: pl.DataFrame) -> pl.DataFrame:
    """Return the evidence rows of one finding.

    Args:
        finding: A row of findings.
        evidence: The evidence of the same search.
    """
    if "finding" in evidence.columns:  # each export numbers its own findings
        own = [name for name in ("export", "device") if name in evidence.columns and name in finding]
        same = [pl.col(name).eq_missing(pl.lit(finding[name])) for name in own]
        return evidence.filter(pl.col("finding") == finding["id"], *same)
    return evidence.filter(
        pl.col(name).eq_missing(pl.lit(finding[name])) for name in ("device", "rule", "code", "item")
    )


def proof_lines(lead: list[dict[str, Any]], evidence: pl.DataFrame) -> Iterator[Line]:
    """Yield the first records that prove each finding, and how many more there are.

    Args:
        lead: Rows of findings.
        evidence: The evidence of the same search.
    """
    for one in lead:
        all_of_it = proofs_of(one, evidence)
        proofs = _each_member_first(_each_once(all_of_it))
        for proof in proofs.head(MOST_PROOFS).iter_rows(named=True):
            shown = quoting.fields(proof["quote"])
            yield Line(_cut(shown), "proof", _place(proof))
        if (more := all_of_it.height - min(proofs.height, MOST_PROOFS)) > 0:
            alike = "" if proofs.height > MOST_PROOFS else f" that {'says' if more == 1 else 'say'} the same"
            yield Line(f"and {wording.count(more, 'more record')}{alike}")


def _cut(shown: str) -> str:
    """Return what is shown of a record; a message keeps its end, where its result stands."""
    if f"{RENDERED}: " in shown:
        return quoting.shortened(shown, LONGEST_PROOF)
    return f"{shown[:LONGEST_PROOF].rstrip()} {quoting.CUT}" if len(shown) > LONGEST_PROOF else shown


def own_words(lead: list[dict[str, Any]], evidence: pl.DataFrame) -> Iterator[Line]:
    """Yield what servers and programs stated themselves in the records that prove the findings.

    Args:
        lead: Rows of findings.
        evidence: The evidence of the same search.
    """
    places: dict[str, str] = {}
    for one in lead:
        for proof in proofs_of(one, evidence).iter_rows(named=True):
            quote = proof["quote"] or ""
            plain = [text for words in (_CONDITION, _SERVER) for text in words.findall(quote)]
            for text in [*quoting.statements(without_done(quote)), *plain, flat_message(quote)]:
                words = quoting.in_plain_words(_STEPS.sub("", text))
                if words:
                    places.setdefault(quoting.shortened(words, LONGEST_WORDS), _place(proof))
    for text, place in list(places.items())[:MOST_WORDS]:
        yield Line(text, "quote", place)


def _each_member_first(proofs: pl.DataFrame) -> pl.DataFrame:
    """Return proofs, the first of each member before the second of any: each kind of record is shown."""
    return proofs.sort(pl.int_range(pl.len()).over("member"), maintain_order=True)


def _each_once(proofs: pl.DataFrame) -> pl.DataFrame:
    """Return proofs without those that repeat another of their member at the same time, or both at none.

    A text in whose title a line stands as well shows it once.
    """
    alike = [name for name in ("member", "at", "quote") if name in proofs.columns]
    return proofs.unique(alike, keep="first", maintain_order=True)


def _place(proof: Mapping[str, Any]) -> str:
    return wording.place_of(proof["member"], proof["record"])
