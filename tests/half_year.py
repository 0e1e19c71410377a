"""Attempts of half a year, made by hand."""

import numpy as np

DAYS = 180


def units(seed=4, count=4000):
    """Attempts over half a year of which 3 % fail, of a few codes."""
    rng = np.random.default_rng(seed)
    day = np.sort(rng.integers(0, DAYS, count))
    hit = rng.random(count) < 0.03
    return rng, {
        "day": day,
        "hit": hit,
        "code": np.where(rng.random(count) < 0.5, "0x80180014", "0x80070643"),
        "profile": rng.choice(["Office", "Plant", "Kiosk", "Store"], count),
        "version": np.where(day < 60, "1", np.where(day < 120, "2", "3")),
    }
