"""What the cohorts of the demonstration are called, and what people write who want to join them."""

from random import Random

from lms.kit.words import Words

PROGRAMME = Words(ko="AI 전문가 양성 과정", en="AI Expert Programme")
PROGRAMME_SUMMARY = Words(
    ko="서울 AI 허브가 해마다 AI 전문 인재 500명을 길러 내는 과정이에요. 현장의 문제를 정직하게 재고, "
    "고치고, 설명할 수 있는 사람을 키워요.",
    en="The Seoul AI hub trains 500 AI experts a year: people who can measure a real problem honestly, "
    "improve on it and explain what they did.",
)

TRACKS: dict[str, tuple[Words, Words]] = {
    "llm": (
        Words(ko="LLM 엔지니어링", en="LLM Engineering"),
        Words(
            ko="언어 모델을 서비스에 올리고 그 답을 믿어도 되는지 증명해요. 평가 집합 만들기부터 심판 모델의 "
            "편향까지 직접 다뤄요.",
            en="Put language models into service and prove that their answers can be trusted: from building the test set "
            "to the bias of a model that judges another.",
        ),
    ),
    "vision": (
        Words(ko="비전·멀티모달", en="Vision and Multimodal"),
        Words(
            ko="영상과 글을 함께 읽는 모델을 만들고 견줘요. 의료 영상과 거리 영상처럼 틀리면 값비싼 자료에서 점수가 "
            "무엇을 약속하는지 배워요.",
            en="Build and compare models that read pictures and text together, and learn what a score promises where "
            "mistakes are costly.",
        ),
    ),
    "mlops": (
        Words(ko="MLOps", en="MLOps"),
        Words(
            ko="모델을 배포하고 지켜봐요. 데이터가 달라질 때 알아차리고, 되돌리고, 다시 학습하는 흐름을 팀으로 만들어요.",
            en="Deploy models and watch over them: notice when the data move, roll back, train again, as a team.",
        ),
    ),
    "data": (
        Words(ko="데이터 사이언스", en="Data Science"),
        Words(
            ko="질문을 지표로 바꾸고 불확실성까지 보고해요. 공공데이터로 시작해 결정을 돕는 보고서로 끝나요.",
            en="Turn questions into measures and report how sure you are: from public data to a report that helps to "
            "decide.",
        ),
    ),
    "agents": (
        Words(ko="AI 에이전트 개발", en="AI Agents"),
        Words(
            ko="도구를 쓰는 모델을 설계하고, 무엇을 맡길 수 있는지 시험해요. 실패를 세고 비용을 재는 일이 절반이에요.",
            en="Design models that use tools and test what they can be trusted with. Half of the work is counting "
            "failures and costs.",
        ),
    ),
    "health": (
        Words(ko="헬스케어 AI", en="Health AI"),
        Words(
            ko="병원 자료로 예측 모델을 만들고 임상에서 쓸 수 있는지 따져요. 보정과 집단별 성능을 끝까지 살펴요.",
            en="Build predictive models on hospital data and ask whether a clinic could use them: calibration and "
            "groups, to the end.",
        ),
    ),
}

BACKGROUNDS = {
    "ko": (
        "컴퓨터공학 전공, 백엔드 개발 2년",
        "통계학 전공, 데이터 분석 인턴 6개월",
        "기계공학 석사, 제조 데이터 분석",
        "간호학 전공, 병원 근무 4년",
        "경영학 전공, 마케팅 데이터 분석 3년",
        "전자공학 전공, 졸업 예정",
        "물리교육 전공, 고등학교 교사 5년",
        "산업디자인 전공, UX 리서처 3년",
        "국어국문학 전공, 검색 품질 평가 2년",
        "생명공학 석사, 연구원",
        "비전공, 부트캠프 수료 후 프론트엔드 개발 1년",
        "도시공학 전공, 공공데이터 공모전 입상",
    ),
    "en": (
        "BSc in computer science, two years of backend work",
        "MSc in statistics, exchange student in Seoul",
        "Electrical engineer, four years in a factory",
        "Linguistics degree, search quality rater",
        "Data analyst at a logistics company",
        "Self-taught developer, three years of freelancing",
    ),
}

OPENINGS = {
    "ko": (
        "지난 2년 동안 고객 문의를 분류하는 시스템을 운영하면서, 정확도 숫자는 오르는데 상담원의 불만은 줄지 "
        "않는 일을 여러 번 겪었습니다.",
        "병동에서 일하며 낙상 위험 예측 프로그램을 써 보았지만, 그 점수를 얼마나 믿어야 하는지 아무도 설명해 "
        "주지 못했습니다.",
        "대학원에서 불량 검출 모델을 만들었는데 실험실에서 98%였던 성능이 공장에서는 절반도 나오지 않았습니다.",
        "혼자 온라인 강의로 딥러닝을 공부해 왔지만, 제 모델이 정말 나아졌는지 판단하는 법은 끝내 배우지 못했습니다.",
        "교실에서 학생들과 AI 도구를 쓰면서, 그럴듯한 답과 옳은 답을 가려내는 힘이 무엇보다 중요하다고 느꼈습니다.",
        "마케팅 팀에서 추천 모델의 A/B 시험을 맡고 있는데, 매번 결론이 뒤집혀 시험 설계부터 다시 배우고 싶습니다.",
        "자치구 민원 데이터를 분석하는 공모전에 참여하면서 공공 영역에서 AI를 쓰는 일의 무게를 처음 느꼈습니다.",
        "스타트업에서 언어 모델로 상담 초안을 쓰는 기능을 만들고 있는데, 평가 없이 배포하는 관행을 바꾸고 싶습니다.",
    ),
    "en": (
        "For two years I have looked after a system that sorts customer messages. The accuracy went up, the "
        "complaints did not.",
        "At university my model reached 98 per cent in the lab and failed in the plant, and nobody could tell me why.",
        "I moved to Seoul to study and would like to stay and work here on language technology that people "
        "can rely on.",
        "I taught myself deep learning from free courses, but never how to tell whether a model has really "
        "become better.",
        "My team ships features built on language models without testing them properly. I want to be the one "
        "who changes that.",
    ),
}
AIMS = {
    "ko": (
        "이번 과정에서 평가 집합을 설계하고 불확실성을 함께 보고하는 법을 제대로 익히고 싶습니다.",
        "누수 없는 실험을 설계하고 결과를 팀에 설득력 있게 설명할 수 있는 사람이 되는 것이 목표입니다.",
        "수료한 뒤에는 공공기관의 AI 도입을 검증하는 일을 하고 싶고, 그 준비로 이 과정이 꼭 맞는다고 생각합니다.",
        "동료들과 함께 실제 데이터로 프로젝트를 끝까지 해 보면서 제 약한 부분을 채우고 싶습니다.",
    ),
    "en": (
        "In this programme I want to learn how to build a test set, measure with intervals and report "
        "honestly what is not known.",
        "My goal is to design experiments without leaks and to explain the result to people who have to decide.",
        "Afterwards I want to work on checking AI systems before public offices use them, and this course "
        "fits that plan.",
    ),
}
CLOSINGS = {
    "ko": (
        "평일 저녁과 토요일에 모두 참석할 수 있고, 과정 동안 다른 일정은 잡지 않았습니다.",
        "배운 것은 회사의 사내 스터디에서 바로 나누겠습니다. 꾸준히 참여하겠습니다.",
        "선수 과목인 파이썬과 기초 통계는 이미 공부했고, 예습 자료가 있다면 미리 보겠습니다.",
        "끝까지 해내는 힘은 자신 있습니다. 함께 배울 기회를 주시면 감사하겠습니다.",
    ),
    "en": (
        "I can attend on all evenings and Saturdays, and have kept the months free of other duties.",
        "My Korean is good enough for discussions, and I have finished the recommended Python and statistics courses.",
        "I will share what I learn with the study group at my company.",
    ),
}

WELCOME = Words(
    ko="합격을 축하합니다. 첫날에는 노트북과 신분증을 가져와 주세요. 개강 사흘 전에 상세 안내를 다시 보내 "
    "드리겠습니다.",
    en="Congratulations. Please bring a laptop and an identity card on the first day. We will write again "
    "three days before.",
)
SORRY = Words(
    ko="이번 기수는 경쟁이 치열했습니다. 파이썬과 통계 기초를 조금 더 다지고 다음 기수에 다시 지원해 "
    "주시기를 바랍니다.",
    en="There were many more applications than seats. Please strengthen Python and basic statistics and apply again.",
)


def background(language: str, chance: Random) -> str:
    return chance.choice(BACKGROUNDS[language])


def motivation(language: str, chance: Random) -> str:
    """Some sentences, always longer than the shortest that is taken."""
    parts = [chance.choice(each[language]) for each in (OPENINGS, AIMS, CLOSINGS)]
    if chance.random() < 0.5:
        other = chance.choice(AIMS[language])
        parts[2:2] = [other] if other not in parts else []
    return "\n\n".join((" ".join(parts[:-1]), parts[-1]))
