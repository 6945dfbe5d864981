"""What the suites of several clients share."""
