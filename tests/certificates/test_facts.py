"""What a certificate says survives the row that keeps it."""

import json

from certificates.facts import Facts
from tests.certificates.make_facts import PLAIN, WORST, facts


def test_facts_come_back_from_json_as_they_were():
    for each in (PLAIN, WORST, facts(name="é\u0301 ‘’ 𠮷", latin_name="")):
        assert Facts.from_json(json.loads(json.dumps(each.as_json()))) == each


def test_facts_from_json_are_written_the_same_again():
    kept = json.dumps(PLAIN.as_json())
    assert json.dumps(Facts.from_json(json.loads(kept)).as_json()) == kept


def test_the_number_is_written_by_year_and_grows_past_four_digits():
    assert PLAIN.number == "제2026-0001호"
    assert PLAIN.number_en == "No. 2026-0001"
    assert facts(serial=10483).number == "제2026-10483호"


def test_every_written_text_is_looked_at_for_letters():
    texts = WORST.texts()
    for text in (WORST.name, WORST.latin_name, WORST.cohort["en"], WORST.courses[-1].title["ko"], WORST.issuer["en"]):
        assert text in texts
