"""A deployment that went well, on an image whose Store apps complain, seven weeks of life behind it."""

from __future__ import annotations

from pathlib import Path

from cases import deployment, noise
from cases.building import DAY, Device, utc


def build(folder: Path) -> Path:
    d = Device("healthy-store-noise", utc(2025, 9, 8, 7, 10), name="CO-51120", serial="CO-51120-A")
    noise.setup_packages(d, -20)
    noise.first_start(d, -15)
    noise.packages(d, -14)
    t = deployment.whole(d)
    noise.sign_out_burst(d, t + 1)
    noise.life(d, 1, 50)
    d.collected = 50 * DAY
    return d.as_collection(folder)
