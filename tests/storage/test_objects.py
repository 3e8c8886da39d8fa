"""The object store on disk: write-once, whole or not at all, apart by tenant."""

import asyncio
import hashlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from anhuan.domain.evidence import Sha256
from anhuan.domain.ids import TenantId
from anhuan.ports.objects import ObjectDamaged, ObjectMissing, Objects
from anhuan.storage.objects import PIECE_BYTES, SCRATCH_AGE_S, FileObjects

DEMO, OTHER = TenantId("demo"), TenantId("other")
PHOTO = os.urandom(PIECE_BYTES + 1000)


@pytest.fixture
def objects(tmp_path: Path) -> Objects:
    return FileObjects(tmp_path / "objects")


def stored_files(root: Path) -> list[Path]:
    return [path for path in (root / "objects").rglob("*") if path.is_file()]


async def test_bytes_come_back_under_their_hash(objects: Objects) -> None:
    sha256 = await objects.put(DEMO, PHOTO)
    assert sha256 == hashlib.sha256(PHOTO).hexdigest()
    assert await objects.get(DEMO, sha256) == PHOTO
    assert b"".join([piece async for piece in await objects.open(DEMO, sha256)]) == PHOTO
    assert await objects.exists(DEMO, sha256)


async def test_nothing_is_an_object_too(objects: Objects) -> None:
    assert await objects.get(DEMO, await objects.put(DEMO, b"")) == b""


async def test_twice_is_once(objects: Objects, tmp_path: Path) -> None:
    names = await asyncio.gather(*(objects.put(DEMO, PHOTO) for _ in range(8)))
    assert len(set(names)) == 1
    assert len(stored_files(tmp_path)) == 1, "no scratch file is left"


async def test_another_tenant_sees_nothing(objects: Objects) -> None:
    sha256 = await objects.put(DEMO, PHOTO)
    assert not await objects.exists(OTHER, sha256)
    for ask in (objects.get, objects.open):
        with pytest.raises(ObjectMissing):
            await ask(OTHER, sha256)


@pytest.mark.parametrize("tenant", ["", ".", "..", "../demo", "a/b", ".scratch", "a\0b", "x" * 65, "a b"])
async def test_a_tenant_is_no_path(objects: Objects, tenant: str) -> None:
    with pytest.raises(ValueError, match="folder"):
        await objects.put(TenantId(tenant), PHOTO)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, "a" * 63, "a" * 65])
async def test_what_is_no_hash_is_missing(objects: Objects, name: str) -> None:
    with pytest.raises(ObjectMissing):
        await objects.get(DEMO, Sha256(name))


async def test_damage_is_found_and_mended_by_storing_again(objects: Objects, tmp_path: Path) -> None:
    sha256 = await objects.put(DEMO, PHOTO)
    (path,) = stored_files(tmp_path)
    path.chmod(0o600)
    path.write_bytes(PHOTO[:-1] + bytes([PHOTO[-1] ^ 1]))
    with pytest.raises(ObjectDamaged):
        await objects.get(DEMO, sha256)
    with pytest.raises(ObjectDamaged):
        async for _ in await objects.open(DEMO, sha256):
            pass
    await objects.put(DEMO, PHOTO)
    assert await objects.get(DEMO, sha256) == PHOTO


async def test_a_failed_write_leaves_nothing(objects: Objects, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_source: object, _target: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="disk full"):
        await objects.put(DEMO, PHOTO)
    assert stored_files(tmp_path) == []


async def test_old_scratch_goes_at_the_next_start(objects: Objects, tmp_path: Path) -> None:
    scratch = tmp_path / "objects" / ".scratch"
    for name, age_s in (("dead", SCRATCH_AGE_S + 60), ("alive", 0.0)):
        (scratch / name).write_bytes(b"half")
        os.utime(scratch / name, (time.time() - age_s,) * 2)
    FileObjects(tmp_path / "objects")
    assert [path.name for path in scratch.iterdir()] == ["alive"]


WRITER = """
import asyncio, sys
from pathlib import Path
from anhuan.storage.objects import FileObjects

async def main():
    objects = FileObjects(Path(sys.argv[1]))
    for number in range(1_000_000):
        print(await objects.put("demo", (sys.argv[2] + str(number)).encode() * 20_000), flush=True)

asyncio.run(main())
"""


async def test_a_killed_writer_loses_nothing_it_promised(objects: Objects, tmp_path: Path) -> None:
    for cycle in range(3):
        command = [sys.executable, "-c", WRITER, str(tmp_path / "objects"), f"cycle{cycle}-"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
            assert writer.stdout is not None
            promised = [writer.stdout.readline().strip() for _ in range(10)]
            writer.send_signal(signal.SIGKILL)
            promised += [line.strip() for line in writer.stdout if line.endswith("\n")]
        assert len(promised) >= 10, "each cycle made progress"
        for sha256 in promised:
            await objects.get(DEMO, Sha256(sha256))
    for path in (tmp_path / "objects" / "demo").rglob("*"):
        if path.is_file():
            assert hashlib.sha256(path.read_bytes()).hexdigest() == path.parent.name + path.name, "whole or not at all"
