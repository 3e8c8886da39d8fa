"""Gathers what the benches measured and writes bench/RESULTS.md: each figure with its limit and whether it is met."""

from dataclasses import dataclass, field
from pathlib import Path

RESULTS = Path(__file__).with_name("RESULTS.md")


@dataclass(frozen=True)
class Figure:
    """One measured figure."""

    what: str
    value: str
    limit: str = ""
    is_met: bool | None = None
    """None: nothing is promised of it."""


@dataclass
class Section:
    """The figures of one bench, and how they came about."""

    title: str
    how: str
    figures: list[Figure] = field(default_factory=list)

    def add(self, what: str, value: str, limit: str = "", is_met: bool | None = None) -> None:
        """Note a figure and say it at once."""
        self.figures.append(Figure(what, value, limit, is_met))
        mark = {None: "", True: "  ok", False: "  NOT MET"}[is_met]
        print(f"  {what}: {value}{f'  (limit: {limit})' if limit else ''}{mark}", flush=True)


def write(sections: list[Section], machine: str) -> None:
    """Write RESULTS.md anew."""
    lines = [
        "# Measured",
        "",
        f"Written by `make bench`. {machine} Absolute figures depend on the machine and on what else it does;",
        "ratios are taken between alternating runs of the same minute.",
    ]
    for section in sections:
        lines += [
            "",
            f"## {section.title}",
            "",
            section.how,
            "",
            "| what | measured | limit | met |",
            "|---|---|---|---|",
        ]
        met = {None: "", True: "yes", False: "**no**"}
        lines += [f"| {f.what} | {f.value} | {f.limit} | {met[f.is_met]} |" for f in section.figures]
    RESULTS.write_text("\n".join(lines) + "\n", encoding="utf-8")
