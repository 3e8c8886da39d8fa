"""Guessing how a sheet is laid out: where the head stands, and which column holds which field.

Every block of rows near the top is tried as the head; for each the fields are assigned to columns as a whole, scored by
the head's words and by what stands below it. A guess that a person should confirm is said so, with its alternatives.
"""

import hashlib
import re
from collections.abc import Mapping as MappingOf
from collections.abc import Sequence

import msgspec

from anhuan.connectors.excel.assign import best_assignment
from anhuan.connectors.excel.dates import DateFault, read_date
from anhuan.connectors.excel.folding import cell_text, column_index, fold, fold_head, letters
from anhuan.connectors.excel.heads import HeadWords, Path, head_paths, written
from anhuan.packs.import_words import DATE_TYPES, FieldWords, ImportSpec
from anhuan.ports.registers import Alternative, Cell, ColumnGuess, Layout, Mapping, Problem, Sheet, Workbook

HEAD_SEARCH_ROWS = 40
HEAD_DEPTH_MAX = 4
SAMPLE_ROWS = 200
HEADS_MIN = 2
"""So many heads must be recognised before rows are taken for a head."""
SURE = 0.8
"""Below this a guess is to be confirmed."""
NEAR = 0.12
"""An alternative this close makes a guess ambiguous."""
_HEAD_WEIGHT = 0.75
_UNNAMED_WEIGHT = 0.5
_UNNAMED_FIT_MIN = 0.8
_MISFIT = 0.25
_MISFIT_FACTOR = 0.6
_WEAK_HEAD = 0.45
_DEPTH_COST = 0.01

_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")


_Sample = tuple[Cell, ...]
"""The filled cells of a column, a few hundred at most."""


def choose_layout(book: Workbook, spec: ImportSpec, mapping: Mapping | None = None) -> Layout:
    """The layout of the sheet that looks most like a register, or of the one that the mapping names."""
    wanted = [sheet for sheet in book.sheets if mapping and sheet.name == mapping.sheet]
    layouts = [guess_layout(sheet, spec, mapping) for sheet in wanted or book.sheets]
    return max(layouts, key=lambda layout: sum(column.confidence for column in layout.columns.values()))


def sheet_named(book: Workbook, name: str) -> Sheet:
    """The sheet of that name. Raises KeyError."""
    for sheet in book.sheets:
        if sheet.name == name:
            return sheet
    raise KeyError(name)


def guess_layout(sheet: Sheet, spec: ImportSpec, mapping: Mapping | None = None) -> Layout:
    """How the sheet is laid out; what the mapping says is taken as it is."""
    said = mapping or Mapping()
    words = HeadWords(spec)
    rows = _said_head(sheet, said) or _find_head(sheet, words, spec)
    paths = head_paths(sheet, *rows) if rows else tuple(() for _ in sheet.rows[0])
    below = rows[1] + 1 if rows else 0
    samples = _samples(sheet, below, len(paths))
    scores = {name: _scores(field, name, paths, samples, words, spec) for name, field in spec.fields.items()}
    fixed, problems = _said_columns(said, spec, paths)
    columns = {**_assign(scores, fixed, paths), **_fixed_guesses(fixed, paths)}
    columns = {name: columns[name] for name in spec.fields if name in columns}
    for name in said.fill_down:
        if name in columns:
            columns[name] = msgspec.structs.replace(columns[name], fill_down=True)
    layout = Layout(
        sheet=sheet.name,
        head_rows=(rows[0] + 1, rows[1] + 1) if rows else None,
        first_row=below + 1,
        columns=columns,
        heads=tuple(written(path) for path in paths),
        year=said.year or _year(sheet, rows[0] if rows else 0),
        fingerprint=fingerprint(paths),
        values=said.values,
        constants={name: text for name, text in said.constants.items() if name in spec.fields and name not in columns},
    )
    found = (*problems, *_problems(layout, spec, set(said.columns), samples))
    return msgspec.structs.replace(layout, problems=found)


def fingerprint(paths: Sequence[Path]) -> str:
    """The same for every sheet whose named columns have the same heads in the same order."""
    named = [fold_head(written(path)) for path in paths if path]
    return hashlib.sha256("\n".join(named).encode()).hexdigest()[:16]


def mapping_of(layout: Layout, spec: ImportSpec) -> Mapping:
    """The layout as a mapping: what a plant remembers once a person has confirmed it, for any sheet laid out so."""
    return Mapping(
        columns={name: layout.columns[name].column if name in layout.columns else None for name in spec.fields},
        fill_down=tuple(name for name, column in layout.columns.items() if column.fill_down),
        values=layout.values,
        constants=layout.constants,
    )


# --- the head


def _said_head(sheet: Sheet, said: Mapping) -> tuple[int, int] | None:
    if said.head_rows is None:
        return None
    first, last = said.head_rows
    inside = 1 <= first <= last <= len(sheet.rows)
    return (first - 1, last - 1) if inside else None


def _find_head(sheet: Sheet, words: HeadWords, spec: ImportSpec) -> tuple[int, int] | None:
    """The block of rows whose texts fit the fields best as a whole."""
    best: tuple[float, tuple[int, int]] | None = None
    limit = min(HEAD_SEARCH_ROWS, len(sheet.rows))
    for top in range(limit):
        if not _may_be_head(sheet.rows[top]):
            continue
        for bottom in range(top, min(top + HEAD_DEPTH_MAX, len(sheet.rows))):
            if not _may_be_head(sheet.rows[bottom]) and bottom > top:
                break
            paths = head_paths(sheet, top, bottom)
            table = [[words.score(name, path) for path in paths] for name in spec.fields]
            taken = [table[row][column] for row, column in best_assignment(table).items()]
            recognised = [score for score in taken if score >= _WEAK_HEAD]
            worth = sum(recognised) - _DEPTH_COST * (bottom - top)
            if len(recognised) >= HEADS_MIN and (best is None or worth > best[0]):
                best = (worth, (top, bottom))
    return _whole_head(sheet, *best[1]) if best else None


def _whole_head(sheet: Sheet, top: int, bottom: int) -> tuple[int, int]:
    """A head reaches as far down as the cells that are merged with it, whether or not the last row says more."""
    reaches = [span.bottom for span in sheet.spans if top <= span.top <= bottom < span.bottom < top + HEAD_DEPTH_MAX]
    return top, max(reaches, default=bottom)


def _may_be_head(row: Sequence[Cell]) -> bool:
    """Only texts, and at least one."""
    filled = [cell for cell in row if cell != ""]
    return bool(filled) and all(isinstance(cell, str) for cell in filled)


def _year(sheet: Sheet, above: int) -> int | None:
    texts = [cell_text(cell) for row in sheet.rows[:above] for cell in row if isinstance(cell, str)]
    for text in (*texts, sheet.name):
        if found := _YEAR.search(text):
            return int(found[1])
    return None


# --- the columns


def _samples(sheet: Sheet, below: int, width: int) -> tuple[_Sample, ...]:
    rows = sheet.rows[below : below + SAMPLE_ROWS]
    return tuple(tuple(row[column] for row in rows if row[column] != "") for column in range(width))


def _scores(
    field: FieldWords,
    name: str,
    paths: Sequence[Path],
    samples: Sequence[_Sample],
    words: HeadWords,
    spec: ImportSpec,
) -> list[float]:
    marks = {fold(word) for word in (*spec.empty, *spec.ditto)}
    known = {fold(word) for group in (field.values, field.status_words) for said in group.values() for word in said}
    known |= {fold(word) for word in (*field.values, *field.doubtful, *field.none_words)}
    scores: list[float] = []
    for path, sample in zip(paths, samples, strict=True):
        head = words.score(name, path)
        fit = _fit(field, sample, marks, known)
        if fit is None:
            scores.append(head)
        elif path:
            # The head leads; what stands below may speak against it, and decides between like heads.
            together = _HEAD_WEIGHT * head + (1 - _HEAD_WEIGHT) * fit if head else 0.0
            scores.append(together if fit > _MISFIT else together * _MISFIT_FACTOR)
        elif fit >= _UNNAMED_FIT_MIN and (field.required or field.type not in DATE_TYPES):
            # Any date fits any date field: without a head only one that must be there is looked for.
            scores.append(fit * _UNNAMED_WEIGHT)
        else:
            scores.append(0.0)
    return scores


def _fit(field: FieldWords, sample: _Sample, marks: set[str], known: set[str]) -> float | None:
    """The share of cells that this field could hold; None where the cells cannot tell."""
    cells = [cell for cell in sample if not (isinstance(cell, str) and fold(cell) in marks)]
    if not cells or field.type not in (*DATE_TYPES, "choice", "status"):
        return None
    texts = [fold(cell_text(cell)) for cell in cells]
    if field.type in DATE_TYPES:
        fits = [
            text in known or not isinstance(read_date(cell), DateFault) for cell, text in zip(cells, texts, strict=True)
        ]
    else:
        fits = [text in known for text in texts]
    return sum(fits) / len(fits)


def _assign(
    scores: MappingOf[str, list[float]], fixed: MappingOf[str, int | None], paths: Sequence[Path]
) -> dict[str, ColumnGuess]:
    taken = set(fixed.values())
    names = [name for name in scores if name not in fixed]
    least = _WEAK_HEAD * _HEAD_WEIGHT
    table = [
        [0.0 if column in taken or score < least else score for column, score in enumerate(scores[name])]
        for name in names
    ]
    chosen = {names[row]: column for row, column in best_assignment(table).items()}
    guesses: dict[str, ColumnGuess] = {}
    for name, column in chosen.items():
        others = sorted(
            (
                Alternative(letters(other), written(paths[other]), round(score, 2))
                for other, score in enumerate(scores[name])
                if other != column and score >= _WEAK_HEAD and score > scores[name][column] - 0.3
            ),
            key=lambda alternative: -alternative.confidence,
        )
        confidence = round(scores[name][column], 2)
        guesses[name] = ColumnGuess(letters(column), written(paths[column]), confidence, tuple(others[:3]))
    return guesses


def _said_columns(
    said: Mapping, spec: ImportSpec, paths: Sequence[Path]
) -> tuple[dict[str, int | None], tuple[Problem, ...]]:
    fixed: dict[str, int | None] = {}
    problems: list[Problem] = []
    by_head = {fold_head(written(path)): column for column, path in enumerate(paths) if path}
    for name, column in said.columns.items():
        if name not in spec.fields:
            problems.append(Problem("mapped_field_unknown", {"field": name}, "stops"))
        elif column is None:
            fixed[name] = None
        else:
            index = by_head.get(fold_head(column), column_index(column))
            if index is None or index >= len(paths):
                problems.append(Problem("mapped_column_unknown", {"field": name, "column": column}, "stops"))
            else:
                fixed[name] = index
    return fixed, tuple(problems)


def _fixed_guesses(fixed: MappingOf[str, int | None], paths: Sequence[Path]) -> dict[str, ColumnGuess]:
    return {
        name: ColumnGuess(letters(column), written(paths[column]), 1.0)
        for name, column in fixed.items()
        if column is not None
    }


# --- what a person should look at


def _problems(layout: Layout, spec: ImportSpec, said: set[str], samples: Sequence[_Sample]) -> list[Problem]:
    problems: list[Problem] = []
    if layout.head_rows is None:
        problems.append(Problem("head_not_found", {"sheet": layout.sheet}, "stops"))
    for name, field in spec.fields.items():
        guess = layout.columns.get(name)
        if guess is None:
            if name not in layout.constants and (field.required or field.required_when or name in spec.identity):
                params: dict[str, object] = {"field": name, "heads": list(field.heads[:3])}
                problems.append(Problem("column_missing", params, "stops" if field.required else "tell"))
        elif name not in said:
            problems.extend(_doubts(name, guess))
    used = {column_index(guess.column) for guess in layout.columns.values()}
    for column, head in enumerate(layout.heads):
        if head and column not in used and samples[column]:
            problems.append(Problem("column_unused", {"column": letters(column), "head": head}, "tell"))
    return problems


def _doubts(name: str, guess: ColumnGuess) -> list[Problem]:
    params: dict[str, object] = {"field": name, "column": guess.column, "head": guess.head}
    near = [other for other in guess.alternatives if other.confidence > guess.confidence - NEAR]
    if near:
        others = [f"{other.column} {other.head}" for other in near]
        return [Problem("column_ambiguous", {**params, "others": others})]
    if not guess.head:
        return [Problem("column_guessed_from_cells", params)]
    if guess.confidence < SURE:
        return [Problem("column_uncertain", params)]
    return []
