"""A small good pack as data, for tests that break it in one place at a time."""

import json
from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

import yaml

from anhuan.packs.check import check_pack
from anhuan.packs.checks.words import word_keys
from anhuan.packs.compile import Pack, compile_pack
from anhuan.packs.problems import PackProblem

Parts = dict[str, Any]
"""Path in the pack -> what is written there, decoded."""
Edit = Callable[[Parts], object]


def text_field(order: int, **more: Any) -> dict[str, Any]:
    return {"type": "string", "maxLength": 200, "x-widget": "text", "x-order": order, **more}


def form(**fields: Any) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "properties": fields}


def table(inputs: Parts, outputs: Parts, *rows: tuple[str, ...]) -> dict[str, Any]:
    """A table whose rows name, column by column, their cells; the last one is the default."""
    names = [*inputs, *outputs]
    rules = [
        {"_id": f"r{n}", "_source": "house", **dict(zip(names, row, strict=True))} for n, row in enumerate(rows, 1)
    ]
    content = {
        "hitPolicy": "first",
        "inputs": [{"id": name, "name": name, "field": name} for name in inputs],
        "outputs": [{"id": name, "name": name, "field": name} for name in outputs],
        "rules": rules,
    }
    at = {"x": 0, "y": 0}
    return {
        "x-inputs": inputs,
        "x-outputs": outputs,
        "x-default": f"r{len(rows)}",
        "x-sources": {"house": {"basis": "house", "text": "Rules of the plant"}},
        "contentType": "application/vnd.gorules.decision",
        "nodes": [
            {"id": "i", "type": "inputNode", "name": "i", "position": at},
            {"id": "t", "type": "decisionTableNode", "name": "t", "position": at, "content": content},
            {"id": "o", "type": "outputNode", "name": "o", "position": at},
        ],
        "edges": [
            {"id": "e1", "sourceId": "i", "targetId": "t", "type": "edge"},
            {"id": "e2", "sourceId": "t", "targetId": "o", "type": "edge"},
        ],
    }


KIND = """
number: {prefix: LK}
raised_by: [report]
form: report
title: what
subject: {area: area}
intake:
  - {enter: sort, when: incomplete}
  - {enter: mend}
stages:
  sort:
    duties:
      sort: {deed: acknowledge, who: "post:clerk", within: PT8H, otherwise: up}
    then: {done: intake}
  mend:
    duties:
      accept: {deed: acknowledge, who: {table: receivers}, within: PT2H, otherwise: up}
      mend:
        deed: perform
        who: ["team:fitters"]
        form: mend
        prove: [before, after]
        compare: [before, after]
        within: {table: deadlines}
        otherwise: up
        after: [accept]
        of_case: true
    then: {done: check}
  check:
    duties:
      desk:
        deed: verify
        who: {draw: {competent_for: leak, cap: 3, fallback: "post:head@plant"}}
        when: {table: deadlines, says: looked_at}
        within: P1D
        otherwise: up
        blind: true
        never: [actors]
        outcomes: [pass, fail, decline]
      site:
        deed: verify
        who: {first_of: [finder, "post:officer"]}
        within: P1D
        otherwise: up
        outcomes: [pass, fail]
    then: {pass: "close:mended", fail: mend}
  wait:
    duties:
      resume: {deed: acknowledge, who: "post:clerk", within: {until: until}, otherwise: up}
      look: {deed: acknowledge, who: "post:clerk", within: P7D, every: P7D, gates: false, otherwise: up}
    then: {done: mend}
moves:
  more_time:
    asked_by: [holders]
    duties: [mend]
    form: delay
    effect: {reschedule: until}
    approve: &decide
      {deed: approve, who: "post:officer@plant", within: PT8H, otherwise: up, outcomes: [approve, refuse]}
    arbiter: "post:head@plant"
    arbiter_from: 3
  hand_over:
    asked_by: [holders]
    duties: [accept, mend]
    form: hand_over
    effect: {reassign: to}
  defer:
    asked_by: [holders]
    duties: [mend]
    form: delay
    effect: {enter: wait}
    approve: *decide
  reopen:
    asked_by: [anyone]
    on_closed: true
    effect: {enter: mend}
opens:
  mend: {kind: leak, each: found, form: {what: "{point}", area: $case.area}}
recurrence:
  - {same: [area], within: P30D, enter: mend, closed_as: [mended]}
"""

LADDERS = """
ladders:
  up:
    repeat: P1D
    rungs:
      - {key: remind, at: 50%, to: [holders]}
      - {key: late, at: 100%, to: [holders, leader]}
      - {key: head, after: PT4H, to: ["post:head@plant"]}
"""


def good() -> Parts:
    """The pack with nothing wrong in it; words are made up for every key that it needs."""
    instant = {"type": "string", "format": "date-time", "x-widget": "date_time"}
    found = {
        "type": "array",
        "maxItems": 9,
        "x-widget": "choices",
        "x-order": 2,
        "items": {"type": "object", "additionalProperties": False, "properties": {"point": text_field(1)}},
    }
    photos = {
        slot: {"x-widget": "photos", "maxItems": 9, "x-order": n} for n, slot in enumerate(("before", "after"), 7)
    }
    urgent = {"type": "boolean", "x-widget": "boolean", "x-order": 3}
    place = text_field(2, **{"x-widget": "area"})
    return {
        "pack.yaml": {"language": 1, "name": "leaks", "version": "1", "kinds": ["leak"]},
        "kinds/leak.yaml": yaml.safe_load(KIND),
        "ladders.yaml": yaml.safe_load(LADDERS),
        "forms/report.json": {**form(what=text_field(1), area=place, urgent=urgent), "required": ["what", "area"]},
        "forms/mend.json": {**form(how=text_field(1), found=found), "x-proofs": photos},
        "forms/delay.json": {**form(until={**instant, "x-order": 1}, why=text_field(2)), "required": ["until"]},
        "forms/hand_over.json": form(to=text_field(1, **{"x-widget": "party"})),
        "tables/receivers.json": table(
            {"urgent": {"type": "boolean", "optional": True}},
            {"parties": {"type": "array", "format": "party", "strictest": "superset"}},
            ("true", "['post:officer', 'post:clerk']"),
            ("", "['post:officer', 'post:clerk']"),
        ),
        "tables/deadlines.json": table(
            {"urgent": {"type": "boolean", "optional": True}},
            {
                "within": {"type": "string", "format": "duration", "strictest": "shortest"},
                "looked_at": {"type": "boolean", "strictest": "true"},
            },
            ("false", "'P3D'", "false"),
            ("", "'PT8H'", "true"),
        ),
    }


def files(parts: Parts, words: Mapping[str, Mapping[str, str]] | None = None) -> dict[str, str]:
    """The pack's files as text."""
    spelt = {path: json.dumps(part) if path.endswith("json") else yaml.safe_dump(part) for path, part in parts.items()}
    for language in ("zh", "en"):
        spelt[f"words/{language}.yaml"] = yaml.safe_dump(dict((words or {}).get(language, {})), allow_unicode=True)
    return spelt


def worded(parts: Parts) -> Pack:
    """The pack compiled, with a word for every key that it needs."""
    keys = word_keys(compile_pack(files(parts)))
    return compile_pack(files(parts, {"zh": dict.fromkeys(keys, "漏"), "en": dict.fromkeys(keys, "Leak")}))


def faults(edit: Edit) -> tuple[PackProblem, ...]:
    """What the checker finds in the good pack after one edit."""
    parts = deepcopy(good())
    edit(parts)
    return check_pack(worded(parts))
