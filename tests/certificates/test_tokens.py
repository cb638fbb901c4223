"""A key on a PKCS#11 token signs as one in a file does; lost, locked or refused, nothing is numbered. Needs SoftHSM2."""

import logging
import os
import pickle
import shutil
import subprocess
import time
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from sqlalchemy import select

from certificates import issuing, keys, signing, tokens
from certificates.models import Certificate, SerialCounter
from certificates.sealing import complete
from lms.config import BadSetting, from_environment
from lms.kit import i18n
from lms.kit.db import session
from lms.kit.refusal import Refused
from tests import make
from tests.certificates import making
from tests.certificates.make_authority import certified
from tests.certificates.make_facts import PLAIN
from tests.certificates.make_seal import PROGRAMME, seal
from tests.certificates.test_sealing import judged

MODULE = "/usr/lib/softhsm/libsofthsm2.so"
PIN = "a-pin-of-a-test-4711"


@pytest.fixture(autouse=True)
def in_english(app):
    with i18n.speaking("en"):
        yield


@dataclass(frozen=True)
class Tool:
    """The folder of the tokens, and what puts keys there."""

    folder: Path

    def token(self, label: str) -> None:
        """A new, empty token."""
        self.run("--init-token", "--free", "--label", label, "--pin", PIN, "--so-pin", PIN)

    def run(self, *arguments: str) -> None:
        subprocess.run(["softhsm2-util", *arguments], check=True, capture_output=True)

    def key(self, token: str, label: str, own: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey, number: str) -> None:
        path = self.folder / f"{token}.pem"
        path.write_bytes(own.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        self.run("--import", str(path), "--token", token, "--label", label, "--id", number, "--pin", PIN)


@pytest.fixture(scope="session")
def tool(tmp_path_factory) -> Tool:
    pytest.importorskip("pkcs11", reason="needs the extra pkcs11")
    if not Path(MODULE).exists() or not shutil.which("softhsm2-util"):
        pytest.skip("needs SoftHSM2 (softhsm2): script/bootstrap --tests installs it")
    folder = tmp_path_factory.mktemp("tokens")
    (folder / "kept").mkdir()
    settings = folder / "softhsm2.conf"
    settings.write_text(f"directories.tokendir = {folder / 'kept'}\nobjectstore.backend = file\nlog.level = ERROR\n")
    os.environ["SOFTHSM2_CONF"] = str(settings)  # read by the module, once a process
    return Tool(folder)


def put(token: str, *found: tuple[str, x509.Certificate]) -> None:
    """Lay certificates onto a token."""
    pkcs11 = tokens._pkcs11()
    library = pkcs11.lib(MODULE)
    tokens._opened.clear()
    library.reinitialize()
    with library.get_token(token_label=token).open(rw=True, user_pin=PIN) as opened:
        for label, each in found:
            opened.create_object(
                {
                    pkcs11.Attribute.CLASS: pkcs11.ObjectClass.CERTIFICATE,
                    pkcs11.Attribute.CERTIFICATE_TYPE: pkcs11.CertificateType.X_509,
                    pkcs11.Attribute.TOKEN: True,
                    pkcs11.Attribute.LABEL: label,
                    pkcs11.Attribute.SUBJECT: each.subject.public_bytes(),
                    pkcs11.Attribute.VALUE: each.public_bytes(Encoding.DER),
                }
            )


@pytest.fixture(scope="session", params=["EC", "RSA"])
def hub(tool, request) -> tokens.Token:
    """A token with the hub's key, its certificate and that of the authority above it."""
    name = f"hub-{request.param}"
    above = ec.generate_private_key(ec.SECP256R1())
    own = ec.generate_private_key(ec.SECP384R1()) if request.param == "EC" else rsa.generate_private_key(65537, 2048)
    root = certified(above, "An authority")
    tool.token(name)
    tool.key(name, "seal", own, "01")
    tool.key(name, "other", above, "02")
    put(name, ("seal", certified(own, "Seoul AI Hub", root, above)), ("root", root), ("other", certified(own, "x")))
    return tokens.Token(MODULE, name, "seal", PIN)


@pytest.fixture
def fresh():
    """No session and no refusal is left over from another test."""
    tokens._opened.clear()
    tokens._refused.clear()
    yield
    tokens._opened.clear()
    tokens._refused.clear()


def of(token: tokens.Token, folder: Path) -> keys.Keys:
    return keys.configured(folder, "", "", "", token)


def test_a_key_on_a_token_signs_as_one_in_a_file_does(hub, fresh, tmp_path):
    own = of(hub, tmp_path)
    assert not own.demo
    assert not (tmp_path / "keys" / "demonstration.p12").exists()
    assert [each.subject.rfc4514_string() for each in map(x509.load_der_x509_certificate, own.certificates)] == [
        "CN=Seoul AI Hub",
        "CN=An authority",
    ]
    status = judged(complete(PLAIN, PROGRAMME, seal(keys=own)), own)
    assert status.bottom_line
    assert status.signing_cert.subject.native["common_name"] == "Seoul AI Hub"
    assert pickle.loads(pickle.dumps(own)) == own
    assert PIN not in repr(own)


def test_pyhanko_is_asked_once_for_a_key(hub, fresh, tmp_path, monkeypatch):
    own = of(hub, tmp_path)
    signing._quick(b"1" * 32, own)
    monkeypatch.setattr(signing, "_stamped", lambda *_all: pytest.fail("the slow way"))
    assert len(signing._quick(b"2" * 32, own)) > 500


def said(token: tokens.Token, folder: Path) -> str:
    with pytest.raises(keys.NoKey) as caught:
        of(token, folder)
    assert PIN not in caught.value.sentence
    return caught.value.sentence


def test_what_cannot_be_had_is_named(hub, fresh, tmp_path):
    assert "LMS_SIGNING_TOKEN" in said(replace(hub, label="gone"), tmp_path)
    assert "LMS_SIGNING_KEY" in said(replace(hub, key="gone"), tmp_path)
    assert "is of another key" in said(replace(hub, key="other"), tmp_path)
    assert "LMS_SIGNING_PKCS11" in said(replace(hub, module="/nowhere.so"), tmp_path)
    assert of(hub, tmp_path)


def test_a_refused_pin_is_not_tried_again(hub, fresh, tmp_path, monkeypatch):
    wrong = replace(hub, pin="wrong")
    assert "LMS_SIGNING_PIN" in said(wrong, tmp_path)
    monkeypatch.setattr(tokens, "_session", lambda _token: pytest.fail("tried again"))
    assert "LMS_SIGNING_PIN" in said(wrong, tmp_path)


@pytest.mark.parametrize(
    ("failure", "sentence"),
    [
        ("PinLocked", "is locked"),
        ("PinExpired", "set anew"),
        ("DeviceRemoved", "DeviceRemoved"),
        ("FunctionFailed", "Connect"),
    ],
)
def test_whatever_the_module_raises_is_a_sentence(hub, fresh, tmp_path, monkeypatch, failure, sentence):
    def failing(_token):
        raise getattr(tokens._failures(), failure)

    monkeypatch.setattr(tokens, "_session", failing)
    assert sentence in said(hub, tmp_path)
    monkeypatch.undo()
    assert of(hub, tmp_path), "it is there again"


def test_a_token_with_one_try_left_is_not_tried(hub, fresh, tmp_path, monkeypatch):
    monkeypatch.setattr(tokens, "_one_try_left", lambda _found: True)
    assert "would lock" in said(hub, tmp_path)


def configure(app, monkeypatch, token: tokens.Token, **more: str) -> None:
    given = {"PKCS11": token.module, "TOKEN": token.label, "KEY": token.key, "PIN": token.pin, **more}
    for name, value in given.items():
        monkeypatch.setitem(app.config, f"SIGNING_{name}", value)


def test_a_lost_token_stops_issuing_before_the_first_number(app, browser, tool, fresh, tmp_path, monkeypatch, caplog):
    caplog.set_level(logging.DEBUG)
    own = ec.generate_private_key(ec.SECP256R1())
    tool.token("lost")
    tool.key("lost", "seal", own, "01")
    put("lost", ("seal", certified(own, "Seoul AI Hub")))
    pin_file = tmp_path / "pin"
    pin_file.write_text(f"{PIN}\n")
    configure(app, monkeypatch, tokens.Token(MODULE, "lost", "seal", ""), PIN_FILE=str(pin_file))
    assert not keys.is_demo()
    first = making.printed()
    assert session.get_one(Certificate, first.id).document
    before = session.scalars(select(SerialCounter.last)).one()
    tool.run("--delete-token", "--token", "lost")
    taking_part = making.completed()
    session.commit()
    with pytest.raises(Refused, match=r"lost|seal"):
        issuing.issue(taking_part, make.lead(taking_part.cohort))
    assert session.scalars(select(SerialCounter.last)).one() == before
    session.commit()
    assert browser.client.get(f"/verify/{first.code}").status_code == 200
    assert browser.client.get("/.well-known/did.json").status_code == 200
    monkeypatch.setitem(app.config, "SIGNING_PIN_FILE", str(tmp_path / "no-pin"))
    with pytest.raises(Refused, match="no-pin"):
        issuing.check_key()
    assert PIN not in caplog.text


def test_a_certificate_by_a_token_takes_no_time(hub, fresh, tmp_path):
    own = of(hub, tmp_path)
    signing._quick(b"1" * 32, own)
    begun = time.process_time()
    for number in range(10):
        signing._quick(bytes([number]) * 32, own)
    assert (time.process_time() - begun) / 10 < 0.02


def test_settings_name_a_token_whole_or_not_at_all(tmp_path):
    given = {"LMS_DATA_DIR": str(tmp_path), "LMS_SIGNING_PKCS11": MODULE}
    with pytest.raises(BadSetting, match="LMS_SIGNING_TOKEN"):
        from_environment(given)
    labels = {"LMS_SIGNING_TOKEN": "hub", "LMS_SIGNING_KEY": "seal", "LMS_SIGNING_PIN": PIN}
    settings = from_environment({**given, **labels})
    assert PIN not in repr(settings)
    with pytest.raises(BadSetting, match="not in both"):
        from_environment({**given, **labels, "LMS_SIGNING_PKCS12": "x.p12"})
