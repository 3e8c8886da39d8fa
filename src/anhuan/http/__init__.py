"""The web API, one file per noun."""
