"""What an outcome means: which attempts are decided, and which tries brought nothing.

What is slow is said by `fleet.explanation.units` (an attempt among many) and `findings.rules.apps` (an app).
"""

from __future__ import annotations

from datetime import timedelta

NEW_JOURNEY = timedelta(days=30)
"""A pause longer than this begins a new journey; a success sooner after a failure belongs to it."""

REPORT_WATCHES = timedelta(hours=1)
"""Deployments longer than this stay incomplete in the service's own report (known issue AP-15)."""

SAME_START_WITHIN = timedelta(minutes=10)
"""Two starts this near, on one device, are one attempt seen from two sides."""

FINISHED = ("succeeded", "failed")
"""Outcomes of an attempt that ran until it was decided: its whole time is known."""

ENDED = (*FINISHED, "abandoned")
"""Outcomes that are final; what is in progress or unknown belongs to no rate."""

FAILED_TRIES = ("failed", "not_detected")
"""Outcomes of a try that did not bring its item: the installer failed, or nothing was there afterwards."""

ENDED_WELL = ("succeeded", "skipped")
"""Outcomes of a try that brought its item, or had no need to."""

CACHED = "cached"
"""The `download_outcome` of what need not be loaded: its content lay on the device."""

SETTLED_TRIES = ("succeeded", "skipped", CACHED)
"""Outcomes of a try, or of its download, after which nothing is left to do; any other is a failure or an end
that was not seen."""
