"""A case's history in words: who did what, when, and by which rule."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec

from anhuan.app.view.blind import HIDDEN, blind_events, is_hidden
from anhuan.app.view.page import Looked, row_name
from anhuan.app.view.proofs import comparison_view, file_views
from anhuan.app.view.shapes import Json, TimelineItem
from anhuan.core.case import events as e
from anhuan.core.policy import Part
from anhuan.domain.ids import CaseId, DutyNo
from anhuan.domain.party import Party, PersonParty

Told = tuple[str, dict[str, str], Json]
"""Which template, what stands in it, and details for whoever opens the entry."""
Numbers = Mapping[CaseId, str]
"""The numbers of tied cases."""


def timeline(looked: Looked, events: Iterable[e.CaseEvent], numbers: Numbers) -> list[TimelineItem]:
    """Every event in words, oldest first; for the holder of a blind check without those who acted."""
    whole = list(events)
    shown = blind_events(whole, looked.own, looked.lens.plant) if looked.blind else list(enumerate(whole, 1))
    teller = _Teller(looked, numbers)
    return [teller.item(version, event) for version, event in shown]


class _Teller:
    """Puts events into words through one lens."""

    def __init__(self, looked: Looked, numbers: Numbers) -> None:
        self._looked = looked
        self._lens = looked.lens
        self._numbers = numbers
        self._tell: Mapping[type[e.Event], Callable[[Any], Told]] = {
            e.CaseOpened: self._opened,
            e.FormRevised: self._revised,
            e.StageEntered: self._stage,
            e.TableAnswered: self._table,
            e.DutyOpened: self._duty_opened,
            e.VerifierDrawn: self._drawn,
            e.DrawFellBack: self._fell_back,
            e.DrawRevealed: self._revealed,
            e.DutyClaimed: self._claimed,
            e.DutyDischarged: self._discharged,
            e.DutyCancelled: self._cancelled,
            e.DutyReassigned: self._reassigned,
            e.DutyRescheduled: self._rescheduled,
            e.RungReached: self._rung,
            e.DutyBreached: self._breached,
            e.MoveAsked: self._asked,
            e.MoveDecided: self._decided,
            e.NoteAdded: self._noted,
            e.PaperIssued: self._paper_issued,
            e.PaperReturned: self._paper_returned,
            e.CaseLinked: self._linked,
            e.CasesCalledFor: self._called_for,
            e.CaseClosed: self._closed,
            e.CaseReopened: self._reopened,
            e.PolicyChanged: self._policy,
        }

    def item(self, version: int, event: e.CaseEvent) -> TimelineItem:
        """One event in words."""
        template, params, detail = self._tell[type(event)](event)
        hidden = self._by_hidden(event)
        who = self._lens.who(HIDDEN if hidden else event.by)
        return TimelineItem(
            version=version,
            at=event.at,
            by=None if hidden else self._lens.person(event.by),
            type=type(event).__name__,
            text=self._lens.word(f"event.{template}", who=who, **params),
            detail=detail,
        )

    def _by_hidden(self, event: e.CaseEvent) -> bool:
        """A claim would tell who checks."""
        return isinstance(event, e.DutyClaimed) and self._is_hidden(event.no)

    # --- report

    def _opened(self, event: e.CaseOpened) -> Told:
        lens = self._lens
        template = "opened"
        if event.imported:
            template = "opened_imported"
        elif event.by is None:
            template = "opened_by_system"
        elif event.finder not in (event.reporter, None):
            template = "opened_for"
        params = {"number": event.number, "title": event.title, "finder": lens.who(event.finder)}
        params["found_at"] = lens.local(event.found_at)
        return template, params, {"form": event.form, "source": event.source, "files": self._files(event.proofs)}

    def _revised(self, event: e.FormRevised) -> Told:
        return "revised", {}, {"form": event.form, "files": self._files(event.proofs)}

    def _stage(self, event: e.StageEntered) -> Told:
        lens = self._lens
        return "stage", {"stage": lens.stage(event.stage), "because": lens.because(event.because)}, {}

    def _table(self, event: e.TableAnswered) -> Told:
        lens = self._lens
        row = row_name(event, lens) or lens.word("row_number", row=str(event.row))
        params = {"table": lens.word(f"table.{event.table}"), "row": row, "version": event.version}
        params["purpose"] = lens.purpose(event.purpose)
        return "table", params, {"table": event.table, "row": event.row, "outputs": event.outputs}

    # --- duties

    def _duty_opened(self, event: e.DutyOpened) -> Told:
        lens = self._lens
        params = {"duty": lens.duty(event.key), "party": self._party(event.no, event.party)}
        template = "duty_opened" if event.part is Part.LEAD else "duty_opened_assist"
        return template, {**params, "due": lens.local(event.due_at)}, {"duty": event.no}

    def _drawn(self, event: e.VerifierDrawn) -> Told:
        params = {"duty": self._duty(event.no), "count": str(len(event.candidates))}
        params["widened"] = self._lens.word(f"widened.{event.widened}")
        detail: Json = {"duty": event.no, "draw": event.draw, "seed_commitment": event.seed_commitment}
        if self._is_hidden(event.no):
            return "drawn_hidden", params, detail
        detail |= {"candidates": list(event.candidates), "draw_key": event.draw_key, "person": event.person}
        return "drawn", {**params, "person": self._lens.who(event.person)}, detail

    def _fell_back(self, event: e.DrawFellBack) -> Told:
        return "draw_fell_back", {"duty": self._duty(event.no)}, {"duty": event.no, "draw": event.draw}

    def _revealed(self, event: e.DrawRevealed) -> Told:
        detail = {"duty": event.no, "draw": event.draw, "seed": event.seed}
        return "draw_revealed", {"duty": self._duty(event.no)}, detail

    def _claimed(self, event: e.DutyClaimed) -> Told:
        return "claimed", {"duty": self._duty(event.no)}, {"duty": event.no}

    def _discharged(self, event: e.DutyDischarged) -> Told:
        lens = self._lens
        template = "discharged_for" if event.on_behalf_of else "discharged"
        params = {"duty": self._duty(event.no), "outcome": lens.outcome(event.outcome) or ""}
        params["principal"] = lens.who(event.on_behalf_of)
        detail: Json = {"duty": event.no, "outcome": event.outcome, "form": event.form, "done_at": event.done_at}
        detail |= {"files": self._files(event.proofs), "comparison": comparison_view(event.comparison, lens)}
        detail["signed_hash"] = event.signature.signed_hash if event.signature else None
        return template, params, detail

    def _cancelled(self, event: e.DutyCancelled) -> Told:
        params = {"duty": self._duty(event.no), "because": self._lens.because(event.because)}
        return "cancelled", params, {"duty": event.no}

    def _reassigned(self, event: e.DutyReassigned) -> Told:
        params = {"duty": self._duty(event.no), "party": self._party(event.no, event.party)}
        return "reassigned", {**params, "because": self._lens.because(event.because)}, {"duty": event.no}

    def _rescheduled(self, event: e.DutyRescheduled) -> Told:
        lens = self._lens
        params = {"duty": self._duty(event.no), "due": lens.local(event.due_at), "because": lens.because(event.because)}
        return "rescheduled", params, {"duty": event.no, "due_at": event.due_at}

    def _rung(self, event: e.RungReached) -> Told:
        lens = self._lens
        told = [self._party(event.no, party) for party in event.to]
        params = {"duty": self._duty(event.no), "rung": lens.word(f"rung.{event.rung}"), "to": lens.listed(told)}
        template = f"rung_{event.because}" if told else f"rung_{event.because}_nobody"
        return template, params, {"duty": event.no, "rung": event.rung}

    def _breached(self, event: e.DutyBreached) -> Told:
        return "breached", {"duty": self._duty(event.no)}, {"duty": event.no}

    # --- moves, words, ties

    def _asked(self, event: e.MoveAsked) -> Told:
        params = {"move": self._lens.move(event.key)}
        detail: Json = {"move": event.move, "form": event.form, "duty": event.duty}
        detail["files"] = self._files(event.proofs)
        if event.duty is None:
            return "asked", params, detail
        return "asked_of_duty", {**params, "duty": self._duty(event.duty)}, detail

    def _decided(self, event: e.MoveDecided) -> Told:
        asked = self._looked.whole.moves[event.move]
        fell_away = not event.granted and "because" in event.form and event.by is None
        template = "move_granted" if event.granted else "move_fell_away" if fell_away else "move_refused"
        move = self._lens.kind.moves.get(asked.key)
        if event.granted and move is not None and move.on_closed:
            template = "move_taken_up"
        return template, {"move": self._lens.move(asked.key)}, {"move": event.move, "form": event.form}

    def _noted(self, event: e.NoteAdded) -> Told:
        template = "noted" if event.text else "noted_files"
        return template, {"text": event.text}, {"text": event.text, "files": self._files(event.proofs)}

    def _paper_issued(self, event: e.PaperIssued) -> Told:
        params = {"paper": self._lens.paper(event.paper), "number": event.number}
        return "paper_issued", params, {"paper": event.number, "sha256": event.sha256}

    def _paper_returned(self, event: e.PaperReturned) -> Told:
        issued = self._looked.whole.papers[event.number]
        params = {"paper": self._lens.paper(issued.paper), "number": event.number}
        return "paper_returned", params, {"paper": event.number, "files": self._files(event.proofs)}

    def _linked(self, event: e.CaseLinked) -> Told:
        params = {"relation": self._lens.word(f"relation.{event.relation}")}
        params["other"] = self._numbers.get(event.other, event.other)
        return "linked", params, {"relation": event.relation, "case": event.other}

    def _called_for(self, event: e.CasesCalledFor) -> Told:
        """Who is meant is told by the case that was opened, to whoever may see it; here only how many."""
        lens = self._lens
        places = [place.name for area in event.areas if (place := lens.area(area))]
        template = "called_for_capped" if event.left_out else "called_for"
        if places:
            template = "called_for_places_capped" if event.left_out else "called_for_places"
        params = {"rule": lens.opens(event.rule), "places": lens.listed(places)}
        params |= {"count": str(max(1, len(event.areas) + len(event.people))), "left_out": str(event.left_out)}
        detail: Json = {"rule": event.rule, "areas": list(event.areas), "left_out": event.left_out}
        return template, params, detail

    def _closed(self, event: e.CaseClosed) -> Told:
        lens = self._lens
        params = {"outcome": lens.outcome(event.outcome) or "", "days": f"{event.cycle_working_days:g}"}
        template = "closed_elsewhere" if event.closed_at else "closed"
        return template, {**params, "closed_at": lens.local(event.closed_at or event.at)}, {"cycle_s": event.cycle_s}

    def _reopened(self, event: e.CaseReopened) -> Told:
        return "reopened", {"because": self._lens.because(event.because)}, {}

    def _policy(self, event: e.PolicyChanged) -> Told:
        return "policy", {"version": event.version}, {}

    # --- parts of texts

    def _duty(self, no: DutyNo) -> str:
        duty = self._looked.whole.duties.get(no)
        return self._lens.duty(duty.key) if duty else str(no)

    def _is_hidden(self, no: DutyNo) -> bool:
        duty = self._looked.whole.duties.get(no)
        return duty is not None and is_hidden(duty, self._looked.own)

    def _party(self, no: DutyNo, party: Party) -> str:
        return self._lens.party(PersonParty(HIDDEN) if self._is_hidden(no) else party).text

    def _files(self, proofs: Iterable[e.Proof]) -> list[Json]:
        return [msgspec.to_builtins(view) for view in file_views(self._looked.whole.id, proofs, self._lens)]
