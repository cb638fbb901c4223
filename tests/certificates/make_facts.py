"""Facts for the tests of drawing: plain values, no database."""

from dataclasses import replace
from datetime import date
from typing import Any

from certificates import design_samples
from certificates.facts import CourseFact, Facts

PLAIN = replace(
    design_samples.PLAIN,
    code="K7M3-Q9XD-2HTV-8RWN-C4PB-J6FA-X3",
    name="김하늘",
    latin_name="Kim Haneul",
    hours=960,
    issued_on=date(2026, 11, 22),
)

SINGLE = replace(PLAIN, course={"ko": "모델의 정직한 평가", "en": "Evaluating Models Honestly"}, courses=(), hours=16)

WORST = replace(
    PLAIN,
    serial=10483,
    name="독고하늘별빛나래솔찬미르 (獨孤天星光翼率燦龍)",
    latin_name="Wojciech Šťastný-Żółkiewski Nguyễn Thị Ánh Đặng-Çelikoğlu-Brå",
    programme={
        "ko": "인공지능 융합 산업 현장 문제 해결형 고급 연구개발 인력 및 데이터 기반 서비스 기획 전문인재 양성을 위한 장기 집중 교육 과정",
        "en": "Long-Term Intensive Programme for Advanced Research and Development Specialists and Data-Driven Service "
        "Planners in Applied Artificial Intelligence for Industry (Evening and Weekend Track)",
    },
    cohort={"ko": "2026년도 하반기 야간·주말 제12기", "en": "12th cohort, second half of 2026, evenings and weekends"},
    courses=tuple(CourseFact({"ko": f"강좌 {n}", "en": f"Course {n}"}, n) for n in range(1, 40)),
    hours=1440,
    starts_on=date(2025, 12, 29),
    issuer={
        "ko": "서울특별시 인공지능 산업 진흥 허브 재단",
        "en": "Seoul Metropolitan Foundation for the Artificial Intelligence Industry",
    },
    signatory={"ko": "남궁하늬별", "en": "Namgung Hanuibyeol"},
    signatory_title={
        "ko": "서울특별시 인공지능 산업 진흥 허브 센터장",
        "en": "Director of the Seoul Metropolitan Centre for the Artificial Intelligence Industry",
    },
    verify_url="https://certificates.very-long-hub.example.seoul.go.kr/verification/K7M3Q9XD2HTV8RWNC4PBJ6FAX3",
)


def facts(**own: Any) -> Facts:
    return replace(PLAIN, **own)
