"""What a certificate is completed with: plain values, so that printing processes can be given them."""

from dataclasses import dataclass
from datetime import datetime

from certificates.credential import Holder
from certificates.keys import Keys


@dataclass(frozen=True)
class Evidence:
    """Certificates, revocation lists and answers of OCSP, each in DER: enough to judge a signature without any network."""

    certificates: tuple[bytes, ...]
    lists: tuple[bytes, ...] = ()
    answers: tuple[bytes, ...] = ()

    @property
    def size(self) -> int:
        return sum(map(len, (*self.certificates, *self.lists, *self.answers)))


@dataclass(frozen=True)
class Seal:
    """The keys, the issuer's address, what the credential says beside the facts, and when it is signed."""

    keys: Keys
    issuer: str
    holder: Holder
    moment: datetime
    timestamp_url: str = ""
    evidence: Evidence | None = None
