"""Where the values of a register's row go in the form of the kind that it becomes, and whether they fit in."""

from collections.abc import Iterator

from anhuan.packs.forms import Form
from anhuan.packs.import_words import FieldWords, ImportSpec
from anhuan.packs.problems import PackProblem, Params


def form_field(name: str, words: FieldWords, form: Form) -> str | None:
    """The form's field that takes a field of the register; None: the form has none."""
    target = words.form or name
    return target if target in form.schema["properties"] else None


def check_against_form(spec: ImportSpec, form: Form, where: str = "import.yaml") -> tuple[PackProblem, ...]:
    """Every place where spec and form do not fit: a field or a value that the form does not have."""
    known = sorted(form.schema["properties"])
    faults: list[tuple[str, str, Params]] = []
    if spec.whole_row is not None and spec.whole_row not in known:
        faults.append(("whole_row", "import_form_field_unknown", {"field": spec.whole_row, "known": known}))
    for name, words in spec.fields.items():
        target = form_field(name, words, form)
        if target is None:
            if words.form is not None:
                faults.append((f"fields/{name}", "import_form_field_unknown", {"field": words.form, "known": known}))
        elif lacking := list(_lacking(target, words, form)):
            faults.append((f"fields/{name}", "import_value_not_in_form", {"field": target, "values": lacking}))
    return tuple(PackProblem(code, f"{where}/{place}", params) for place, code, params in faults)


def _lacking(target: str, words: FieldWords, form: Form) -> Iterator[str]:
    """Choices that a row may hold and the form's field may not."""
    part = form.schema["properties"][target]
    for value in words.values:
        if not (form.taken_over(target, value) if "x-computed" in part else value in part.get("enum", (value,))):
            yield value
