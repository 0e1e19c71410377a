"""What the screen showed during OOBE: pages, sittings, errors and choices."""
