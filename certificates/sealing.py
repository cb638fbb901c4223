"""From facts to the finished certificate: printed, with its credential enclosed, signed last.

Like ``rendering`` it needs Pango, so only the job that prints and the benchmark import it.
"""

from certificates import signing
from certificates.credential import credential, prove, written
from certificates.design import Drawn
from certificates.enclosing import Enclosure
from certificates.facts import Facts
from certificates.rendering import render
from certificates.seals import Seal


def complete(facts: Facts, drawn: Drawn, seal: Seal) -> bytes:
    """The PDF with its credential and its signature. Raises what ``rendering.render`` raises."""
    document = prove(credential(facts, seal.holder, seal.issuer), seal.keys.prover, seal.issuer, seal.moment)
    room = signing.room(seal.keys, seal.timestamp_url)
    enclosed = Enclosure(written(document), facts.issuer["en"], seal.moment, room, seal.evidence)
    return signing.signed(render(facts, drawn, enclosed), seal.keys, seal.timestamp_url)
