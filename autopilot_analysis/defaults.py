"""What a verb and its function take alike where nothing is given, known before anything heavy is imported."""

from __future__ import annotations

SEED = 0
"""The seed of samples: the same seed, the same bytes."""
