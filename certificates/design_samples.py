"""Sample facts for looking at a design before anybody's certificate is printed with it, the worst cases among them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from flask_babel import lazy_gettext as _l

from certificates.facts import CourseFact, Facts

CODE = "K7M3Q9XD2HTV8RWNC4PBJ6FAX3"


@dataclass(frozen=True)
class Sample:
    """One case: what it is called, and the lines of the name."""

    label: str
    name: str
    latin_name: str


SAMPLES: Mapping[str, Sample] = {
    "plain": Sample(_l("An ordinary name"), "김하늘", "Kim Haneul"),
    "short": Sample(_l("Two syllables"), "이산", "Lee San"),
    "long": Sample(
        _l("A very long Latin name"),
        "Wolfeschlegelsteinhausenbergerdorff-Żółkiewska Maria Fernanda del Carmen",
        "Wolfeschlegelsteinhausenbergerdorff-Żółkiewska Maria Fernanda del Carmen",
    ),
    "one_word": Sample(_l("One word"), "Suharto", ""),
    "hanja": Sample(_l("With hanja"), "독고하늘별빛 (獨孤天星光)", "Dokgo Haneulbyeolbit"),
    "arabic": Sample(_l("Arabic letters"), "محمد عبد الرحمن الفارسي", "Mohammad Abd al-Rahman al-Farsi"),
    "marks": Sample(_l("Combined marks"), "Ṩḥa\u0331ṣim Ọ̀ṣun Nguyễn Thị Ánh", "Shasim Osun Nguyen Thi Anh"),
    "programme": Sample(_l("A very long programme title"), "김하늘", "Kim Haneul"),
}
LONG_TITLE = {
    "ko": "인공지능 융합 산업 현장 문제 해결형 고급 연구개발 인력 및 데이터 기반 서비스 기획 전문인재 양성을 위한 장기 집중 교육 과정",
    "en": "Long-Term Intensive Programme for Advanced Research and Development Specialists and Data-Driven Service Planners "
    "in Applied Artificial Intelligence for Industry",
}
PLAIN = Facts(
    year=2026,
    serial=1,
    code=CODE,
    name="",
    latin_name="",
    programme={"ko": "인공지능 전문인재 양성 과정", "en": "AI Expert Development Programme"},
    cohort={"ko": "제3기", "en": "3rd cohort"},
    courses=(
        CourseFact({"ko": "머신러닝 입문", "en": "Machine Learning for Beginners"}, 120),
        CourseFact({"ko": "모델의 정직한 평가", "en": "Evaluating Models Honestly"}, 16),
    ),
    hours=136,
    starts_on=date(2026, 3, 2),
    ends_on=date(2026, 8, 28),
    completed_on=date(2026, 8, 27),
    issued_on=date(2026, 9, 1),
    issuer={"ko": "서울 인공지능 허브", "en": "Seoul AI Hub"},
    signatory={"ko": "한서윤", "en": "Han Seoyun"},
    signatory_title={"ko": "서울 인공지능 허브장", "en": "Director of the Seoul AI Hub"},
    verify_url=f"https://hub.example.kr/v/{CODE}",
)


def facts(key: str, like: Facts = PLAIN) -> Facts:
    """The facts of one case; what it does not say is that of `like`."""
    case = SAMPLES[key]
    own = replace(like, name=case.name, latin_name=case.latin_name)
    return replace(own, programme=LONG_TITLE, serial=10_483) if key == "programme" else own


def all_facts() -> list[Facts]:
    return [facts(key) for key in SAMPLES]
