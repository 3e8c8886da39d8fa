"""The running server against its own contract: whatever may be sent by the document, no answer is a fault of ours."""

import re
import subprocess
from pathlib import Path

from plant_under_load import plant_under_load

SCHEMATHESIS = Path(__file__).parents[2] / ".venv" / "bin" / "schemathesis"
ENOUGH = 200
"""Calls, or it would prove little."""
LEFT_OUT = ("/api/v1/live", "/api/v1/packs", "/api/v1/packs/check")
"""A stream that never ends, and two bodies that are zip files; each has tests of its own."""


async def test_nothing_that_the_contract_allows_makes_the_server_fail(tmp_path: Path) -> None:
    async with plant_under_load(tmp_path) as plant:
        cookies = "; ".join(f"{name}={value}" for name, value in plant.cookies.items())
        command = [str(SCHEMATHESIS), "run", f"{plant.address}/openapi.json", "--no-color", "--seed", "7"]
        command += ["--phases", "fuzzing", "--max-examples", "8", "--checks", "not_a_server_error"]
        command += ["-H", f"Cookie: {cookies}", "-H", f"X-CSRF-Token: {plant.headers['X-CSRF-Token']}"]
        command += [
            "--exclude-path-regex",
            "/sessions",
            *(word for path in LEFT_OUT for word in ("--exclude-path", path)),
        ]
        done = subprocess.run(command, capture_output=True, text=True, timeout=280, check=False, cwd=tmp_path)
        assert done.returncode == 0, done.stdout[-4000:]
        generated = re.search(r"(\d+) generated, (\d+) passed", done.stdout)
        assert generated is not None
        assert int(generated[1]) == int(generated[2]) > ENOUGH
