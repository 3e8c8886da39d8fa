"""`make bench`: every bench in turn, written to bench/RESULTS.md. `python -m bench reports` runs those named only."""

import os
import platform
import sys
from collections.abc import Callable, Mapping

from bench import dashboard, deadlines, forensics, importing, meeting, register, reports, rules, simulate
from bench.results import Section, write

BENCHES: Mapping[str, Callable[[], list[Section]]] = {
    "reports": lambda: [reports.measure(1), reports.measure(16)],
    "deadlines": lambda: [deadlines.measure()],
    "importing": lambda: [importing.measure()],
    "register": lambda: [register.measure()],
    "dashboard": lambda: [dashboard.measure()],
    "meeting": lambda: [meeting.measure()],
    "forensics": lambda: [forensics.measure()],
    "simulate": lambda: [simulate.measure()],
    "rules": lambda: [rules.section()],
}


def main(names: list[str]) -> None:
    """Run the named benches, or all; only a full run is written down."""
    sections = [section for name in names or BENCHES for section in BENCHES[name]()]
    if not names:
        machine = f"{os.cpu_count()} cores, Python {platform.python_version()}, {platform.machine()}."
        write(sections, machine)


if __name__ == "__main__":
    main(sys.argv[1:])
