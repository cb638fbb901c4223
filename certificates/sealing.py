"""From facts to the finished certificate or transcript: printed, with its credential enclosed, signed last.

Like ``rendering`` it needs Pango, so only the job that prints and the benchmark import it.
"""

from certificates import design_proving, signing, transcript_credential
from certificates.credential import Document, credential, prove, written
from certificates.design import Drawn
from certificates.enclosing import Enclosure
from certificates.facts import Facts
from certificates.rendering import render
from certificates.seals import Seal
from certificates.transcript_facts import TranscriptFacts


def complete(facts: Facts | TranscriptFacts, drawn: Drawn, seal: Seal) -> bytes:
    """The PDF with its credential and its signature. Raises what ``rendering.render`` raises, and BadDesign."""
    document = prove(_credential(facts, seal), seal.keys.prover, seal.issuer, seal.moment)
    room = signing.room(seal.keys, seal.timestamp_url)
    enclosed = Enclosure(written(document), facts.issuer["en"], seal.moment, room, seal.evidence)
    if drawn.brought_in and isinstance(facts, Facts):  # apart, without our keys; the signature is put in here
        return signing.signed(design_proving.printed(drawn, facts, enclosed), seal.keys, seal.timestamp_url)
    return signing.signed(render(facts, drawn, enclosed), seal.keys, seal.timestamp_url)


def _credential(facts: Facts | TranscriptFacts, seal: Seal) -> Document:
    if isinstance(facts, TranscriptFacts):
        return transcript_credential.credential(facts, seal.holder, seal.issuer)
    return credential(facts, seal.holder, seal.issuer)
