"""Keys in files, never in the database: `secrets/<tenant>/ledger.key`, `secrets/<tenant>/draw-<id>.key`.

Files are readable by their owner alone. On several machines the folder is shared or copied (setting ANHUAN_SECRETS);
who restores a database without it can read everything and sign nothing.
"""

import os
import secrets
from datetime import datetime
from pathlib import Path

import msgspec

from anhuan.domain.ids import TenantId
from anhuan.ledger.note import Signer
from anhuan.ports.secrets import DrawKey

KEY_BYTES = 32


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
        self._draw_keys: dict[TenantId, list[DrawKey]] = {}

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
        """Make a new draw key for cases opened from a moment on."""
        key_id = f"{from_at:%Y%m%dT%H%M%S}"
        content = _DrawKeyFile(secrets.token_bytes(KEY_BYTES).hex(), from_at)
        self._write(self._folder / tenant / f"draw-{key_id}.key", msgspec.json.encode(content).decode())
        self._draw_keys.pop(tenant, None)
        return self.draw_key(tenant, from_at)

    def _ring(self, tenant: TenantId) -> list[DrawKey]:
        if tenant not in self._draw_keys:
            ring = []
            for path in (self._folder / tenant).glob("draw-*.key"):
                content = msgspec.json.decode(self._read(path), type=_DrawKeyFile)
                key_id = path.name.removeprefix("draw-").removesuffix(".key")
                ring.append(DrawKey(key_id, bytes.fromhex(content.key), content.from_at))
            if not ring:
                raise SecretsMissing(f"{self._folder / tenant} holds no draw key (draw-*.key)")
            self._draw_keys[tenant] = sorted(ring, key=lambda key: key.from_at)
        return self._draw_keys[tenant]

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
