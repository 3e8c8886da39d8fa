"""A simulated plant over 90 days by the command that people use: database, other seeds and sensitivity together."""

import json
import subprocess
import sys
import time

from bench.results import Section

DAYS = 90


def measure() -> Section:
    """The figures."""
    section = Section(
        "Simulated plant",
        f"`anhuan simulate-plant --days {DAYS}`: one seed through the database, more in memory beside it.",
    )
    print(section.title, flush=True)
    command = [sys.executable, "-m", "anhuan", "simulate-plant", "--days", str(DAYS), "--json"]
    begun = time.perf_counter()
    done = subprocess.run(command, capture_output=True, check=False)
    spent_s = time.perf_counter() - begun
    if done.returncode:
        raise SystemExit(done.stderr.decode())
    found = json.loads(done.stdout)
    section.add("decisions in the database", f"{found['anhuan']['decisions']:,}")
    section.add("time", f"{spent_s:.1f} s", "at most 60 s", spent_s <= 60)
    return section


if __name__ == "__main__":
    measure()
