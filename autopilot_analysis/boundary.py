"""The boundary around execution: no file that came with an export is imported or run as a program.

Whoever hands in an export chooses what lies beside it, and people unpack it and work in that very folder.
Python imports from the current folder when it is started with `-c` or `-m`, which is how every child
process is started, and systems look there for programs. Here such folders are taken off both paths, in this
process and in what its children inherit.
"""

from __future__ import annotations

import os
import shutil
import sys
import sysconfig
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from autopilot_analysis.defaults import Option
from autopilot_analysis.errors import BadInput, NotTrusted

PACKAGE_ROOT = Path(__file__).resolve().parents[1]
SAFE_PATH, IMPORT_PATH, PROGRAM_PATH = "PYTHONSAFEPATH", "PYTHONPATH", "PATH"
NO_CURRENT_FOLDER = "NoDefaultCurrentDirectoryInExePath"
"""While it is set, Windows does not look for programs in the current folder."""
CHANGED = (SAFE_PATH, IMPORT_PATH, PROGRAM_PATH, NO_CURRENT_FOLDER)


def folders_of(exports: Iterable[str | Path]) -> list[Path]:
    """Return the folders that exports are, and those that they lie in.

    Args:
        exports: Paths as they were handed in.
    """
    found = []
    for export in exports:
        path = Path(os.path.abspath(Path(export).expanduser()))  # links stay as they are
        found += [path, path.parent] if path.is_dir() else [path.parent]
    return list(dict.fromkeys(found))


def child_environment(*folders: Path, base: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return an environment in which a child process imports and runs nothing from these folders.

    Args:
        *folders: Those of the exports; the current folder is always among them.
        base: What the environment is made of; that of this process when None.
    """
    env = dict(os.environ if base is None else base)
    env[SAFE_PATH] = env[NO_CURRENT_FOLDER] = "1"
    env[PROGRAM_PATH] = os.pathsep.join(_kept(env.get(PROGRAM_PATH, "").split(os.pathsep), folders))
    modules = [*env.get(IMPORT_PATH, "").split(os.pathsep), str(PACKAGE_ROOT)]
    env[IMPORT_PATH] = os.pathsep.join(dict.fromkeys(_kept(modules, folders)))
    return env


@contextmanager
def closed_to(*folders: Path) -> Iterator[None]:
    """Keep folders, and the current one, off the import path of this process and its children.

    Args:
        *folders: Those of the exports.
    """
    env = child_environment(*folders)
    before, path = {name: os.environ.get(name) for name in CHANGED}, list(sys.path)
    os.environ.update({name: env[name] for name in CHANGED})
    sys.path[:] = _kept(sys.path, folders)
    try:
        yield
    finally:
        sys.path[:] = path
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def check_children() -> None:
    """Refuse to let the standard library start processes that would import from the current folder.

    Raises:
        BadInput: Python was told to ignore its environment, and so would they.
    """
    if sys.flags.ignore_environment and not sys.flags.safe_path:
        raise BadInput("python -E starts processes that import from the current folder; add -P, or use -I")


def find_program(name: str) -> Path | None:
    """Return a program of the search path; never one that lies in the current folder.

    Args:
        name: Its name, without a folder.
    """
    for folder in _kept(os.environ.get(PROGRAM_PATH, "").split(os.pathsep), ()):
        for ending in ("", ".exe") if os.name == "nt" else ("",):
            found = shutil.which(str(Path(folder) / f"{name}{ending}"))
            if found:
                return Path(found)
    return None


def refuse_untrusted(code: str | Path, export: str | Path) -> None:
    """Refuse code that lies in an export or in its folder.

    Args:
        code: A file of rules, or a notebook.
        export: What was handed in.

    Raises:
        NotTrusted: It does; whoever made the export may have written it.
    """
    path, folders = Path(code).expanduser(), {_identity(folder) for folder in folders_of([export])}
    above = {_identity(folder) for place in (path.absolute(), path.resolve()) for folder in place.parents}
    if above & folders:
        raise NotTrusted(
            f"{code} lies with the export, so whoever made that may have written it, and it would run with "
            f"your rights; read it, then move it elsewhere or add {Option.TRUST}"
        )


def _kept(entries: Iterable[str], folders: Iterable[Path]) -> list[str]:
    """Return a search path without such folders, the current one, and what is relative to it."""
    exports = {_identity(folder) for folder in folders}
    own = _own_folders(exports)
    shut = exports | {_identity(Path.cwd())}
    kept = []
    for entry in entries:
        path = Path(os.path.abspath(entry or "."))  # links stay as they are
        identity = _identity(path)
        if identity in own:
            kept.append(str(path))
        elif Path(entry).is_absolute() and identity not in shut:
            kept.append(entry)
    return kept


def _own_folders(exports: set[object]) -> set[object]:
    """Return where Python and this package lie, and the script that runs, if not with an export."""
    own = [PACKAGE_ROOT, *(Path(place) for place in sysconfig.get_paths().values())]
    script: str | None = getattr(sys.modules.get("__main__"), "__file__", None)
    beside = [Path(script).absolute().parent] if script else []
    return {_identity(place) for place in own} | ({_identity(place) for place in beside} - exports)


def _identity(path: Path) -> object:
    """Return what two paths to one folder have in common, in whatever case or through whatever link."""
    try:
        status = path.stat()
    except OSError:
        return str(path)
    return status.st_dev, status.st_ino
