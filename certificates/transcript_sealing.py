"""From facts to the finished transcript: printed, with the facts for machines enclosed, signed last. Needs Pango."""

import json
from datetime import datetime

from certificates import signing
from certificates.design import Drawn
from certificates.enclosing import Enclosure
from certificates.keys import Keys
from certificates.rendering import render
from certificates.transcript_facts import TranscriptFacts


def complete(facts: TranscriptFacts, drawn: Drawn, own: Keys, moment: datetime, timestamp_url: str = "") -> bytes:
    """The PDF with its facts as JSON and its signature. Raises what ``rendering.render`` raises."""
    told = json.dumps(facts.as_json() | {"number": facts.number}, ensure_ascii=False, indent=1).encode()
    enclosed = Enclosure(told, facts.issuer["en"], moment, signing.room(own, timestamp_url))
    return signing.signed(render(facts, drawn, enclosed), own, timestamp_url)
