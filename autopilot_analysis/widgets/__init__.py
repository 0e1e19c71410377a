"""Widgets over the verbs and figures, for JupyterLab and Voilà: they choose and show, and measure nothing."""

from __future__ import annotations

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
