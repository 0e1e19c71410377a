"""Room 6, many devices: frame in, frame out, numbers only; polars and pandas alike.

Every share stands beside its n, k and interval, every duration beside the number still unfinished, and every
search over many groups controls false discovery. A group that differs is correlated with what happened to
it, not shown to be its cause.
"""

from __future__ import annotations

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
