"""Papers of a case: put together from what its viewer may see, typeset, issued under a number, taken back signed."""
