"""Photos and scans that people send: inspected and rendered in processes that can do nothing else."""

from anhuan.connectors.photos.pool import PhotoWorkers
from anhuan.connectors.photos.wire import Limits

__all__ = ["Limits", "PhotoWorkers"]
