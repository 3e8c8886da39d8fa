"""Telling another system: signed, and only where it may lie."""

from anhuan.connectors.webhook.client import HttpSender
from anhuan.connectors.webhook.signing import signature

__all__ = ["HttpSender", "signature"]
