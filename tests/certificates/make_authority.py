"""An authority of a test: certificates that judges accept, revocation lists, answers about one certificate."""

from collections.abc import Sequence
from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
FROM, UNTIL = datetime(2020, 1, 1, tzinfo=UTC), datetime(2040, 1, 1, tzinfo=UTC)


def certified(
    own: Key,
    name: str,
    above: x509.Certificate | None = None,
    by: Key | None = None,
    more: Sequence[x509.ExtensionType] = (),
) -> x509.Certificate:
    """A certificate of a key, by the authority `above` (whose key is `by`); without one it is an authority itself."""
    said = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    usage = x509.KeyUsage(
        digital_signature=above is not None,
        content_commitment=above is not None,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=above is None,
        crl_sign=above is None,
        encipher_only=False,
        decipher_only=False,
    )
    signer = by or own
    builder = (
        x509.CertificateBuilder()
        .subject_name(said)
        .issuer_name(above.subject if above else said)
        .public_key(own.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(FROM)
        .not_valid_after(UNTIL)
        .add_extension(x509.BasicConstraints(ca=above is None, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(own.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
    )
    for each in more:
        builder = builder.add_extension(each, critical=isinstance(each, x509.ExtendedKeyUsage))
    return builder.sign(signer, hashes.SHA256())
