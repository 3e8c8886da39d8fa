"""The ledger's commands as an administrator and an auditor use them, each a process of its own."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from anhuan.cli.speech import fault, words
from anhuan.ledger.errors import Code
from anhuan.testing.waiting import eventually

WITHIN_S = 60.0
ROOT = Path(__file__).parents[2]


@dataclass
class Installation:
    """A data folder with one enterprise in it."""

    data: Path

    def anhuan(self, *arguments: str, lang: str = "en_US.UTF-8", expect: int = 0) -> str:
        """What a command says, errors included."""
        environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("ANHUAN_", "LC_")) and name != "DATABASE_URL"
        }
        done = subprocess.run(
            [sys.executable, "-m", "anhuan", *arguments],
            env={**environment, "ANHUAN_DATA": str(self.data), "ANHUAN_LOG_LEVEL": "error", "LANG": lang},
            capture_output=True,
            text=True,
            timeout=WITHIN_S,
            check=False,
        )
        assert done.returncode == expect, done.stdout + done.stderr
        return done.stdout + done.stderr


@pytest.fixture(scope="module")
def plant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An enterprise that was just set up, with a worker that enters its events."""
    installation = Installation(tmp_path_factory.mktemp("plant"))
    answers = ("--name", "某厂", "--slug", "plant", "--administrator", "admin", "--language", "zh")
    installation.anhuan("init", *answers, "--time-zone", "Asia/Shanghai")
    installation.anhuan("ledger", "export", str(installation.data / "early"), expect=2)
    environment = {**os.environ, "ANHUAN_DATA": str(installation.data), "ANHUAN_LOG_LEVEL": "error"}
    worker = subprocess.Popen([sys.executable, "-m", "anhuan", "worker"], env=environment)

    def entered() -> bool:
        report = json.loads(installation.anhuan("fsck", "--json"))
        return bool(report[0]["entries"] == report[0]["events"] > 0)

    try:
        eventually(entered, within_s=WITHIN_S)
        yield installation
    finally:
        worker.send_signal(signal.SIGINT)
        worker.wait(WITHIN_S)


def test_an_export_is_verified_without_a_database_and_tampering_named(plant: Installation, tmp_path: Path) -> None:
    export = tmp_path / "export"
    assert "entries" in plant.anhuan("ledger", "export", str(export))
    elsewhere = Installation(tmp_path / "auditors-own-machine")
    shutil.copy(export / "verifier-key", tmp_path / "key")
    shutil.copy(export / "checkpoint", tmp_path / "old-checkpoint")
    key, since = ("--key", str(tmp_path / "key")), ("--since", str(tmp_path / "old-checkpoint"))
    said = elsewhere.anhuan("ledger", "verify", str(export))
    assert "is sound" in said
    assert "taken from the folder" in said
    assert "could have rewritten" in said
    said = elsewhere.anhuan("ledger", "verify", str(export), *key, *since, lang="zh_CN.UTF-8")
    assert "完好" in said
    assert "承诺" in said
    assert not elsewhere.data.exists()
    (bundle,) = (export / "tile/entries").rglob("000.p/*")
    bundle.write_bytes(bundle.read_bytes().replace(b"PackPublished", b"PackPublishee", 1))
    said = elsewhere.anhuan("ledger", "verify", str(export), *key, expect=1)
    assert "was altered" in said
    told = json.loads(elsewhere.anhuan("ledger", "verify", str(export), *key, "--json", expect=1))
    assert [found["code"] for found in told["faults"]] == ["entry_altered"]
    assert "not there" in elsewhere.anhuan("ledger", "verify", str(tmp_path / "nothing"), expect=2)


def test_the_key_of_draws_is_changed_and_draws_are_audited(plant: Installation) -> None:
    assert "0 blind draws" in plant.anhuan("ledger", "draws")
    said = plant.anhuan("ledger", "rotate-draw-key")
    assert "is on record" in said
    assert "stays secret" in said
    assert json.loads(plant.anhuan("ledger", "draws", "--json", "--tenant", "plant"))["faults"] == []


def test_the_full_check_is_plain_and_says_it_by_its_exit(plant: Installation) -> None:
    assert "Everything is as its events say." in plant.anhuan("fsck")
    assert "全部与事件一致" in plant.anhuan("fsck", "--tenant", "plant", lang="zh_CN.UTF-8")
    plant.anhuan("fsck", "--tenant", "nobody", expect=2)


def test_every_fault_has_words_in_both_languages() -> None:
    zh, en = words("zh"), words("en")
    assert zh["said"].keys() == en["said"].keys()
    assert zh["faults"].keys() == en["faults"].keys()
    source = "\n".join(path.read_text() for path in (ROOT / "src/anhuan/app/fsck").glob("*.py"))
    found = set(re.findall(r'findings\.add\(\s*"([a-z_]+)"', source))
    found |= {f"{what}_{end}" for what in ("duty", "timer") for end in ("missing", "unfounded", "differs")}
    assert len(found) > 20
    assert found <= zh["faults"].keys()
    told_by_verification = {code.value for code in Code} - _NEVER_IN_A_REPORT
    assert told_by_verification <= zh["faults"].keys()


_NEVER_IN_A_REPORT = {
    *("value_not_canonical", "entry_malformed", "entry_too_large", "salt_length", "opening_differs"),
    *("size_out_of_range", "index_out_of_range", "hash_length", "edge_malformed", "tile_path_malformed"),
    *("piece_misplaced", "proof_length", "proof_wrong"),
}
"""What the library refuses when it is used wrongly."""


def test_a_fault_that_nobody_has_words_for_is_told_as_it_is() -> None:
    assert "never_heard_of" in fault("never_heard_of", {"where": 3})
    assert "case_differs" in fault("case_differs", {})
