"""Zip files from anybody: what is good comes out whole, what is hostile writes nothing anywhere."""

import io
import warnings
import zipfile

import pytest

from courses.importing import unpacking
from lms.kit.refusal import Refused
from tests.courses.importing import zips


@pytest.fixture(autouse=True)
def speaking_english(app):
    with app.test_request_context(headers={"Accept-Language": "en"}):
        yield


def unpacked(content: bytes, tmp_path) -> dict[str, bytes]:
    file, folder = tmp_path / "sent.zip", tmp_path / "inside" / "course"
    file.write_bytes(content)
    with file.open("rb") as stream:
        unpacking.look_through(stream)
    unpacking.unpack_into(file, folder)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def refused(content: bytes, tmp_path) -> str:
    """What is said, at the look and at the unpacking; nothing lies outside the folder."""
    file = tmp_path / "sent.zip"
    file.write_bytes(content)
    with pytest.raises(Refused) as seen, file.open("rb") as stream:
        unpacking.look_through(stream)
    with pytest.raises(Refused) as met:
        unpacking.unpack_into(file, tmp_path / "inside" / "course")
    assert met.value.sentence == seen.value.sentence
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [file]
    return seen.value.sentence


def test_files_come_out_as_they_went_in(tmp_path):
    content = zips.zipped({**zips.COURSE, "images/그림.png": b"\x89PNG"})
    found = unpacked(content, tmp_path)
    assert found["images/그림.png"] == b"\x89PNG"
    assert found.keys() == {*zips.COURSE, "images/그림.png"}


def test_hidden_files_and_those_of_a_mac_stay_out(tmp_path):
    content = zips.zipped({"a.md": "a", ".git/config": "x", "b/.DS_Store": "x", "__MACOSX/._a.md": "x"})
    assert unpacked(content, tmp_path).keys() == {"a.md"}


@pytest.mark.parametrize("encoding", ["utf-8", "cp949"])
def test_names_that_do_not_say_their_encoding_are_read_as_korean_systems_write_them(tmp_path, encoding):
    assert unpacked(zips.renamed("강의/첫째.md".encode(encoding)), tmp_path).keys() == {"강의/첫째.md"}


def test_names_are_composed(tmp_path):
    assert unpacked(zips.entry("\u1100\u1161.md"), tmp_path).keys() == {"가.md"}


def test_backslashes_are_folders(tmp_path):
    assert unpacked(zips.renamed(b"one\\two.md"), tmp_path).keys() == {"one/two.md"}


@pytest.mark.parametrize(
    "name", ["../out.md", "a/../../out.md", "/etc/out.md", "C:/out.md", "..\\out.md", "a/..", "//host/out.md"]
)
def test_nothing_leads_out_of_the_folder(tmp_path, name):
    assert "leads out of its folder" in refused(zips.renamed(name.encode()), tmp_path)


@pytest.mark.parametrize("kind", [zips.LINK, 0o010644 << 16, 0o020644 << 16])
def test_links_and_devices_are_not_taken(tmp_path, kind):
    assert "is a link" in refused(zips.entry("picture.png", b"/etc/passwd", attributes=kind), tmp_path)


@pytest.mark.parametrize("name", ["a" * 201, "/".join("a" * 21), "a\x01b"])
def test_names_that_no_file_can_have(tmp_path, name):
    assert "cannot be used" in refused(zips.entry(name), tmp_path)


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04", b"%PDF-1.7", b"\0" * 5000, zips.zipped(zips.COURSE)[:-30]], ids=len
)
def test_what_is_no_zip(tmp_path, content):
    assert "no zip file" in refused(content, tmp_path)


def test_an_empty_zip(tmp_path):
    assert "holds no files" in refused(zips.zipped({}), tmp_path)


def test_a_zip_with_a_password(tmp_path):
    assert "password" in refused(zips.entry("a.md", flags=1), tmp_path)


def test_the_same_name_twice(tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w") as archive:
            archive.writestr("a.md", "one"), archive.writestr("./a.md", "two")
    assert "a.md twice" in refused(made.getvalue(), tmp_path)


def test_a_file_that_is_a_folder_too(tmp_path):
    assert "as a file and as a folder" in refused(zips.zipped({"a": "x", "a/b.md": "x"}), tmp_path)


def test_a_bomb_of_zeros(tmp_path):
    bomb = zips.zipped({"zeros.md": bytes(unpacking.RATIO_COUNTS_FROM + 1)})
    assert len(bomb) < 20_000
    assert "100 times its size" in refused(bomb, tmp_path)


def test_a_whole_that_is_too_large(tmp_path, monkeypatch):
    monkeypatch.setattr(unpacking, "LARGEST_WHOLE", 1 << 20)
    content = zips.zipped({"a.bin": bytes(range(256)) * 5000}, compressed=zipfile.ZIP_STORED)
    assert "larger than 1 MB" in refused(content, tmp_path)


def test_too_many_files(tmp_path):
    many = zips.zipped({f"{number}.md": "" for number in range(unpacking.MOST_FILES + 1)})
    assert "more than 5,000 files" in refused(many, tmp_path)


def test_a_list_of_files_that_is_too_long_is_not_even_read(tmp_path):
    claiming = bytearray(zips.zipped({"a.md": "a"}))
    claiming[-10:-6] = (unpacking.LARGEST_DIRECTORY + 1).to_bytes(4, "little")
    assert "more than 5,000 files" in refused(bytes(claiming), tmp_path)


def test_a_claim_that_lies_stops_at_what_was_claimed(tmp_path):
    """The list says ten bytes, the content unpacks to a million: no more than ten are written, and it is told as damage."""
    content = bytearray(zips.zipped({"a.md": bytes(1_000_000)}))
    at = content.index(b"PK\x01\x02") + 24
    content[at : at + 4] = (10).to_bytes(4, "little")
    file, folder = tmp_path / "sent.zip", tmp_path / "inside"
    file.write_bytes(content)
    with pytest.raises(Refused, match="damaged"):
        unpacking.unpack_into(file, folder)
    assert sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) <= 10


def test_damage_is_told_with_the_name_of_the_file(tmp_path):
    content = bytearray(zips.zipped({"a.md": "text " * 100}, compressed=zipfile.ZIP_STORED))
    content[60] ^= 0xFF
    file = tmp_path / "sent.zip"
    file.write_bytes(content)
    with pytest.raises(Refused, match=r"a\.md in the zip is damaged"):
        unpacking.unpack_into(file, tmp_path / "inside")
