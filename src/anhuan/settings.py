"""Settings from the environment, read once. A secret is never a setting: only where its file is.

An empty variable counts as unset; an unknown one that begins with ANHUAN_ is a spelling mistake and is named.
docs/reference/settings.md describes every variable, and a test compares.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

LOG_LEVELS = ("debug", "info", "warning", "error")

NOT_OURS = frozenset({"ANHUAN_CHROMIUM", "ANHUAN_KILLS"})
"""Variables of the tests, which the program passes over."""


class SettingWrong(ValueError):
    """A setting that cannot be used; the message names it and says what it may be."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Every setting there is."""

    host: str = "127.0.0.1"
    """The address to listen on."""
    port: int = 8000
    """0: any free one."""
    data: Path = Path(".data")
    """Database, files and keys."""
    database_url: str | None = None
    """An existing PostgreSQL 15 or newer; None: the embedded one."""
    secrets: Path | None = None
    """Where the keys are; None: `secrets` in the data folder."""
    public_url: str | None = None
    """Scheme and host that browsers use, where a proxy in front changes them; None: as the request says."""
    trusted_proxies: str = "127.0.0.1"
    """Addresses, separated by commas, whose X-Forwarded headers are believed."""
    pool_size: int = 8
    """Database connections per process."""
    web_processes: int = 1
    """Web processes that `anhuan run` starts."""
    webhook_networks: str = ""
    """Networks, separated by commas, in which webhooks may lie though they are not public."""
    webhook_http: bool = False
    """Whether webhooks may be told without TLS."""
    log_level: str = "info"

    @property
    def secrets_folder(self) -> Path:
        """Where the keys are."""
        return self.secrets or self.data / "secrets"

    @classmethod
    def from_environment(cls) -> "Settings":
        """The settings of this process. Raises SettingWrong."""
        return read(os.environ)


VARIABLES: Mapping[str, str] = {
    "HOST": "host",
    "PORT": "port",
    "ANHUAN_DATA": "data",
    "DATABASE_URL": "database_url",
    "ANHUAN_SECRETS": "secrets",
    "ANHUAN_PUBLIC_URL": "public_url",
    "ANHUAN_TRUSTED_PROXIES": "trusted_proxies",
    "ANHUAN_POOL_SIZE": "pool_size",
    "ANHUAN_WEB_PROCESSES": "web_processes",
    "ANHUAN_WEBHOOK_NETWORKS": "webhook_networks",
    "ANHUAN_WEBHOOK_HTTP": "webhook_http",
    "ANHUAN_LOG_LEVEL": "log_level",
}
"""Variable -> field."""


def read(environment: Mapping[str, str]) -> Settings:
    """The settings that an environment gives. Raises SettingWrong."""
    unknown = [name for name in environment if name.startswith("ANHUAN_") and name not in VARIABLES.keys() | NOT_OURS]
    if unknown:
        raise SettingWrong(f"{unknown[0]} is no setting of Anhuan's; it knows {', '.join(VARIABLES)}.")
    given = {field: _READERS.get(field, _text)(name, environment[name]) for name, field in _set(environment)}
    return Settings(**given)


def _set(environment: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(name, field) for name, field in VARIABLES.items() if environment.get(name)]


def _text(name: str, text: str) -> str:
    return text


def _path(name: str, text: str) -> Path:
    return Path(text)


def _number(least: int, most: int) -> Callable[[str, str], int]:
    def read_number(name: str, text: str) -> int:
        if not text.isdecimal() or not least <= int(text) <= most:
            raise SettingWrong(f"{name} is {text!r}: it must be a whole number from {least} to {most}.")
        return int(text)

    return read_number


def _database_url(name: str, text: str) -> str:
    if not text.startswith(("postgresql://", "postgres://")):
        raise SettingWrong(f"{name} must begin with postgresql://")
    return text


def _public_url(name: str, text: str) -> str:
    url = urlsplit(text)
    if url.scheme not in ("http", "https") or not url.netloc or url.path.strip("/") or url.query:
        raise SettingWrong(f"{name} is {text!r}: it must be scheme and host alone, such as https://anhuan.example.com.")
    return f"{url.scheme}://{url.netloc}"


def _networks(name: str, text: str) -> str:
    for part in text.split(","):
        try:
            ip_network(part.strip())
        except ValueError:
            raise SettingWrong(f"{name} has {part!r}: it must be networks such as 10.20.0.0/16.") from None
    return text


def _yes_or_no(name: str, text: str) -> bool:
    if text not in ("yes", "no"):
        raise SettingWrong(f"{name} is {text!r}: it must be yes or no.")
    return text == "yes"


def _log_level(name: str, text: str) -> str:
    if text not in LOG_LEVELS:
        raise SettingWrong(f"{name} is {text!r}: it must be one of {', '.join(LOG_LEVELS)}.")
    return text


_READERS: Mapping[str, Callable[[str, str], Any]] = {
    "port": _number(0, 65535),
    "data": _path,
    "database_url": _database_url,
    "secrets": _path,
    "public_url": _public_url,
    "pool_size": _number(2, 200),
    "web_processes": _number(1, 64),
    "webhook_networks": _networks,
    "webhook_http": _yes_or_no,
    "log_level": _log_level,
}
