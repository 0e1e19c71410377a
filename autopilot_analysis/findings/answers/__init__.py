"""What is said of a device: the verdict, the answer with its parts, and what was not seen."""
