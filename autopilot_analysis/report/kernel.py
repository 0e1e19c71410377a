"""The process a notebook runs in: nothing is imported or configured from the folder it stands in.

A script, not to be imported: `python -P kernel.py -f CONNECTION_FILE`, as `write_kernel_spec` has it started.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path


def import_matplotlib_elsewhere() -> None:
    """Import matplotlib while standing in an empty folder: it reads `matplotlibrc` from where it stands."""
    here = Path.cwd()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as empty:
        os.chdir(empty)
        try:
            with suppress(ImportError):
                import matplotlib  # noqa: F401  # its configuration is read here
        finally:
            os.chdir(here)


def main() -> None:
    """Be the kernel."""
    import_matplotlib_elsewhere()
    from ipykernel.kernelapp import launch_new_instance  # what is above comes first

    launch_new_instance()


if __name__ == "__main__":
    main()
