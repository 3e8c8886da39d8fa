"""A simulation's report on a terminal: the comparison first, then what it hangs on, then everything assumed."""

from collections.abc import Mapping

import typer

from anhuan.app.figure_words import figure_name, wait_name
from anhuan.app.simulation.report import FIGURES, Report
from anhuan.cli.speech import line, say, sentence
from anhuan.ports.identity import Language

COUNTED = ("registered", "closed", "open", "deferred")
BESIDE = ("closed_unmended", "messages")
NOTHING = "–"


def tell(report: Report, language: Language) -> None:
    """The whole report."""
    typer.echo(sentence("sim_head", days=report.days, begins=report.begins_on, seed=report.seed))
    typer.echo(line("", sentence("sim_paper"), "Anhuan", sentence("sim_claimed")))
    _figures(report, language)
    _waits(report, language)
    say("sim_confidence", seeds=len(report.seeds))
    for figure in FIGURES:
        cells = (_spread(report, side, figure) for side in SIDES)
        typer.echo(line(figure_name(figure, language), *cells, widths=(18, 20)))
    _sensitivity(report, language)
    _claims(report, language)
    _assumptions(report)


SIDES = ("paper", "anhuan")
WIDE = (12, 14, 18, 20)


def _figures(report: Report, language: Language) -> None:
    claimed = {claim.figure: claim.claimed for claim in report.claims}
    for figure in (*COUNTED[:2], *FIGURES, *COUNTED[2:]):
        cells = [_shown(figure, side.get(figure)) for side in (report.paper, report.anhuan)]
        typer.echo(line(figure_name(figure, language), *cells, _shown(figure, claimed.get(figure), "")))
    for figure in BESIDE:
        typer.echo(line(sentence(f"sim_{figure}"), *(str(side[figure]) for side in (report.paper, report.anhuan))))


def _waits(report: Report, language: Language) -> None:
    say("sim_waits")
    for wait, hours in _hours(report.anhuan).items():
        typer.echo(line(f"· {wait_name(wait, language)}", "", f"{hours:.1f} h"))
    for wait, hours in _hours(report.paper).items():
        typer.echo(line(f"· {sentence(f'sim_wait_{wait}')}", f"{hours:.1f} h"))


def _hours(side: Mapping[str, object]) -> dict[str, float]:
    found = side["waited_hours"]
    return found if isinstance(found, dict) else {}


def _spread(report: Report, side: str, figure: str) -> str:
    found = report.confidence[side].get(figure)
    if found is None:
        return NOTHING
    if figure.endswith("_rate"):
        return f"{found.mean:.1%} ({found.low * 100:.0f}–{found.high * 100:.0f})"
    return f"{found.mean:.2f} ({found.low:.1f}–{found.high:.1f})"


def _sensitivity(report: Report, language: Language) -> None:
    if not report.sensitivity:
        return
    say("sim_sensitivity", seeds=len(report.sensitivity_seeds))
    heads = [*(_short(figure, language) for figure in FIGURES), sentence("sim_unmended")]
    typer.echo(line("", *heads, widths=WIDE))
    for question in (report.expected, *report.sensitivity):
        typer.echo(f"  {question.what or sentence('sim_expected')}")
        for name, side in ((sentence("sim_paper"), question.paper), ("Anhuan", question.anhuan)):
            typer.echo(line(f"  · {name}", *(_shown(key, value) for key, value in side.items()), widths=WIDE))


def _short(figure: str, language: Language) -> str:
    """A figure's name without its unit."""
    return figure_name(figure, language).partition("（")[0].partition(" (")[0]


def _claims(report: Report, language: Language) -> None:
    say("sim_claims")
    for claim in report.claims:
        key = "sim_met" if claim.met else "sim_not_met"
        reached, claimed = _shown(claim.figure, claim.reached), _shown(claim.figure, claim.claimed)
        say(key, figure=figure_name(claim.figure, language), reached=reached, claimed=claimed)


def _assumptions(report: Report) -> None:
    say("sim_assumptions")
    for assumed in report.assumptions:
        value = f"{assumed.value:g} {assumed.unit}".strip()
        typer.echo(f"  {value:>12}  [{sentence(f'sim_basis_{assumed.basis}')}] {assumed.what} · {assumed.key}")
    for sort in report.sorts:
        told = (f"{sort.repair_h:g} h", f"{sort.parts_share:.0%}", f"{sort.parts_days:g} d")
        say("sim_sort", name=sort.key, share=f"{sort.share:.0%}", repair=told[0], parts=told[1], days=told[2])
    say("sim_levels", levels=", ".join(f"{key} {share:.0%}" for key, share in report.levels.items()))
    if report.fit is not None:
        residuals = ", ".join(f"{key} {getattr(report.fit.residuals, key):+g}" for key in FIGURES)
        say("sim_fit", days=report.fit.days, seeds=len(report.fit.seeds), residuals=residuals)
    say("sim_left_out")
    for text in report.left_out:
        typer.echo(f"  · {text}")


def _shown(figure: str, value: object, nothing: str = NOTHING) -> str:
    if not isinstance(value, int | float):
        return nothing
    if figure.endswith("_rate"):
        return f"{value:.1%}"
    return f"{value:.2f}" if isinstance(value, float) else str(value)
