"""The command `anhuan`: one sub-command for each thing that a person does from a terminal."""

import typer

from anhuan.cli import demo, fsck, imports, ledger, packs, reports, serving, simulation, statistics, tenants

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Anhuan 安环: safety work that cannot be dropped.",
)
app.command("run")(serving.run)
app.command("serve")(serving.serve)
app.command("worker")(serving.worker)
app.command("init")(tenants.init)
app.command("import")(imports.import_register)
app.command("fsck")(fsck.fsck)
app.command("stats")(statistics.stats)
app.command("simulate-plant")(simulation.simulate_plant)
app.add_typer(demo.app, name="demo")
app.add_typer(ledger.app, name="ledger")
app.add_typer(packs.app, name="pack")
app.add_typer(reports.app, name="report")
