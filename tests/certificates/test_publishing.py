"""The kit is published by itself: at night, after each deed that ends a certificate; the doctor knows when it was not."""

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from certificates import cli, kit, publishing, replacing, revoking, status_list
from certificates.seal_models import CredentialEntry
from lms.kit import clock
from lms.kit.db import session
from lms.kit.jobs import Job
from tests.certificates.making import all_jobs, printed


@pytest.fixture
def folder(app, tmp_path, monkeypatch) -> Path:
    place = tmp_path / "published"
    monkeypatch.setitem(app.config, "KIT_FOLDER", str(place))
    return place


def is_gone(folder: Path, certificate) -> bool:
    """Whether the published list says that a certificate no longer counts."""
    index = session.get_one(CredentialEntry, certificate.id).status_index
    document = json.loads((folder / "status" / "1.json").read_text())
    in_page = json.loads((folder / "data.js").read_text().removeprefix("const KIT = ").removesuffix(";\n"))
    assert list(in_page["lists"].values()) == [document]
    return status_list.is_set(document["credentialSubject"]["encodedList"], index)


def said(settings, place) -> tuple[str, str]:
    (finding,) = publishing.findings(replace(settings, kit_folder=str(place)))
    return finding.tone, finding.sentence


def test_a_revocation_is_published_with_all_that_was_revoked_with_it(folder):
    certificates = [printed() for _each in range(3)]
    for each in certificates[:2]:
        revoking.revoke(each, each.issued_by, "Not theirs.")
    assert all_jobs() >= 2
    assert [is_gone(folder, each) for each in certificates] == [True, True, False]
    assert not list(folder.glob(f"{kit.BESIDE}*"))


def test_a_correction_is_published(folder):
    certificate = printed(name="김하늘")
    certificate.person.name = "김하늬"
    session.flush()
    replacing.correct(certificate, certificate.issued_by, "The name was wrong.")
    all_jobs()
    assert is_gone(folder, certificate)


def test_many_deeds_are_published_by_the_last_that_waits(folder, monkeypatch):
    written = []
    monkeypatch.setattr(publishing, "put", lambda place, made: written.append(place))
    for certificate in [printed() for _each in range(3)]:
        revoking.revoke(certificate, certificate.issued_by, "Not theirs.")
    all_jobs()
    assert len(written) == 1
    asked = select(Job).where(Job.task == "publish_kit")
    assert all(job.done_at for job in session.scalars(asked))


def test_what_was_revoked_while_the_kit_was_written_is_in_it(folder, monkeypatch):
    certificate = printed()
    write = kit.write

    def slowly(where, made):
        monkeypatch.setattr(kit, "write", write)
        revoking.revoke(certificate, certificate.issued_by, "Not theirs.")
        session.commit()
        write(where, made)

    monkeypatch.setattr(kit, "write", slowly)
    publishing.publish_kit()
    assert is_gone(folder, certificate)


def test_it_may_run_twice(folder):
    certificate = printed()
    publishing.publish_kit()
    publishing.publish_kit()
    assert not is_gone(folder, certificate)


def test_a_kit_that_cannot_be_made_leaves_the_old_one(app, folder, monkeypatch, tmp_path):
    printed()
    publishing.publish_kit()
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    monkeypatch.setattr(kit, "_written", broken := kit._written)
    count = iter(range(10))

    def full(path, content):
        if next(count) == 2:
            raise OSError(28, "No space left on device", str(path))
        broken(path, content)

    monkeypatch.setattr(kit, "_written", full)
    with pytest.raises(OSError, match="No space"):
        publishing.publish_kit()
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_the_doctor_knows(app, folder, settings, monkeypatch):
    assert "Set LMS_KIT_FOLDER" in said(settings, "")[1]
    assert said(settings, folder)[0] == "warn"
    done = CliRunner().invoke(cli.group, ["publish"])
    assert done.exit_code == 0, done.output
    assert said(settings, folder)[0] == "good"
    with clock.at(clock.now() + timedelta(hours=26)):
        tone, sentence = said(settings, folder)
        assert (tone, "last published" in sentence) == ("bad", True)
    (folder / kit.DATA).unlink()
    assert "not published yet" in said(settings, folder)[1]
    monkeypatch.setitem(app.config, "KIT_FOLDER", "/proc/nowhere")
    done = CliRunner().invoke(cli.group, ["publish"])
    assert (done.exit_code, "could not be published" in done.output) == (1, True)
    tone, sentence = said(settings, "/proc/nowhere")
    assert (tone, "/proc/nowhere" in sentence) == ("bad", True)


@pytest.fixture
def bucket(monkeypatch) -> Iterator[dict[str, bytes]]:
    """A store that answers as S3 does to what is put into it, and what it holds."""
    pytest.importorskip("boto3", reason="needs the extra s3")
    held: dict[str, bytes] = {}

    class Answering(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            held[self.path] = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    for name, value in {
        "AWS_ENDPOINT_URL_S3": f"http://127.0.0.1:{server.server_port}",
        "AWS_ACCESS_KEY_ID": "of-a-test",
        "AWS_SECRET_ACCESS_KEY": "of-a-test",
        "AWS_DEFAULT_REGION": "ap-northeast-2",
        "AWS_REQUEST_CHECKSUM_CALCULATION": "when_required",
        "AWS_EC2_METADATA_DISABLED": "true",
    }.items():
        monkeypatch.setenv(name, value)
    yield held
    server.shutdown()
    thread.join()
    server.server_close()


def test_it_is_published_to_a_bucket(app, bucket, monkeypatch):
    monkeypatch.setitem(app.config, "KIT_FOLDER", "s3://certificates/kit/")
    printed()
    publishing.publish_kit()
    assert {"/certificates/kit/index.html", "/certificates/kit/data.js", "/certificates/kit/status/1.json"} <= set(
        bucket
    )
    assert bucket["/certificates/kit/data.js"].startswith(b"const KIT = ")


def test_without_a_place_nothing_is_asked_for(app):
    certificate = printed()
    revoking.revoke(certificate, certificate.issued_by, "Not theirs.")
    all_jobs()
    assert session.scalars(select(Job).where(Job.task == "publish_kit")).all() == []
    assert CliRunner().invoke(cli.group, ["publish"]).exit_code == 1
