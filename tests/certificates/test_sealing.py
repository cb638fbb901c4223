"""The finished file in the eyes of tools that none of us wrote: pdfsig, pyHanko, qpdf; altered, it fails."""

import io
import json
import pickle

import pytest
from asn1crypto import cms, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from certificates import keys, signing
from certificates.apart import outcome
from certificates.credential import signer
from certificates.rendering import PROGRAMME, render
from certificates.sealing import complete
from tests.certificates.make_facts import PLAIN, WORST, facts
from tests.certificates.make_keys import pkcs12_file
from tests.certificates.make_seal import own_keys, seal, sealed
from tests.certificates.test_rendering import letters, said, tool

PEOPLE = (PLAIN, WORST, facts(name="محمد عبد الرحمن الفارسي"))
SMALLEST = 120_000


def judged(pdf, keys_of=None):
    trusted = x509.Certificate.load((keys_of or own_keys()).certificates[-1])
    (signature,) = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    return outcome(async_validate_pdf_signature(signature, ValidationContext(trust_roots=[trusted])))


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.name[:10])
def test_the_signature_is_valid_and_covers_the_whole_file(person, tmp_path):
    pdf = sealed(person)
    status = judged(pdf)
    assert status.bottom_line
    assert status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    assert status.modification_level == ModificationLevel.NONE
    assert status.docmdp_ok
    path = tmp_path / "certificate.pdf"
    path.write_bytes(pdf)
    told = tool("pdfsig", "-nocert", str(path), given=b"").decode()
    assert "Signature is Valid" in told
    assert "Total document signed" in told
    assert "ETSI.CAdES.detached" in told
    assert b"No syntax or stream encoding errors" in tool("qpdf", "--check", str(path), given=b"")
    assert len(pdf) < SMALLEST


def test_the_page_says_what_it_says_unsigned():
    assert said(sealed(PLAIN)) == said(render(PLAIN))
    assert letters(PLAIN.name) in said(sealed(PLAIN))


def test_the_credential_comes_out_and_its_proof_holds(tmp_path):
    path = tmp_path / "certificate.pdf"
    path.write_bytes(sealed())
    document = json.loads(tool("qpdf", str(path), "--show-attachment=credential.json", given=b""))
    assert signer(document) == own_keys().public
    assert document["credentialSubject"]["licenseNumber"] == PLAIN.number
    (relation,) = PdfFileReader(io.BytesIO(sealed())).root["/AF"]
    assert relation.get_object()["/AFRelationship"] == "/Alternative"


def test_one_flipped_bit_anywhere_breaks_it():
    pdf = sealed()
    hole = slice(pdf.index(b"/Contents<"), pdf.index(b">", pdf.index(b"/Contents<")))
    for at in (20, len(pdf) // 3, len(pdf) // 2, len(pdf) - 40):
        assert not hole.start <= at < hole.stop
        other = bytearray(pdf)
        other[at] ^= 1
        try:
            sound = judged(bytes(other)).bottom_line
        except Exception:  # whatever a broken file does to the judge: it is not found sound
            sound = False
        assert not sound


def test_the_quick_signature_has_the_parts_of_pyhankos():
    digest = b"d" * 32
    ours, theirs = (
        cms.ContentInfo.load(make(digest, own_keys()), strict=True)["content"]
        for make in (signing._quick, signing._stamped)
    )
    for part in ("version", "digest_algorithms", "encap_content_info", "certificates"):
        assert ours[part].dump() == theirs[part].dump()
    one, two = (message["signer_infos"][0] for message in (ours, theirs))
    for part in ("version", "sid", "digest_algorithm", "signed_attrs", "signature_algorithm", "unsigned_attrs"):
        assert one[part].dump() == two[part].dump()


def test_a_key_of_the_city_signs_in_its_name(tmp_path):
    own = keys.configured(tmp_path, str(pkcs12_file(tmp_path / "own.p12", "x")), "x", "")
    status = judged(complete(PLAIN, PROGRAMME, seal(keys=own)), own)
    assert status.bottom_line
    assert status.signing_cert.subject.native["common_name"] == "Seoul AI Hub"


def test_a_seal_travels_to_a_printing_process():
    assert pickle.loads(pickle.dumps(seal())) == seal()


def test_each_passage_names_its_language():
    reader = PdfFileReader(io.BytesIO(sealed()))

    def languages(node):
        if isinstance(node, dict):
            yield str(node.get("/S")), str(node.get("/Lang"))
            for kid in node["/K"] if isinstance(node.get("/K"), list) else ():
                yield from languages(
                    kid if isinstance(kid, dict) else kid.get_object() if hasattr(kid, "get_object") else kid
                )

    found = list(languages(reader.root["/StructTreeRoot"]["/K"][0]))
    assert ("/Table", "ko") in found
    assert ("/Table", "en") in found
    assert ("/Span", "en") in found
    assert ("/H1", "ko") in found
