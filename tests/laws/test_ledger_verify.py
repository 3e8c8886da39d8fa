"""The verifier against planted attacks: without the key nothing passes; with the key, nothing an outsider remembers."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anhuan.ledger.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from anhuan.ledger.errors import Code, Param
from anhuan.ledger.merkle import EMPTY_ROOT
from anhuan.ledger.note import Signer
from anhuan.ledger.report import MAX_FAULTS, Report
from anhuan.ledger.tiles import make_bundle, split_bundle
from anhuan.ledger.verify import verify
from anhuan.testing.memory_log import MemoryLog

SIGNER = Signer("plant.example/ledger", bytes(range(32)))
KEY = SIGNER.verifier_key
Files = dict[str, bytes]
Said = list[tuple[Code, dict[str, Param]]]


def entry(number: int) -> bytes:
    return f'{{"entry":{number}}}'.encode()


def make(size: int) -> MemoryLog:
    return MemoryLog(SIGNER, map(entry, range(size)))


@pytest.fixture(scope="module")
def log() -> MemoryLog:
    """Three full bundles and a partial one."""
    return make(900)


@pytest.fixture(scope="module")
def tall() -> MemoryLog:
    """A log with a full tile at level 1, so that tiles hang under tiles."""
    return make(65_536 + 256 + 3)


def check(files: Files, since: Checkpoint | None = None) -> Report:
    return verify(files.get, KEY, since)


def said(report: Report) -> Said:
    return [(fault.code, fault.params) for fault in report.faults]


def codes(report: Report) -> set[Code]:
    return {fault.code for fault in report.faults}


def state(log: MemoryLog, size: int) -> Checkpoint:
    """What a witness kept of the log when it had `size` entries."""
    return open_checkpoint(MemoryLog(log.signer, log.entries[:size]).checkpoint(), KEY)


def flip(files: Files, path: str, bit: int) -> Files:
    changed = bytearray(files[path])
    changed[bit // 8] ^= 1 << bit % 8
    return {**files, path: bytes(changed)}


def rebundled(files: Files, entries: list[bytes]) -> Files:
    """The files with the bundles written anew from other entries, tiles and checkpoint as they were."""
    changed = dict(files)
    for path in (path for path in files if path.startswith("tile/entries/")):
        first = int(path[13:16]) * 256
        width = int(path.partition(".p/")[2] or 256)
        changed[path] = make_bundle(entries[first : first + width])
    return changed


# ---- sound logs


@pytest.mark.parametrize("size", [0, 1, 2, 3, 255, 256, 257, 511, 512, 900])
def test_a_sound_log_is_sound_against_every_earlier_state(size: int) -> None:
    log = make(size)
    for old in {0, 1, size // 2, 255, 256, 257, size - 1, size} & set(range(size + 1)):
        report = check(log.files(), state(log, old))
        assert said(report) == []
        assert report.sound
        assert (report.size, report.entries, report.since) == (size, size, old)
        assert report.root == log.edge.root


def test_a_tall_log_is_sound_and_says_how_far_it_is(tall: MemoryLog) -> None:
    steps: list[tuple[int, int]] = []
    report = verify(tall.files().get, KEY, state(tall, 65_600), lambda done, size: steps.append((done, size)))
    assert report.sound
    assert report.entries == report.size == 65_795
    assert report.tiles == 257 + 1 + 2 + 1
    assert steps[0] == (256, 65_795)
    assert steps[-1] == (65_795, 65_795)
    assert steps == sorted(steps)


def test_partial_tiles_may_be_gone_once_full_ones_are_there(log: MemoryLog) -> None:
    files = {**make(1100).files(), **log.files()}
    for path in ("tile/0/003.p/132", "tile/entries/003.p/132"):
        del files[path]
        assert check(files).sound


# ---- without the key: every change shows


def test_every_single_bit_of_a_small_log_counts() -> None:
    files = make(5).files()
    flips = [(path, bit) for path in files for bit in range(len(files[path]) * 8)]
    assert len(flips) > 3_000
    missed = [(path, bit) for path, bit in flips if check(flip(files, path, bit)).sound]
    assert missed == []


@settings(deadline=None, max_examples=200)
@given(st.data())
def test_a_bit_anywhere_in_a_larger_log_counts(log: MemoryLog, data: st.DataObject) -> None:
    files = log.files()
    path = data.draw(st.sampled_from(sorted(files)))
    bit = data.draw(st.integers(0, len(files[path]) * 8 - 1))
    assert not check(flip(files, path, bit)).sound


@pytest.mark.parametrize("size", [5, 900])
def test_every_file_counts(size: int) -> None:
    files = make(size).files()
    for path in files:
        cut = {**files, path: files[path][:-1]}
        longer = {**files, path: files[path] + b"\0"}
        gone = {other: content for other, content in files.items() if other != path}
        assert not check(cut).sound, path
        assert not check(longer).sound, path
        # The key was given by the caller; the copy in the folder is a convenience.
        assert check(gone).sound == (path == "verifier-key"), path


@pytest.mark.parametrize("at", [0, 255, 256, 500, 767, 768, 899])
def test_an_edited_entry_is_named(log: MemoryLog, at: int) -> None:
    entries = list(log.entries)
    entries[at] = b"edited"
    assert said(check(rebundled(log.files(), entries))) == [(Code.ENTRY_ALTERED, {"entry": at})]


@pytest.mark.parametrize(("one", "other"), [(0, 1), (3, 200), (768, 899)])
def test_two_swapped_entries_are_named(log: MemoryLog, one: int, other: int) -> None:
    entries = list(log.entries)
    entries[one], entries[other] = entries[other], entries[one]
    expected = [(Code.ENTRIES_SWAPPED, {"entry": one, "other": other})]
    assert said(check(rebundled(log.files(), entries))) == expected


def test_entries_swapped_between_bundles_are_both_named(log: MemoryLog) -> None:
    entries = list(log.entries)
    entries[10], entries[300] = entries[300], entries[10]
    assert {fault.params["entry"] for fault in check(rebundled(log.files(), entries)).faults} == {10, 300}


def test_a_removed_entry_is_named_and_what_follows_is_only_shifted(log: MemoryLog) -> None:
    report = check(rebundled(log.files(), log.entries[:100] + log.entries[101:]))
    assert said(report)[:2] == [
        (Code.ENTRY_REMOVED, {"entry": 100}),
        (Code.ENTRIES_SHIFTED, {"first": 256, "last": 511}),
    ]
    assert codes(report) == {Code.ENTRY_REMOVED, Code.ENTRIES_SHIFTED, Code.BUNDLE_COUNT}


def test_an_inserted_entry_is_named_and_what_follows_is_only_shifted(log: MemoryLog) -> None:
    report = check(rebundled(log.files(), [*log.entries[:100], b"new", *log.entries[100:]]))
    assert said(report)[0] == (Code.ENTRY_INSERTED, {"entry": 100})
    assert codes(report) == {Code.ENTRY_INSERTED, Code.ENTRIES_SHIFTED}


@pytest.mark.parametrize("at", [768, 800, 899])
def test_one_entry_less_or_more_in_a_bundle(log: MemoryLog, at: int) -> None:
    path, files = "tile/entries/003.p/132", log.files()
    entries = split_bundle(files[path])
    here = at - 768
    report = check({**files, path: make_bundle(entries[:here] + entries[here + 1 :])})
    assert said(report) == [
        (Code.BUNDLE_COUNT, {"path": path, "expected": 132, "found": 131}),
        (Code.ENTRY_REMOVED, {"entry": at}),
    ]
    report = check({**files, path: make_bundle([*entries[:here], b"new", *entries[here:]])})
    assert said(report) == [
        (Code.BUNDLE_COUNT, {"path": path, "expected": 132, "found": 133}),
        (Code.ENTRY_INSERTED, {"entry": at}),
    ]


def test_a_bundle_gone_is_named(log: MemoryLog) -> None:
    files = log.files()
    del files["tile/entries/001"]
    expected = {"path": "tile/entries/001", "first": 256, "last": 511}
    assert said(check(files)) == [(Code.BUNDLE_MISSING, expected)]


def test_a_truncated_log_does_not_pass_under_its_old_checkpoint(log: MemoryLog) -> None:
    shorter = make(800).files()
    report = check({**shorter, "checkpoint": log.checkpoint()})
    assert Code.ROOT_DIFFERS in codes(report)
    assert (Code.TILE_MISSING, {"path": "tile/0/003.p/132"}) in said(report)


def test_an_altered_tile_is_told_from_an_altered_entry(tall: MemoryLog) -> None:
    files = tall.files()
    for path in (path for path in files if path.startswith("tile/") and "entries" not in path):
        if path[7:] in ("000", "001.p/1", "000.p/1", "100", "257.p/3", "255", "256") or path[5] != "0":
            assert said(check(flip(files, path, 13))) == [(Code.TILE_ALTERED, {"path": path})], path


def test_an_entry_altered_along_with_its_tile_is_still_caught(tall: MemoryLog) -> None:
    """The entry, its leaf hash and the hash above are made to agree; the signed root does not."""
    forged = MemoryLog(SIGNER, [*tall.entries[:1000], b"forged", *tall.entries[1001:]]).files()
    files = tall.files()
    bundle, leaves, above = "tile/entries/003", "tile/0/003", "tile/1/000"
    swapped = {**files, bundle: forged[bundle], leaves: forged[leaves]}
    unprovable = (Code.ENTRIES_UNPROVABLE, {"first": 768, "last": 1023})
    expected = [(Code.TILE_ALTERED, {"path": leaves}), unprovable]
    assert said(check(swapped)) == said(check(swapped, state(tall, 768))) == expected
    unproved = (Code.HISTORY_UNPROVED, {"old": 769, "new": tall.edge.size})
    assert said(check(swapped, state(tall, 769))) == [*expected, unproved]
    swapped[above] = forged[above]
    report = check(swapped, state(tall, 2000))
    assert said(report)[:2] == [
        (Code.TILE_ALTERED, {"path": above}),
        (Code.ENTRIES_UNPROVABLE, {"first": 0, "last": 65_535}),
    ]
    assert Code.HISTORY_UNPROVED in codes(report)
    assert Code.ROOT_DIFFERS in codes(check({**forged, "checkpoint": files["checkpoint"]}))


def test_two_faults_far_apart_are_both_named(tall: MemoryLog) -> None:
    files = flip(flip(tall.files(), "tile/2/000.p/1", 0), "tile/entries/256", 40)
    assert (Code.TILE_ALTERED, {"path": "tile/2/000.p/1"}) in said(check(files))
    assert (Code.ENTRY_ALTERED, {"entry": 65_536}) in said(check(files))


def test_a_report_stays_short_and_counts_the_rest(log: MemoryLog) -> None:
    report = check(rebundled(log.files(), [b"junk"] * 900))
    assert len(report.faults) == MAX_FAULTS
    assert report.further_faults == 900 - MAX_FAULTS


def test_a_forger_without_the_key_cannot_sign(log: MemoryLog) -> None:
    forger = Signer(KEY.name, bytes(32))
    forged = MemoryLog(forger, [b"forged", *log.entries[1:]]).files()
    assert codes(check(forged)) == {Code.VERIFIER_KEY_DIFFERS, Code.NOTE_NOT_SIGNED_BY_KEY}
    other_log = Signer("another.example/ledger", bytes(range(32)))
    assert Code.NOTE_NOT_SIGNED_BY_KEY in codes(check(MemoryLog(other_log, log.entries).files()))
    assert codes(check({})) == {Code.CHECKPOINT_MISSING}


def test_a_signed_size_without_the_entries_is_refused_quickly() -> None:
    """A key holder who signs a fantastic size cannot make the verifier walk it."""
    report = check({"checkpoint": sign_checkpoint(2**63 - 1, bytes(32), SIGNER)})
    assert {Code.ROOT_DIFFERS, Code.TILE_MISSING, Code.ENTRIES_UNPROVABLE} == codes(report)
    assert report.entries == 0


# ---- with the key: only a checkpoint kept elsewhere helps

REWRITES: dict[str, Callable[[list[bytes], int], list[bytes]]] = {
    "edit": lambda entries, at: [*entries[:at], b"edited", *entries[at + 1 :]],
    "delete": lambda entries, at: [*entries[:at], *entries[at + 1 :]],
    "insert": lambda entries, at: [*entries[:at], b"back-dated", *entries[at:]],
    "swap": lambda entries, at: [*entries[:at], entries[at + 1], entries[at], *entries[at + 2 :]],
    "truncate": lambda entries, at: entries[:at],
    "replace": lambda entries, at: [*entries[:at], *(b"new" for _ in entries[at:])],
}


@pytest.mark.parametrize("rewrite", REWRITES)
@settings(deadline=None, max_examples=25)
@given(at=st.integers(0, 700), seed=st.integers(0, 999))
def test_rewriting_with_the_key_passes_alone_and_fails_against_a_kept_checkpoint(
    log: MemoryLog, rewrite: str, at: int, seed: int
) -> None:
    kept = state(log, Random(seed).randint(at + 2, 898))
    files = MemoryLog(SIGNER, REWRITES[rewrite](log.entries, at)).files()
    assert check(files).sound
    found = codes(check(files, kept))
    assert found == {Code.ROLLED_BACK if rewrite == "truncate" else Code.HISTORY_REWRITTEN}


def test_what_is_newer_than_the_kept_checkpoint_can_still_be_rewritten(log: MemoryLog) -> None:
    """The interval between checkpoints kept elsewhere is the window of exposure: say so, do not hide it."""
    files = MemoryLog(SIGNER, REWRITES["edit"](log.entries, 700)).files()
    assert check(files, state(log, 700)).sound
    assert not check(files, state(log, 701)).sound


def test_two_signed_states_of_one_size_are_a_split_view(log: MemoryLog) -> None:
    other = MemoryLog(SIGNER, REWRITES["edit"](log.entries, 3))
    assert said(check(other.files(), state(log, 900))) == [(Code.SPLIT_VIEW, {"size": 900})]


def test_a_rolled_back_log_is_named(log: MemoryLog) -> None:
    assert said(check(make(800).files(), state(log, 900))) == [(Code.ROLLED_BACK, {"old": 900, "new": 800})]
    assert said(check(make(0).files(), state(log, 1))) == [(Code.ROLLED_BACK, {"old": 1, "new": 0})]


def test_a_checkpoint_of_another_log_is_no_witness(log: MemoryLog) -> None:
    other = Checkpoint("another.example/ledger", 0, EMPTY_ROOT)
    assert codes(check(log.files(), other)) == {Code.ORIGIN_DIFFERS}


def test_a_damaged_copy_is_not_called_a_rewritten_history(log: MemoryLog) -> None:
    """An entry damaged on the way is a fault of the copy; the tree still holds what was promised."""
    entries = REWRITES["edit"](log.entries, 5)
    assert codes(check(rebundled(log.files(), entries), state(log, 800))) == {Code.ENTRY_ALTERED}
