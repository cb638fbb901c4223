"""The consent texts that ship with the product. A changed text is a new version here, never an edited one."""

import uuid
from datetime import date

from lms.kit.words import Words
from lms.people.models import ConsentText

_NAMES = uuid.UUID("6f6e4a53-6b1c-4d0e-9a41-3a5f0d0c7b11")

PRIVACY_KO = """\
지원과 교육을 위해 아래와 같이 개인정보를 모으고 씁니다.

- **목적**: 지원 자격 확인과 선발, 결과 안내, 교육 운영, 수료증 발급과 진위 확인
- **항목**: 이름, 영문 이름, 이메일, 경력과 배경, 지원 동기, 올린 서류
- **보유 기간**: 선발되지 않으면 결과를 알린 날부터 1년, 교육에 참여하면 수료 또는 중단한 날부터 5년.
  수료증 발급 대장은 진위 확인을 위해 계속 보관합니다.
- **거부할 권리**: 동의하지 않을 수 있습니다. 다만 동의하지 않으면 지원서를 접수할 수 없습니다.
"""

PRIVACY_EN = """\
To handle your application and your training we collect and use personal data as follows.

- **Purpose**: checking whether you can be admitted, selection, telling you the result,
  running the training, issuing certificates and confirming that they are genuine
- **Data**: name, Latin spelling, e-mail, background, motivation, the documents you upload
- **Kept for**: one year after the result if you are not admitted; five years after you complete or leave if you take part.
  The register of certificates is kept for good, so that they can be verified.
- **Your right to refuse**: you need not agree. Without your agreement we cannot take the application.
"""

OUTCOMES_KO = """\
수료한 뒤의 취업과 진로를 여쭈어보기 위해 연락드릴 수 있습니다.

- **목적**: 수료 후 3, 6, 12개월의 취업 현황 확인, 채용 정보와 후속 과정 안내
- **항목**: 이름, 이메일, 수료한 과정, 알려 주신 취업 정보
- **보유 기간**: 수료한 날부터 2년. 동의는 언제든 거둘 수 있습니다.
- **거부할 권리**: 동의하지 않아도 선발과 교육에 아무런 불이익이 없습니다.
"""

OUTCOMES_EN = """\
We may contact you after completion to ask about employment and where your path led.

- **Purpose**: employment at 3, 6 and 12 months after completion, openings, further courses
- **Data**: name, e-mail, the programme you completed, what you tell us about your employment
- **Kept for**: two years after completion. You can take your agreement back at any time.
- **Your right to refuse**: it makes no difference to selection or training.
"""

STATISTICS_KO = """\
누가 교육에 참여하는지 서울시에 통계로 알리기 위해 아래 항목을 모읍니다.

- **목적**: 성별, 나이대, 지역, 전공, 취업 상태별 참여 현황 통계. 선발과 교육에는 쓰지 않습니다.
- **항목**: 성별, 태어난 해, 사는 지역, 전공, 지금 하는 일 가운데 답해 주신 것
- **보유 기간**: 동의를 거두거나 계정을 지울 때까지. 통계에서 5명 미만인 칸은 보이지 않습니다.
- **거부할 권리**: 동의하지 않아도 선발과 교육에 아무런 불이익이 없습니다.
"""

STATISTICS_EN = """\
To tell the city in figures whom its training reaches we collect the following.

- **Purpose**: figures by sex, age band, region, field of study and employment. They play no part in selection or training.
- **Data**: of sex, year of birth, region, field of study and what you do now, whatever you answer
- **Kept for**: until you take your agreement back or your account is erased. Cells of fewer than five people are hidden.
- **Your right to refuse**: it makes no difference to selection or training.
"""


def shipped() -> list[ConsentText]:
    """Fresh rows of every shipped version, with keys that are the same in every installation."""
    return [
        _text(
            "privacy", 1, True, "개인정보 수집과 이용", "Collection and use of personal data", PRIVACY_KO, PRIVACY_EN
        ),
        _text(
            "outcomes",
            1,
            False,
            "수료 후 취업 현황 연락",
            "Contact about employment after completion",
            OUTCOMES_KO,
            OUTCOMES_EN,
        ),
        _text(
            "statistics",
            1,
            False,
            "통계를 위한 개인정보 이용",
            "Use of personal data for statistics",
            STATISTICS_KO,
            STATISTICS_EN,
        ),
    ]


def _text(kind: str, version: int, required: bool, title_ko: str, title_en: str, ko: str, en: str) -> ConsentText:
    return ConsentText(
        id=uuid.uuid5(_NAMES, f"{kind}/{version}"),
        kind=kind,
        version=version,
        required=required,
        title=Words(ko=title_ko, en=title_en),
        text=Words(ko=ko, en=en),
        valid_from=date(2026, 1, 1),
    )
