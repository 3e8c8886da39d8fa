"""Anhuan: every safety task of a plant as a case that cannot be dropped."""

__version__ = "0.1.0"
