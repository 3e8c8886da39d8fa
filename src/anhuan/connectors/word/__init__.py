"""Reports as Word documents, to be edited before and after a meeting."""

from anhuan.connectors.word.report import write_report

__all__ = ["write_report"]
