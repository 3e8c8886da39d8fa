"""`anhuan simulate-plant` as it is typed: what it prints, and that it leaves nothing behind."""

import json
import os
import subprocess
import sys
from pathlib import Path

RUN = ("simulate-plant", "--days", "4", "--seed", "7", "--seeds", "1", "--sensitivity", "0")


def command(tmp_path: Path, *more: str, language: str = "C.UTF-8") -> str:
    """What the command prints; its data folder and its scratch folder are the test's."""
    scratch = tmp_path / "scratch"
    scratch.mkdir(exist_ok=True)
    told = {"ANHUAN_DATA": str(tmp_path / "data"), "TMPDIR": str(scratch), "LC_ALL": language}
    environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"} | told
    done = subprocess.run(
        [sys.executable, "-m", "anhuan", *RUN, *more], env=environment, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    assert not (tmp_path / "data").exists(), "the plant's own data folder was touched"
    assert not list(scratch.iterdir()), "something was left behind"
    return done.stdout.decode()


def test_it_is_one_json_document_with_everything_in_it(tmp_path: Path) -> None:
    found = json.loads(command(tmp_path, "--json"))
    assert found["days"] == 4
    assert found["seed"] == 7
    for side in ("paper", "anhuan"):
        assert {"registered", "closed", "closure_rate", "overdue_rate", "cycle_working_days_mean"} <= set(found[side])
        assert found["confidence"][side]["closure_rate"]["low"] <= found[side]["closure_rate"]
    assert found["anhuan"]["events"] > 0
    assert {assumed["basis"] for assumed in found["assumptions"]} >= {"article", "fitted", "assumed"}
    assert found["claims_not_reached"]
    assert found["left_out"]


def test_it_is_a_table_in_the_language_of_the_terminal(tmp_path: Path) -> None:
    told = command(tmp_path, language="zh_CN.UTF-8")
    assert "纸面" in told
    assert "没有达到" in told
    assert "全部假设" in told
    assert "order_half_life_h" in told
