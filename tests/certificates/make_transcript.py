"""Facts of transcripts for the tests of drawing: plain values, no database."""

from dataclasses import replace
from datetime import date, timedelta

from certificates.facts import Facts
from certificates.transcript_facts import CourseDone, Part, TranscriptFacts
from tests.certificates.make_facts import PLAIN, WORST

TITLES = (
    {"ko": "인공지능을 위한 수학", "en": "Mathematics for Artificial Intelligence"},
    {"ko": "파이썬과 데이터 다루기", "en": "Python and Working with Data"},
    {"ko": "자연어 처리와 대규모 언어 모델", "en": "Natural Language Processing and Large Language Models"},
    {
        "ko": "대규모 언어 모델의 사전 학습과 미세 조정, 검색 증강 생성 및 신뢰할 수 있는 인공지능 서비스의 설계·평가·운영 실무 프로젝트 (심화)",
        "en": "Pre-training and Fine-tuning of Large Language Models, Retrieval-Augmented Generation, and the Design, "
        "Evaluation and Operation of Trustworthy AI Services: Advanced Practical Project",
    },
)
GRADES = ("92.5", "100", "P", "88")


def courses(count: int) -> tuple[CourseDone, ...]:
    first = date(2026, 3, 2)
    return tuple(
        CourseDone(
            TITLES[number % len(TITLES)],
            40 + number,
            first + timedelta(weeks=number),
            first + timedelta(weeks=number + 40 * (number % 2)),
            first + timedelta(weeks=number + 2),
            GRADES[number % len(GRADES)],
        )
        for number in range(count)
    )


def transcript(of: Facts, *parts: Part) -> TranscriptFacts:
    hours = sum(course.hours for part in parts for course in part.courses)
    said = {
        key: getattr(of, key) for key in ("name", "latin_name", "issued_on", "issuer", "signatory", "signatory_title")
    }
    address = of.verify_url.replace("/v/", "/verify/transcripts/")
    return TranscriptFacts(2026, 1, of.code, parts=parts, hours=hours, verify_url=address, **said)


SHORT = transcript(PLAIN, Part(PLAIN.programme, PLAIN.cohort, date(2026, 8, 27), "2026-0001", courses(4)))
LONG = transcript(
    WORST,
    Part(WORST.programme, WORST.cohort, date(2026, 8, 27), "2026-10483", courses(26)),
    Part(PLAIN.programme, PLAIN.cohort, None, "", courses(9)),
)


def counted(count: int) -> TranscriptFacts:
    """With so many courses, so that each way of dividing them over sheets comes up."""
    return replace(SHORT, parts=(replace(SHORT.parts[0], courses=courses(count)),))
