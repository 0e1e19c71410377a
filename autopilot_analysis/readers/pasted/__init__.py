"""What people paste: outputs of several commands in one text."""
