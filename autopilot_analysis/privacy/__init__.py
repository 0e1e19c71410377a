"""Names, addresses, serials and hosts become stable pseudonyms, driven by the schemas' own metadata."""

from __future__ import annotations

from autopilot_analysis.privacy.hide import Hidden, pseudonymise
from autopilot_analysis.privacy.leaks import find_leaks
from autopilot_analysis.privacy.pseudonyms import Pseudonyms, default_key, profile_folder
from autopilot_analysis.privacy.share import share

__all__ = [
    "Hidden",
    "Pseudonyms",
    "default_key",
    "find_leaks",
    "profile_folder",
    "pseudonymise",
    "share",
]
