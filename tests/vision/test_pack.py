"""Layout packs: what is missing, altered or made for another program is refused, with what to do about it."""

import hashlib
import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.practice.themes import THEMES
from app.teach.practice_table import description, labelled, specimens
from engine.vision.learn import learn
from engine.vision.pack import LayoutPackError, digest_of, load
from tests.vision.painted import LAYOUTS, pack_of

ADVICE = "pitboss layout build"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return shutil.copytree(LAYOUTS / "felt", tmp_path / "felt")


def refused(folder: Path) -> str:
    """Why a pack is refused; the message always names the folder and the advice."""
    with pytest.raises(LayoutPackError) as found:
        load(folder)
    assert str(folder) in str(found.value)
    assert ADVICE in str(found.value)
    return str(found.value)


@pytest.mark.parametrize("theme", THEMES)
def test_the_packs_of_the_house_are_sound(theme: str) -> None:
    pack = pack_of(theme)
    assert (pack.client, pack.theme) == ("practice", theme)
    assert set(pack.texts) | set(pack.images) <= set(pack.boxes)
    assert {region.kind for region in pack.images.values()} <= set(pack.templates) & set(pack.accepted)
    assert len(pack.markers) == 4


@pytest.mark.parametrize("name", ["pack.json", "templates.npz"])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    assert "cannot be read" in refused(folder)
    shutil.rmtree(folder)
    assert "cannot be read" in refused(folder)


@pytest.mark.parametrize("name", ["pack.json", "templates.npz"])
@pytest.mark.parametrize("kept", [0, 1, 100, -1])
def test_a_truncated_file_is_refused(folder: Path, name: str, kept: int) -> None:
    whole = (folder / name).read_bytes()
    cut = whole[:kept] if kept >= 0 else whole.rstrip()[:-1]
    (folder / name).write_bytes(cut)
    refused(folder)


def test_an_altered_byte_of_the_templates_is_refused(folder: Path) -> None:
    whole = (folder / "templates.npz").read_bytes()
    chance = random.Random(1)
    for _ in range(40):
        at = chance.randrange(len(whole))
        altered = whole[:at] + bytes([whole[at] ^ (1 << chance.randrange(8))]) + whole[at + 1 :]
        (folder / "templates.npz").write_bytes(altered)
        assert "do not match their checksum" in refused(folder)


CLASSES: dict[str, Callable[[str], bool]] = {
    "digit": str.isdigit,
    "letter": str.isalpha,
    "bracket": lambda char: char in "[]{}",
    "separator": lambda char: char in ",:.",
    "quote": lambda char: char == '"',
}


@pytest.mark.parametrize("kind", CLASSES)
@pytest.mark.parametrize("put", ["7", "x", "]", ",", '"', "\\", "\x00", "\xff"])
def test_an_altered_character_of_the_description_is_refused(folder: Path, kind: str, put: str) -> None:
    whole = (folder / "pack.json").read_text()
    places = [at for at, char in enumerate(whole) if CLASSES[kind](char) and char != put]
    for at in random.Random(2).sample(places, min(6, len(places))):
        (folder / "pack.json").write_bytes((whole[:at] + put + whole[at + 1 :]).encode("latin-1"))
        refused(folder)


def test_a_pack_written_otherwise_with_the_same_content_is_the_same_pack(folder: Path) -> None:
    meta = json.loads((folder / "pack.json").read_text())
    (folder / "pack.json").write_text(json.dumps(meta, indent=4, sort_keys=False))
    assert load(folder).digest == pack_of("felt").digest


def rewritten(folder: Path, change: Callable[[dict[str, Any]], None], blob: bytes | None = None) -> None:
    """The pack with a changed description and checksums that agree with it, as another program would write it."""
    meta = json.loads((folder / "pack.json").read_text())
    del meta["pack_sha256"]
    change(meta)
    if blob is not None:
        (folder / "templates.npz").write_bytes(blob)
        meta["templates_sha256"] = hashlib.sha256(blob).hexdigest()
    meta["pack_sha256"] = digest_of(meta)
    (folder / "pack.json").write_text(json.dumps(meta))


def test_another_schema_is_refused_before_anything_else(folder: Path) -> None:
    rewritten(folder, lambda meta: meta.update(schema=2))
    assert "not of schema 1" in refused(folder)
    (folder / "pack.json").write_text("[]")
    assert "not of schema 1" in refused(folder)


CHANGES: dict[str, Callable[[dict[str, Any]], Any]] = {
    "no boxes": lambda meta: meta.pop("boxes"),
    "a box of three": lambda meta: meta["boxes"].update(pot=[1, 2, 3]),
    "boxes in a list": lambda meta: meta.update(boxes=[]),
    "a design of one": lambda meta: meta.update(design=[1280]),
    "a kind without templates": lambda meta: meta["templates"].update(chips={"size": [4, 4], "names": ["x"]}),
    "an unknown region": lambda meta: meta["images"].update({"seat.9.status": "status"}),
    "a colour of two": lambda meta: meta["texts"]["pot"]["looks"][0].update(ink=[1, 2]),
    "a word for a limit": lambda meta: meta["accepted"].update(board=["much", 1]),
    "too few names": lambda meta: meta["templates"]["board"]["names"].pop(),
    "no markers": lambda meta: meta.update(markers=None),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_pack_that_agrees_with_itself_and_is_senseless_is_refused(folder: Path, change: str) -> None:
    rewritten(folder, lambda meta: CHANGES[change](meta))
    assert "is damaged" in refused(folder)


@pytest.mark.parametrize("blob", [b"", b"not an archive", b"PK\x03\x04 half of one"])
def test_templates_that_are_no_archive_are_refused(folder: Path, blob: bytes) -> None:
    rewritten(folder, lambda meta: None, blob)
    assert "is damaged" in refused(folder)


@pytest.mark.e2e
@pytest.mark.usefixtures("qapp")
def test_the_same_pictures_teach_the_same_pack_byte_for_byte(tmp_path: Path) -> None:
    frames = [
        labelled(view, THEMES["felt"], width, height, look)
        for width, height in ((1120, 700), (760, 475))
        for view, look in specimens()
    ]
    accepted = [learn(description("felt"), iter(frames), tmp_path / name) for name in ("one", "two")]
    assert accepted[0] == accepted[1]
    for name in ("pack.json", "templates.npz"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    assert load(tmp_path / "one").digest == load(tmp_path / "two").digest
    assert {kind for kind, (limit, margin) in accepted[0].items() if limit <= 0 or margin <= 0} == set()
