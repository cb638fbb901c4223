"""What stands behind a signature, on loopback: an authority with OCSP and a revocation list, and a time-stamp authority."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from asn1crypto import keys as asn1_keys
from asn1crypto import tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, pkcs12
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from tests.certificates.make_authority import certified

SPAN = timedelta(days=1)


def new_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@dataclass
class Network:
    """Its address, and what may be changed while it answers."""

    port: int
    key: ec.EllipticCurvePrivateKey = field(default_factory=new_key)
    signer_key: ec.EllipticCurvePrivateKey = field(default_factory=new_key)
    stamper_key: rsa.RSAPrivateKey = field(default_factory=lambda: rsa.generate_private_key(65537, 2048))
    revoked: bool = False
    large: int = 0
    answers: bool = True

    def __post_init__(self) -> None:
        self.root = certified(self.key, "An authority")
        list_place = x509.CRLDistributionPoints(
            [x509.DistributionPoint([x509.UniformResourceIdentifier(self.at("list"))], None, None, None)]
        )
        asked = x509.AccessDescription(
            AuthorityInformationAccessOID.OCSP, x509.UniformResourceIdentifier(self.at("ocsp"))
        )
        stamping = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        about = x509.AuthorityInformationAccess([asked])
        self.signer = certified(self.signer_key, "Seoul AI Hub", self.root, self.key, [about])
        self.stamper = certified(self.stamper_key, "Time of a test", self.root, self.key, [stamping, list_place])

    def at(self, name: str) -> str:
        return f"http://127.0.0.1:{self.port}/{name}"

    def pkcs12(self, path: Path) -> Path:
        """The signer's key with its chain."""
        path.write_bytes(
            pkcs12.serialize_key_and_certificates(b"hub", self.signer_key, self.signer, [self.root], NoEncryption())
        )
        return path

    def revocations(self) -> bytes:
        now = datetime.now(UTC)
        builder = x509.CertificateRevocationListBuilder().issuer_name(self.root.subject)
        builder = builder.last_update(now - SPAN).next_update(now + SPAN)
        for serial in [*range(1000, 1000 + self.large), *([self.signer.serial_number] if self.revoked else [])]:
            gone = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(now - SPAN).build()
            builder = builder.add_revoked_certificate(gone)
        own = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key())
        builder = builder.add_extension(own, critical=False).add_extension(x509.CRLNumber(1), critical=False)
        return builder.sign(self.key, hashes.SHA256()).public_bytes(Encoding.DER)

    def revocations_as_text(self) -> bytes:
        return x509.load_der_x509_crl(self.revocations()).public_bytes(Encoding.PEM)

    def answer(self) -> bytes:
        now = datetime.now(UTC)
        builder = ocsp.OCSPResponseBuilder().add_response(
            cert=self.signer,
            issuer=self.root,
            algorithm=hashes.SHA1(),
            cert_status=ocsp.OCSPCertStatus.REVOKED if self.revoked else ocsp.OCSPCertStatus.GOOD,
            this_update=now - timedelta(hours=1),
            next_update=now + SPAN,
            revocation_time=now - timedelta(hours=2) if self.revoked else None,
            revocation_reason=x509.ReasonFlags.key_compromise if self.revoked else None,
        )
        builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, self.root)
        return builder.sign(self.key, hashes.SHA256()).public_bytes(Encoding.DER)

    def stamp(self, asked: bytes) -> bytes:
        chain = SimpleCertificateStore()
        chain.register(asn1_x509.Certificate.load(self.root.public_bytes(Encoding.DER)))
        private = self.stamper_key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        stamper = DummyTimeStamper(
            asn1_x509.Certificate.load(self.stamper.public_bytes(Encoding.DER)),
            asn1_keys.PrivateKeyInfo.load(private),
            chain,
        )
        told: bytes = asyncio.run(stamper.async_request_tsa_response(tsp.TimeStampReq.load(asked))).dump()
        return told


@contextmanager
def network() -> Iterator[Network]:
    """Answers until the end of the block."""

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.told("application/pkix-crl", there.revocations())

        def do_POST(self) -> None:
            asked = self.rfile.read(int(self.headers["Content-Length"]))
            if self.path == "/ocsp":
                self.told("application/ocsp-response", there.answer())
            else:
                self.told("application/timestamp-reply", there.stamp(asked))

        def told(self, kind: str, content: bytes) -> None:
            self.send_response(200 if there.answers or self.path == "/stamp" else 503)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    there = Network(server.server_port)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield there
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
