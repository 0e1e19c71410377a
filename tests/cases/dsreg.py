"""What dsregcmd /status prints, section by section."""

from __future__ import annotations

RULE = "+----------------------------------------------------------------------+"


def section(title: str, **values: str) -> str:
    """One section; underscores in names are blanks."""
    lines = "\n".join(f"{name.replace('_', ' '):>26} : {value}" for name, value in values.items())
    return f"{RULE}\n| {title:<68} |\n{RULE}\n\n{lines}\n\n"


def status(*sections: str) -> str:
    return "".join(sections)
