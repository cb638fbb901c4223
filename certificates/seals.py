"""What a certificate is completed with: plain values, so that printing processes can be given them."""

from dataclasses import dataclass
from datetime import datetime

from certificates.credential import Holder
from certificates.keys import Keys


@dataclass(frozen=True)
class Seal:
    """The keys, the issuer's address, what the credential says beside the facts, and when it is signed."""

    keys: Keys
    issuer: str
    holder: Holder
    moment: datetime
    timestamp_url: str = ""
