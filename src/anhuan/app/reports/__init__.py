"""Reports of figures: the pack of a monthly safety meeting, and the statistics of a quarter or a year."""
