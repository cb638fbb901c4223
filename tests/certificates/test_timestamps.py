"""With a time-stamp authority the signature says when it was made, on the authority's word (PAdES B-T)."""

import asyncio
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from asn1crypto import keys as asn1_keys
from asn1crypto import tsp, x509
from cryptography import x509 as certificates
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from certificates.rendering import PROGRAMME
from certificates.sealing import complete
from tests.certificates.make_facts import PLAIN
from tests.certificates.make_seal import seal
from tests.certificates.test_sealing import judged

STAMPED = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def authority() -> Iterator[str]:
    """An authority that answers over HTTP as RFC 3161 says."""
    key = rsa.generate_private_key(65537, 2048)
    name = certificates.Name([certificates.NameAttribute(NameOID.COMMON_NAME, "Time of a test")])
    own = (
        certificates.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2040, 1, 1, tzinfo=UTC))
        .add_extension(certificates.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .sign(key, hashes.SHA256())
    )
    stamper = DummyTimeStamper(
        x509.Certificate.load(own.public_bytes(Encoding.DER)),
        asn1_keys.PrivateKeyInfo.load(key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())),
        SimpleCertificateStore(),
        fixed_dt=STAMPED,
    )

    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = tsp.TimeStampReq.load(self.rfile.read(int(self.headers["Content-Length"])))
            answer = asyncio.run(stamper.async_request_tsa_response(asked)).dump()
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Answering)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_signature_carries_a_time_stamp(authority):
    status = judged(complete(PLAIN, PROGRAMME, seal(timestamp_url=authority)))
    assert status.intact
    assert status.valid
    assert status.timestamp_validity.intact
    assert status.timestamp_validity.valid
    assert status.timestamp_validity.timestamp == STAMPED


def test_nothing_is_made_without_the_stamp_that_was_asked_for():
    with pytest.raises(OSError, match="refused"):
        complete(PLAIN, PROGRAMME, seal(timestamp_url="http://127.0.0.1:9/"))
