"""A report as a sheet to be typeset: chapters become headings, amounts become texts at the right edge."""

from collections.abc import Iterator

from anhuan.ports.papers import Grid, Heading, Section, Sheet
from anhuan.ports.reports import Amount, Block, Report, Table, shown


def report_sheet(report: Report) -> Sheet:
    """The report on A4."""
    return Sheet(
        language=report.language,
        house=report.house,
        title=report.title,
        head=report.head,
        code=report.code,
        code_note=report.code_note,
        foot=f"{report.house} · {report.title}",
        page=report.page,
        sections=tuple(_sections(report)),
    )


def _sections(report: Report) -> Iterator[Section]:
    for chapter in report.chapters:
        yield Heading(title=chapter.title)
        for block in chapter.blocks:
            yield from _section(block, report)


def _section(block: Block, report: Report) -> Iterator[Section]:
    if not isinstance(block, Table):
        yield block
        return
    yield Grid(
        title=block.title,
        heads=block.heads,
        widths=block.widths,
        rows=tuple(tuple(shown(cell, report.language) for cell in row) for row in block.rows),
        empty=block.empty,
        numbers=number_columns(block),
        note=block.note,
    )


def number_columns(table: Table) -> tuple[int, ...]:
    """Places of the columns that hold amounts."""
    return tuple(
        place for place in range(len(table.heads)) if any(isinstance(row[place], Amount) for row in table.rows)
    )
