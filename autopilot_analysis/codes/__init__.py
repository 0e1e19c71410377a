"""A result code, however it is spelt, told apart by family: symbol, meaning, causes, remedy and page."""

from autopilot_analysis.codes.code import Cause, Code
from autopilot_analysis.codes.families import LOOK_AT_ANSWER, names_in_words
from autopilot_analysis.codes.meaning import (
    ELSE,
    INSTALLER_BUSY,
    OWN_NUMBERS,
    WINDOWS_INSTALLER,
    explain,
    explain_codes,
    explain_exit,
    of_script,
)
from autopilot_analysis.codes.spelling import AADSTS, Origin, code_of, find_codes, spell, spell_digits

__all__ = [
    "AADSTS",
    "ELSE",
    "INSTALLER_BUSY",
    "LOOK_AT_ANSWER",
    "OWN_NUMBERS",
    "WINDOWS_INSTALLER",
    "Cause",
    "Code",
    "Origin",
    "code_of",
    "explain",
    "explain_codes",
    "explain_exit",
    "find_codes",
    "names_in_words",
    "of_script",
    "spell",
    "spell_digits",
]
