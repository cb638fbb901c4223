"""The commands of this room: verify a certificate or a transcript, and take along what others need to verify without us."""

from hashlib import sha256
from pathlib import Path

import click
from flask import current_app
from sqlalchemy import select

from certificates import checking, design_cli, entries, keys, kit, publishing, states, status_list
from certificates.models import Certificate, CertificateDocument
from certificates.transcript_models import Transcript
from lms.kit import jobs
from lms.kit.db import session, transaction
from lms.kit.jobs import Job


@click.group("certificate")
def group() -> None:
    """Verify certificates and transcripts, here and without this system."""


group.add_command(design_cli.group)


@group.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def verify(file: Path) -> None:
    """Check everything about FILE, a PDF or the credential of a wallet. Exit code 0 only when all holds."""
    try:
        content = checking.read(file)
    except checking.Stop as stop:
        checks = [checking.Check(False, str(stop))]
    else:
        checks = [*checking.examine(content, known())]
        checks += [] if checking.is_credential(content) else [registered(content)]
    for check in checks:
        click.secho(f"{'✓' if check.good else '✗'} {check.sentence}", fg="green" if check.good else "red")
    if not all(check.good for check in checks):
        raise SystemExit(1)


@group.command("kit")
@click.argument("out", type=click.Path(path_type=Path, file_okay=False))
def kit_command(out: Path) -> None:
    """Write into OUT what others need to verify our certificates without us: a page, public keys, signed status lists."""
    try:
        made = kit.files()
        kit.write(out, made)
    except keys.NoKey as no:
        raise click.ClickException(no.sentence) from no
    except OSError as error:
        raise click.ClickException(f"{error.filename} cannot be written: {error.strerror}.") from error
    count = sum(name.startswith(kit.LISTS) for name in made)
    click.echo(
        f"Wrote the kit with {count} status list(s) to {out}. Open {out / 'index.html'} in a browser, or serve the folder."
    )


@group.command()
def publish() -> None:
    """Publish the kit now to where LMS_KIT_FOLDER says, as happens every night."""
    if not current_app.config["KIT_FOLDER"]:
        raise click.ClickException("No LMS_KIT_FOLDER says where to publish. Set it, or run: lms certificate kit OUT")
    with transaction():
        asked = jobs.later(publishing.publish_kit).id
    jobs.perform(asked)
    with transaction():
        error = session.get_one(Job, asked).error
    if error:
        raise click.ClickException(f"The kit could not be published: {error}")
    click.echo(f"Published the kit to {current_app.config['KIT_FOLDER']}.")


def known() -> checking.Known:
    """What this installation knows of its keys and of what it revoked."""
    rows = status_list.known_keys()
    return checking.Known(
        signers={row.fingerprint for row in rows},
        demo={row.fingerprint for row in rows if row.demo},
        credential_keys=status_list.credential_keys(),
        gone=_gone,
    )


def _gone(address: str, index: int) -> bool | None:
    for number in status_list.numbers():
        if entries.status_list_address(number) == address:
            return index in status_list.revoked(number)
    return None


def registered(content: bytes) -> checking.Check:
    """Whether exactly these bytes were issued here, and what they are worth today."""
    digest = sha256(content).hexdigest()
    issued = select(Certificate).join(CertificateDocument).where(CertificateDocument.sha256 == digest)
    certificate = session.scalar(issued)
    if certificate is None:
        return transcribed(digest)
    state = states.of(certificate)
    return checking.Check(
        state == states.State.VALID, f"The register has exactly these bytes; the certificate is {state}."
    )


def transcribed(digest: str) -> checking.Check:
    """The same for transcripts."""
    transcript = session.scalar(select(Transcript).where(Transcript.sha256 == digest))
    if transcript is None:
        return checking.Check(False, "The register has no certificate and no transcript with exactly these bytes.")
    state = "withdrawn" if transcript.withdrawn_at else "valid"
    return checking.Check(
        transcript.withdrawn_at is None, f"The register has exactly these bytes; the transcript is {state}."
    )
