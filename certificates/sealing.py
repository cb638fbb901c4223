"""From facts to the finished certificate: printed, with its credential enclosed, signed last.

Like ``rendering`` it needs Pango, so only the job that prints and the benchmark import it.
"""

from dataclasses import dataclass
from datetime import datetime

from certificates import signing
from certificates.credential import Holder, credential, prove, written
from certificates.enclosing import Enclosure
from certificates.facts import Facts
from certificates.keys import Keys
from certificates.rendering import render


@dataclass(frozen=True)
class Seal:
    """What a certificate is completed with: plain values, so that printing processes can be given them."""

    keys: Keys
    issuer: str
    holder: Holder
    moment: datetime
    timestamp_url: str = ""


def complete(facts: Facts, design: str, seal: Seal) -> bytes:
    """The PDF with its credential and its signature. Raises what ``rendering.render`` raises."""
    document = prove(credential(facts, seal.holder, seal.issuer), seal.keys, seal.issuer, seal.moment)
    enclosed = Enclosure(
        written(document), facts.issuer["en"], seal.moment, signing.room(seal.keys, seal.timestamp_url)
    )
    return signing.signed(render(facts, design, enclosed), seal.keys, seal.timestamp_url)
