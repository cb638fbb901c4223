"""The credential of a transcript: canonical as a JSON-LD processor finds it, of the standard's form, whole, and false once changed."""

import copy
import json

import pytest

from certificates.credential import prove, signer
from certificates.linked_data import Unknown, canonical
from certificates.transcript_credential import KIND, credential
from tests.certificates.make_seal import HOLDER, HUB, MOMENT, n_quads, own_keys
from tests.certificates.make_transcript import LONG, SHORT, counted
from tests.certificates.test_credential import changed, leaves
from tests.certificates.test_judges import VALIDATOR

EACH = pytest.mark.parametrize("facts", [SHORT, LONG, counted(1)], ids=["short", "long", "one"])


def proven(facts=SHORT):
    return prove(credential(facts, HOLDER, HUB), own_keys().prover, HUB, MOMENT)


@EACH
def test_a_json_ld_processor_finds_the_same_canonical_form(facts):
    document = credential(facts, HOLDER, HUB)
    assert canonical(document) == n_quads(document)


@EACH
def test_every_printed_fact_stands_in_it_and_nothing_private(facts):
    text = json.dumps(credential(facts, HOLDER, HUB), ensure_ascii=False)
    words = [facts.issuer, facts.signatory, facts.signatory_title]
    words += [each for part in facts.parts for each in (part.programme, part.cohort)]
    told = [facts.name, facts.latin_name, facts.number, facts.number_en, facts.verify_url, f"{facts.hours} h"]
    told += [part.certificate for part in facts.parts]
    told += [part.completed_on.isoformat() for part in facts.parts if part.completed_on]
    for course in (course for part in facts.parts for course in part.courses):
        words.append(course.title)
        told += [day.isoformat() for day in (course.starts_on, course.ends_on, course.completed_on)]
        told += [f"({course.hours} h;", f"grade {course.grade})"]
    for each in (*told, *(text for said in words for text in said.values())):
        assert each in text
    assert "haneul@example.kr" not in text


@EACH
def test_each_course_has_a_result_and_what_it_is_measured_by(facts):
    subject = credential(facts, HOLDER, HUB)["credentialSubject"]
    assert subject["achievement"]["achievementType"] == KIND
    described = {each["id"]: each for each in subject["achievement"]["resultDescription"]}
    courses = [course for part in facts.parts for course in part.courses]
    assert len(described) == len(courses) == len(subject["result"])
    for course, result in zip(courses, subject["result"], strict=True):
        about = described[result["resultDescription"]]
        assert course.title["ko"] in about["name"]
        if course.grade == "P":
            assert (about["resultType"], result["status"], "value" in result) == ("Status", "Completed", False)
        else:
            assert (about["resultType"], about["valueMax"], result["value"]) == ("RawScore", "100", course.grade)


@EACH
def test_the_form_is_as_the_standard_says(facts):
    document = proven(facts)
    VALIDATOR.validate(document)
    at = ("credentialSubject", "achievement", "resultDescription", 0)
    for path, wrong in (
        ((*at, "resultType"), "Marks"),
        ((*at, "id"), "course 1"),
        (("credentialSubject", "result"), [{}]),
    ):
        assert not VALIDATOR.is_valid(changed(document, path, wrong)), path


@pytest.mark.parametrize("path", [path for path, _value in leaves(proven())], ids=lambda path: ".".join(map(str, path)))
def test_one_changed_field_breaks_the_proof(path):
    document = proven()
    assert signer(document) == own_keys().public
    value = dict(leaves(document))[path]
    other = not value if isinstance(value, bool) else value[:-1] + ("a" if value[-1] != "a" else "b")
    with pytest.raises(Unknown):
        signer(changed(document, path, other))


def test_a_grade_that_is_added_is_refused():
    document = copy.deepcopy(proven())
    document["credentialSubject"]["result"].append({"type": ["Result"], "value": "100"})
    with pytest.raises(Unknown):
        signer(document)
