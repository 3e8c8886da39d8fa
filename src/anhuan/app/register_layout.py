"""What people said about layouts of registers, one word laid over another."""

from msgspec import structs

from anhuan.ports.registers import Layout, Mapping


def overlaid(before: Mapping, said: Mapping, layout: Layout) -> Mapping:
    """What was said before, and over it what is said now; a column that is given away now is taken from who had it.

    `layout` is one guessed with what is said now, which knows the columns by their letters.
    """
    given = {layout.columns[name].column for name in said.columns if name in layout.columns}
    kept = {name: column for name, column in before.columns.items() if column is None or column not in given}
    values = {name: {**before.values.get(name, {}), **words} for name, words in said.values.items()}
    return Mapping(
        sheet=said.sheet or before.sheet,
        head_rows=said.head_rows or before.head_rows,
        columns={**kept, **said.columns},
        fill_down=said.fill_down or before.fill_down,
        values={**before.values, **values},
        constants={**before.constants, **said.constants},
        year=said.year or before.year,
    )


def to_remember(mapping: Mapping, said: Mapping) -> Mapping:
    """What holds for every register laid out like one: its columns and words, and where its head stands if that had to
    be said. Sheet and year are this file's own."""
    return structs.replace(mapping, head_rows=said.head_rows)
