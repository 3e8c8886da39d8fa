"""What a pack says about registers kept in Excel: which fields a row has, and the words that plants use for them.

A register is a table that somebody kept by hand. No two plants lay it out alike, so a pack gives *words*: heads that a
column may carry, values that a cell may hold, marks that mean "as above" or "nothing". Reading is left to a connector;
this module only knows the language (`import.yaml`, see docs/reference/import-words.md) and whether it is sound.
"""

from collections.abc import Iterator, Mapping
from typing import Literal

import msgspec
import yaml
from msgspec import Struct

from anhuan.packs.problems import PackInvalid, PackProblem, Params

FieldType = Literal["text", "choice", "date", "date_time", "area", "equipment", "person", "status"]

NAMED_TYPES: frozenset[str] = frozenset({"area", "equipment", "person"})
"""Fields whose cell names something that the plant has."""

DATE_TYPES: frozenset[str] = frozenset({"date", "date_time"})

STATUS = "status"
"""Stands for the row's status in `required_when`."""


class FieldWords(Struct, frozen=True, forbid_unknown_fields=True):
    """One field of a row: what its column is called and what its cells may say."""

    type: FieldType
    heads: tuple[str, ...] = ()
    """Heads of the column, the most usual one first; of a head in several rows also the joined text (`整改责任人`)."""
    required: bool = False
    required_when: dict[str, tuple[str, ...]] = {}
    """Required where all named fields (or `status`) hold one of the given values; there "none" is no answer."""
    values: dict[str, tuple[str, ...]] = {}
    """choice: each value with the words that mean it; the value itself is understood too."""
    doubtful: dict[str, str] = {}
    """choice: words of another scale that are read as a value here, and shown to a person as such."""
    otherwise: str | None = None
    """choice: the value for words that nobody knows (with a note); None: such a row comes back."""
    none_words: tuple[str, ...] = ()
    """Words that say "there is none" and so satisfy `required` (no equipment concerned)."""
    vague: tuple[str, ...] = ()
    """Words that say nothing: the row comes back."""
    min_chars: int = 0
    max_chars: int = 4000
    unknown: Literal["reject", "keep"] = "reject"
    """area, equipment, person: what becomes of a name that the plant does not have. `keep`: only the text is kept."""
    status_words: dict[str, tuple[str, ...]] = {}
    """Words in this column that tell the row's status (in a date column they are not a date, but no fault either)."""
    not_before: str | None = None
    """date, date_time: an earlier field that this one cannot precede; also tells the year of a date without one."""
    not_future: bool = False
    form: str | None = None
    """The field of the kind's form that takes the value; None: the one of the same name, where the form has it."""


class FilledRule(Struct, frozen=True, forbid_unknown_fields=True):
    """A status that a filled cell implies, where no word tells it."""

    field: str
    status: str
    unless_column: str | None = None
    """Not where the register has this column: there the word counts."""


class StatusRules(Struct, frozen=True, forbid_unknown_fields=True):
    """How the status of a row is told: by words first, then by what is filled, else the default."""

    values: tuple[str, ...] = ("open", "closed")
    default: str = "open"
    filled: tuple[FilledRule, ...] = ()


class ImportSpec(Struct, frozen=True, forbid_unknown_fields=True):
    """The whole of `import.yaml`."""

    kind: str
    """The kind of case that a row becomes."""
    fields: dict[str, FieldWords]
    identity: tuple[str, ...]
    """Fields by which two rows are the same thing, however often the register is imported."""
    serial: str | None = None
    """The field with the running number: rows pasted twice carry the same; a row with nothing else is blank."""
    status: StatusRules = StatusRules()
    live: tuple[str, ...] = ("open",)
    """Statuses of rows that become live cases; the others become history."""
    closed_at: str | None = None
    """The date field that tells when a row of history was closed."""
    whole_row: str | None = None
    """The field of the kind's form that keeps the row as it stood in the register, each cell under its head."""
    empty: tuple[str, ...] = ("/", "\\", "-", "--", "—", "——", "／", "N/A")
    """Cells that mean "nothing here"."""
    ditto: tuple[str, ...] = ("同上", "〃", "″", "''", '"', "ditto")
    """Cells that mean "as in the row above"."""
    sub_total: tuple[str, ...] = ("小计", "合计", "总计", "累计", "subtotal", "sub-total", "total")
    note: tuple[str, ...] = (
        "注",
        "备注",
        "说明",
        "填表",
        "制表",
        "编制",
        "审核",
        "批准",
        "note",
        "prepared by",
        "approved by",
    )
    """How a line below the table begins."""
    language: int = 1


IMPORT_WORDS: Mapping[str, tuple[str, str]] = {
    "not_yaml": ("不是有效的 YAML：{message}", "This is no valid YAML: {message}"),
    "not_of_the_language": ("写法不符合包语言：{message}", "The pack language does not have this: {message}"),
    "import_language_unknown": ("不认识的语言版本 {language}：请写 1。", "Language {language} is not known: write 1."),
    "import_identity_missing": (
        "identity 为空：请列出哪些字段相同即为同一行。",
        "identity is empty: list the fields by which two rows are the same thing.",
    ),
    "import_field_unknown": (
        "没有字段“{field}”：请先在 fields 中定义。",
        "There is no field {field}: define it in fields.",
    ),
    "import_kind_unknown": (
        "本包没有“{kind}”：kind 可为 {known}。",
        "The pack has no kind {kind}; it has {known}.",
    ),
    "import_status_unknown": (
        "没有状态“{status}”：请先列入 status.values。",
        "There is no status {status}: list it in status.values.",
    ),
    "import_heads_missing": ("没有表头用词：请在 heads 中至少写一个。", "There are no heads: write at least one."),
    "import_values_missing": ("选择字段没有取值：请写 values。", "A choice needs values: write them."),
    "import_value_unknown": ("取值“{value}”不在 values 中。", "Value {value} is none of values: add it there."),
    "import_word_twice": (
        "“{word}”同时指 {values}：请只留一处。",
        "“{word}” means several values ({values}): leave it at one.",
    ),
    "import_date_wanted": ("“{field}”必须是日期字段。", "{field} must be a date field."),
    "import_form_field_unknown": (
        "表单没有字段“{field}”：可用 {known}。",
        "The form has no field {field}; it has {known}.",
    ),
    "import_value_not_in_form": (
        "取值“{values}”不在表单字段“{field}”中：请两处写成一致。",
        "The form's field {field} does not have {values}: make both say the same.",
    ),
    "import_not_before_later": (
        "not_before 指的“{field}”必须是排在前面的日期字段。",
        "not_before names {field}, which must be a date field further up.",
    ),
}
"""Code -> (zh, en): what the author of a pack is told."""


def decode_import(text: str | bytes, where: str = "import.yaml") -> ImportSpec:
    """Read and check `import.yaml`. Raises PackInvalid with every fault found."""
    try:
        spec = msgspec.convert(yaml.safe_load(text), ImportSpec)
    except yaml.YAMLError as error:
        raise PackInvalid((PackProblem("not_yaml", where, {"message": str(error)}),)) from error
    except msgspec.ValidationError as error:
        raise PackInvalid((PackProblem("not_of_the_language", where, {"message": str(error)}),)) from error
    if problems := check_import(spec, where):
        raise PackInvalid(problems)
    return spec


def check_import(spec: ImportSpec, where: str = "import.yaml") -> tuple[PackProblem, ...]:
    """Every fault in a spec that decodes: unknown names, choices without values, words that mean two things."""
    faults = list(_whole_faults(spec))
    earlier: set[str] = set()
    for name, field in spec.fields.items():
        for code, params in (*_value_faults(field), *_reference_faults(field, spec, earlier)):
            faults.append((f"fields/{name}", code, params))
        earlier.add(name)
    return tuple(PackProblem(code, f"{where}/{place}", params) for place, code, params in faults)


def _whole_faults(spec: ImportSpec) -> Iterator[tuple[str, str, Params]]:
    if spec.language != 1:
        yield "language", "import_language_unknown", {"language": spec.language}
    if not spec.identity:
        yield "identity", "import_identity_missing", {}
    statuses = [("status/default", spec.status.default), *(("status/filled", r.status) for r in spec.status.filled)]
    statuses += [("live", status) for status in spec.live]
    for place, status in statuses:
        if status not in spec.status.values:
            yield place, "import_status_unknown", {"status": status}
    named = [("identity", name) for name in spec.identity]
    named += [(place, name) for place, name in (("serial", spec.serial), ("closed_at", spec.closed_at)) if name]
    for rule in spec.status.filled:
        named += [("status/filled", name) for name in (rule.field, rule.unless_column) if name]
    for place, name in named:
        if name not in spec.fields:
            yield place, "import_field_unknown", {"field": name}
    if spec.closed_at in spec.fields and spec.fields[spec.closed_at].type not in DATE_TYPES:
        yield "closed_at", "import_date_wanted", {"field": spec.closed_at}


def _value_faults(field: FieldWords) -> Iterator[tuple[str, Params]]:
    if not field.heads:
        yield "import_heads_missing", {}
    if field.type == "choice" and not field.values:
        yield "import_values_missing", {}
    for value in (*field.doubtful.values(), field.otherwise):
        if value is not None and value not in field.values:
            yield "import_value_unknown", {"value": value}
    meanings = [(word, value) for value, synonyms in field.values.items() for word in synonyms]
    seen: dict[str, str] = {}
    for word, value in (*meanings, *field.doubtful.items()):
        if word in seen and (seen[word] != value or word in field.doubtful):
            yield "import_word_twice", {"word": word, "values": [seen[word], value]}
        seen.setdefault(word, value)


def _reference_faults(field: FieldWords, spec: ImportSpec, earlier: set[str]) -> Iterator[tuple[str, Params]]:
    for status in field.status_words:
        if status not in spec.status.values:
            yield "import_status_unknown", {"status": status}
    for other in field.required_when:
        if other != STATUS and other not in spec.fields:
            yield "import_field_unknown", {"field": other}
    # Cells are read in the order of the spec, and a date without a year takes it from this field.
    before = field.not_before
    if before is not None and (before not in earlier or spec.fields[before].type not in DATE_TYPES):
        yield "import_not_before_later", {"field": before}
