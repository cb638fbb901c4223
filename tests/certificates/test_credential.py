"""The credential: canonical as a JSON-LD processor finds it, whole, private, and false once a letter is changed."""

import copy
import json
from dataclasses import replace
from datetime import date

import pytest

from certificates.credential import PROOF, credential, email_hash, issuer_address, prove, signer
from certificates.facts import CourseFact
from certificates.linked_data import Unknown, canonical
from tests.certificates.make_facts import PLAIN, SINGLE, WORST, facts
from tests.certificates.make_seal import HOLDER, HUB, MOMENT, n_quads, own_keys

PEOPLE = (
    PLAIN,
    WORST,
    facts(latin_name=""),
    facts(name='김 "하늘" \\ _:b0 <b> \t 𠀀', courses=()),
    facts(expires_on=date(2028, 11, 21)),
    facts(courses=(CourseFact({"ko": "같음", "en": "같음"}, 1),)),
    SINGLE,
)


def proven(person=PLAIN):
    return prove(credential(person, HOLDER, HUB), own_keys().prover, HUB, MOMENT)


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.name[:10])
def test_a_json_ld_processor_finds_the_same_canonical_form(person):
    document = credential(person, HOLDER, HUB)
    assert canonical(document) == n_quads(document)
    options = {"@context": document["@context"], **proven(person)["proof"][0]}
    del options["proofValue"]
    assert canonical(options) == n_quads(options)


def test_the_proof_holds_and_names_its_key():
    document = proven()
    assert signer(document) == own_keys().public
    assert document["proof"][0].items() >= PROOF.items()
    assert document["proof"][0]["verificationMethod"] == f"did:web:hub.example.kr#{own_keys().public}"
    assert signer(json.loads(json.dumps(document, sort_keys=True))) == own_keys().public


def leaves(node, path=()):
    """Every place of a document that holds a value."""
    for key, value in node.items() if isinstance(node, dict) else enumerate(node):
        if isinstance(value, dict | list):
            yield from leaves(value, (*path, key))
        else:
            yield (*path, key), value


def changed(document, path, value):
    whole = copy.deepcopy(document)
    at = whole
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    return whole


@pytest.mark.parametrize("path", [path for path, _value in leaves(proven())], ids=lambda path: ".".join(map(str, path)))
def test_one_changed_field_breaks_the_proof(path):
    document = proven()
    value = dict(leaves(document))[path]
    other = not value if isinstance(value, bool) else value[:-1] + ("a" if value[-1] != "a" else "b")
    with pytest.raises(Unknown):
        signer(changed(document, path, other))


@pytest.mark.parametrize(
    "change",
    [
        lambda it: it.update(grade="A"),
        lambda it: it["credentialSubject"].update(image="https://elsewhere.example/x.png"),
        lambda it: it.pop("validFrom"),
        lambda it: it.update(proof=[]),
        lambda it: it.update(proof=it["proof"] * 2),
        lambda it: it.update({"@context": []}),
        lambda it: it.update({"@context": "https://www.w3.org/ns/credentials/v2"}),
        lambda it: it.update({"@context": [{"name": "https://elsewhere.example"}]}),
        lambda it: it["credentialSubject"]["identifier"].reverse() or it["credentialSubject"]["identifier"].pop(),
        lambda it: it["credentialSubject"].update(identifier=[{"type": "IdentityObject", "identityHash": 7}]),
        lambda it: it.update(id="no address"),
        lambda it: it.update(type=[7]),
        lambda it: it.update(type=["Unheard"]),
    ],
)
def test_what_is_added_taken_away_or_misshapen_is_refused(change):
    document = proven()
    change(document)
    with pytest.raises(Unknown):
        signer(document)


def test_no_depth_and_no_likeness_confuses_it():
    deep: dict = {"type": ["Achievement"]}
    for _level in range(20):
        deep = {"type": ["AchievementSubject"], "achievement": deep}
    with pytest.raises(Unknown, match="levels"):
        canonical({"@context": credential(PLAIN, HOLDER, HUB)["@context"], **deep})
    alike = credential(PLAIN, HOLDER, HUB)
    alike["credentialSubject"]["identifier"] *= 2
    with pytest.raises(Unknown, match="alike"):
        canonical(alike)


def test_every_printed_fact_stands_in_it_and_nothing_private():
    text = json.dumps(credential(PLAIN, HOLDER, HUB), ensure_ascii=False)
    for fact in (
        *(PLAIN.name, PLAIN.latin_name, PLAIN.number, PLAIN.number_en, PLAIN.verify_url, "960"),
        *(text for words in (PLAIN.programme, PLAIN.cohort, PLAIN.issuer, PLAIN.signatory) for text in words.values()),
        *(text for course in PLAIN.courses for text in course.title.values()),
        *(day.isoformat() for day in (PLAIN.starts_on, PLAIN.ends_on, PLAIN.completed_on, PLAIN.issued_on)),
    ):
        assert fact in text
    assert "haneul@example.kr" not in text
    assert HOLDER.email_hash == email_hash(" Haneul@Example.kr ", "s4lt")
    assert replace(HOLDER, salt="x") != HOLDER


def test_the_last_day_ends_at_midnight_in_seoul():
    document = credential(facts(expires_on=date(2028, 12, 31)), HOLDER, HUB)
    assert document["validUntil"] == "2029-01-01T00:00:00+09:00"


def test_the_issuer_is_named_by_where_the_installation_is():
    assert issuer_address("https://learn.example.org") == "did:web:learn.example.org"
    assert issuer_address("http://127.0.0.1:8000") == "did:web:127.0.0.1%3A8000"
    assert issuer_address("https://example.org/learn/ai") == "did:web:example.org:learn:ai"
