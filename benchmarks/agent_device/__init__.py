"""A make-believe device whose agent writes logs, and the truth of what it did; knows nothing of the kit."""
