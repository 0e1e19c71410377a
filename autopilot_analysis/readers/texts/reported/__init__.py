"""What somebody wrote down of a failure, in words of their own or copied from a page."""
