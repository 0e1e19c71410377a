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
        path = Path(os.path.abspath(Path(export).expanduser()))  # noqa: PTH100  # links stay as they are
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
    for name in (IMPORT_PATH, PROGRAM_PATH):
        kept = _kept(env.get(name, "").split(os.pathsep), folders)
        env[name] = os.pathsep.join(kept)
    if not env[IMPORT_PATH]:
        del env[IMPORT_PATH]
    return env


@contextmanager
def closed_to(*folders: Path) -> Iterator[None]:
    """Keep folders, and the current one, off the import path of this process and its children.

    Args:
        *folders: Those of the exports.

    Raises:
        BadInput: Python was told to ignore its environment, and so would its children.
    """
    if sys.flags.ignore_environment and not sys.flags.safe_path:
        raise BadInput("python -E starts children that import from the current folder; add -P, or use -I")
    env = child_environment(*folders)
    before, path = {name: os.environ.get(name) for name in CHANGED}, list(sys.path)
    os.environ.update({name: env[name] for name in CHANGED if name in env})
    if IMPORT_PATH not in env:
        os.environ.pop(IMPORT_PATH, None)
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
    path = Path(code).expanduser()
    for folder in folders_of([export]):
        for place in {path.absolute(), path.resolve()}:
            if any(_is_same(parent, folder) for parent in place.parents):
                raise NotTrusted(
                    f"{code} lies with the export, so whoever made that may have written it, and it would "
                    "run with your rights; read it, then move it elsewhere or add --trust"
                )


def _kept(entries: Iterable[str], folders: Iterable[Path]) -> list[str]:
    """Return a search path without such folders, the current one, and what is relative to it."""
    shut, own = [Path.cwd(), *folders], _own_folders(folders)
    kept = []
    for entry in entries:
        path = Path(os.path.abspath(entry or "."))  # noqa: PTH100  # links stay as they are
        if any(_is_same(path, folder) for folder in own):
            kept.append(str(path))
        elif Path(entry).is_absolute() and not any(_is_same(path, folder) for folder in shut):
            kept.append(entry)
    return kept


def _own_folders(exports: Iterable[Path]) -> list[Path]:
    """Return where Python and this package lie, and the script that runs, if not with an export."""
    own = [PACKAGE_ROOT, *map(Path, sysconfig.get_paths().values())]
    script = getattr(sys.modules.get("__main__"), "__file__", None)
    if script and not any(_is_same(Path(script).absolute().parent, folder) for folder in exports):
        own.append(Path(script).absolute().parent)
    return own


def _is_same(one: Path, other: Path) -> bool:
    """Tell whether two paths are one, in whatever case or through whatever link."""
    try:
        return one == other or one.samefile(other)
    except OSError:
        return False
