"""What the lists of the service say went wrong, where no device speaks for itself."""
