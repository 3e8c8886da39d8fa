"""Papers typeset with Typst, in processes that can do nothing else."""

from anhuan.connectors.typesetting.pool import Typesetters

__all__ = ["Typesetters"]
