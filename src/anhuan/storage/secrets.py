"""Keys in files, never in the database: `secrets/<tenant>/ledger.key`, `secrets/<tenant>/draw-<id>.key`.

A draw key begins as `draw-<id>.new`, which nothing is drawn with until its hash is in the ledger, and ends as
`draw-<id>.told`. Every process sees such a change at its next draw.

Files are readable by their owner alone. On several machines the folder is shared or copied (setting ANHUAN_SECRETS);
who restores a database without it can read everything and sign nothing.
"""

import logging
import os
import secrets
from datetime import datetime
from pathlib import Path

import msgspec

from anhuan.domain.ids import TenantId
from anhuan.ledger.note import Signer
from anhuan.ports.deliveries import Webhook
from anhuan.ports.secrets import DrawKey

log = logging.getLogger(__name__)

KEY_BYTES = 32
SECRET_LEAST = 32
"""Characters of the secret that other systems are signed to with."""


class SecretsMissing(Exception):
    """A tenant's keys are not where they should be; the message names the file."""


class _DrawKeyFile(msgspec.Struct):
    key: str
    from_at: datetime


class SecretFiles:
    """`ports.secrets.Secrets` in a folder."""

    def __init__(self, folder: Path, origin: str = "anhuan") -> None:
        self._folder = folder
        self._origin = origin
        self._signers: dict[TenantId, Signer] = {}
        self._draw_keys: dict[TenantId, tuple[int, list[DrawKey]]] = {}
        """The keys in force, and when the folder was changed that they were read from."""

    def signer(self, tenant: TenantId) -> Signer:
        """The key that signs the tenant's checkpoints. Raises SecretsMissing."""
        if tenant not in self._signers:
            seed = bytes.fromhex(self._read(self._folder / tenant / "ledger.key"))
            self._signers[tenant] = Signer(f"{self._origin}/{tenant}", seed)
        return self._signers[tenant]

    def draw_key(self, tenant: TenantId, opened_at: datetime) -> DrawKey:
        """The draw key for a case that was opened at that moment. Raises SecretsMissing."""
        ring = self._ring(tenant)
        return next((key for key in reversed(ring) if key.from_at <= opened_at), ring[0])

    def add_signer(self, tenant: TenantId) -> Signer:
        """Make the tenant's signing key; the one that is there stays."""
        self._write(self._folder / tenant / "ledger.key", secrets.token_bytes(KEY_BYTES).hex())
        return self.signer(tenant)

    def add_draw_key(self, tenant: TenantId, from_at: datetime) -> DrawKey:
        """Make a new draw key for cases opened from a moment on, in force at once: for a tenant that is being made."""
        key = self.prepare_draw_key(tenant, from_at)
        self.put_in_force(tenant, key)
        return key

    def prepare_draw_key(self, tenant: TenantId, from_at: datetime) -> DrawKey:
        """Make a new draw key that nothing is drawn with yet."""
        key = DrawKey(f"{from_at:%Y%m%dT%H%M%S}", secrets.token_bytes(KEY_BYTES), from_at)
        content = _DrawKeyFile(key.key.hex(), from_at)
        self._write(self._draw_file(tenant, key, "new"), msgspec.json.encode(content).decode())
        return key

    def put_in_force(self, tenant: TenantId, key: DrawKey) -> None:
        """Let cases opened from the key's moment on draw with it."""
        self._draw_file(tenant, key, "new").rename(self._draw_file(tenant, key, "key"))
        self._draw_keys.pop(tenant, None)

    def retire(self, tenant: TenantId, key: DrawKey) -> None:
        """Let nothing be drawn with the key any more."""
        self._draw_file(tenant, key, "key").rename(self._draw_file(tenant, key, "told"))
        self._draw_keys.pop(tenant, None)

    def recall(self, tenant: TenantId, key: DrawKey) -> None:
        """Take a key back that was retired too early."""
        self._draw_file(tenant, key, "told").rename(self._draw_file(tenant, key, "key"))
        self._draw_keys.pop(tenant, None)

    def draw_keys(self, tenant: TenantId) -> list[DrawKey]:
        """The keys in force, in the order of their moments. Raises SecretsMissing."""
        return list(self._ring(tenant))

    def retired(self, tenant: TenantId) -> list[DrawKey]:
        """The keys that nothing is drawn with any more, in the order of their moments."""
        return self._read_keys(tenant, "told")

    def webhook(self, tenant: TenantId) -> Webhook | None:
        """Where the tenant wants to be told of closed cases: `secrets/<tenant>/webhook.json`; None: nowhere."""
        path = self.webhook_file(tenant)
        try:
            webhook = msgspec.json.decode(path.read_bytes(), type=Webhook)
        except FileNotFoundError:
            return None
        except (OSError, msgspec.DecodeError) as error:
            log.error("%s cannot be used, so nobody is told: %s", path, error)
            return None
        if len(webhook.secret) < SECRET_LEAST:
            log.error("%s has a secret of less than %s characters, so nobody is told", path, SECRET_LEAST)
            return None
        return webhook

    def webhook_file(self, tenant: TenantId) -> Path:
        """Where an operator writes it."""
        return self._folder / tenant / "webhook.json"

    def _draw_file(self, tenant: TenantId, key: DrawKey, state: str) -> Path:
        return self._folder / tenant / f"draw-{key.id}.{state}"

    def _ring(self, tenant: TenantId) -> list[DrawKey]:
        folder = f"{self._folder}/{tenant}"
        try:
            changed = os.stat(folder).st_mtime_ns
        except FileNotFoundError:
            changed = 0
        held = self._draw_keys.get(tenant)
        if held is None or held[0] != changed:
            ring = self._read_keys(tenant, "key")
            if not ring:
                raise SecretsMissing(f"{folder} holds no draw key (draw-*.key)")
            held = self._draw_keys[tenant] = (changed, ring)
        return held[1]

    def _read_keys(self, tenant: TenantId, state: str) -> list[DrawKey]:
        keys = []
        for path in (self._folder / tenant).glob(f"draw-*.{state}"):
            content = msgspec.json.decode(self._read(path), type=_DrawKeyFile)
            keys.append(DrawKey(path.stem.removeprefix("draw-"), bytes.fromhex(content.key), content.from_at))
        return sorted(keys, key=lambda key: key.from_at)

    def _read(self, path: Path) -> str:
        try:
            return path.read_text(encoding="ascii").strip()
        except OSError as error:
            raise SecretsMissing(f"{path} cannot be read: {error.strerror}") from error

    def _write(self, path: Path, content: str) -> None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
