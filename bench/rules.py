"""What the guards around tables and forms cost: ratios to the bare engine in the same process.

Run alone with `python -m bench.rules`; `measure` gives the figures to whoever writes the results down.
"""

import json
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import zen
from bench.results import Section

from anhuan.packs.computed import compile_computed
from anhuan.packs.forms import compile_form
from anhuan.packs.tables import compile_table

PACK = Path(__file__).parents[1] / "packs" / "finding"
ROUNDS = 7
CALLS = 4_000


def per_second(call: Callable[[], object]) -> float:
    """Calls per second, the median of several rounds."""
    rates = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        for _ in range(CALLS):
            call()
        rates.append(CALLS / (time.perf_counter() - start))
    return statistics.median(rates)


def measure() -> dict[str, float]:
    """Tables and forms per second, and tables as a share of the unguarded engine on the same file."""
    text = (PACK / "tables" / "rectifiers.json").read_text()
    table = compile_table("rectifiers", json.loads(text), "bench")
    content = zen.ZenDecisionContent(text)
    engine = zen.ZenEngine({"loader": lambda _: content})
    inputs = {"category": "environment", "risk_level": "yellow"}
    computed = compile_computed("risk_level", json.loads((PACK / "computed" / "risk_level.json").read_text()), "bench")
    schema = json.loads((PACK / "forms" / "report.json").read_text())
    form = compile_form("report", schema, "bench", {"risk_level": computed})
    report = {
        "description": "Light curtain of press 3 is bridged, a hand can reach the die while it runs",
        "category": "mechanical",
        "area": "area-press",
        "equipment": "eq-P1-300T",
        "risk": {"method": "lec", "factors": {"l": 3, "e": 6, "c": 15}},
    }
    guarded = per_second(lambda: table(inputs))
    bare = per_second(lambda: engine.evaluate("rectifiers", inputs))
    return {
        "tables_per_second": guarded,
        "tables_of_bare_engine": guarded / bare,
        "forms_per_second": per_second(lambda: form(report, complete=True)),
        "intakes_per_second": per_second(lambda: form(report, complete=False)),
    }


def section() -> Section:
    """The figures as a section of the results."""
    found = Section("Tables and forms", "What the guards around the rules engine cost, beside the bare engine.")
    print(found.title, flush=True)
    figures = measure()
    found.add("tables answered per second", f"{figures['tables_per_second']:,.0f}")
    found.add("share of the bare engine", f"{figures['tables_of_bare_engine']:.2f}")
    found.add("reports judged per second", f"{figures['forms_per_second']:,.0f}")
    return found


if __name__ == "__main__":
    section()
