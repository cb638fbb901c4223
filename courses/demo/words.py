"""What trainees of the demonstration hand in about the vendor's report, and what their markers answer.

The figures are those of the course's own data (47 of 72 urgent messages found by the model, 51 by the rule).
"""

from datetime import timedelta
from random import Random

EXTENSIONS = (
    (timedelta(days=4), "입원 치료 (진단서 확인)"),
    (timedelta(days=3), "예비군 훈련"),
)

CHANGED = {
    "ko": "> 다시 제출합니다. 의견을 주신 대로 짝지은 비교와 누수 부분을 보완하고 요약을 새로 썼습니다.",
    "en": "> Second version. As suggested I have worked on the comparison by pairs and the leaks, and rewritten the summary.",
}

# Parts of an audit: each with what a careful and what a hasty person writes.
PARTS: dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "ko": [
        (
            (
                "## 1. 다시 계산하기\n\n모델은 참 양성 47건, 거짓 양성 12건, 거짓 음성 25건, 참 음성 1,116건이다. "
                "규칙은 51, 30, 21, 1,098건이다. "
                "아무것도 울리지 않는 기준선의 정확도는 1,128/1,200 = 94.0%이므로 C1의 96.9%는 ‘거의 완벽’이 아니라 "
                "기준선보다 2.9%포인트 높을 뿐이다.",
                "## 1. 건수와 기준선\n\n| | TP | FP | FN | TN |\n|---|---|---|---|---|\n| 모델 | 47 | 12 | 25 | 1,116 "
                "|\n| 규칙 | 51 | 30 | 21 | 1,098 |\n\n"
                "C1부터 C7까지의 숫자는 모두 재현되었다. 다만 긴급 민원이 6%뿐이라 정확도는 거의 정보가 없다. "
                "아무것도 하지 않아도 94.0%다.",
            ),
            (
                "## 1. 다시 계산하기\n\n코드를 돌려 보니 정확도 96.9%, F1 0.718로 보고서와 같았다. 규칙의 F1은 0.667이다.",
            ),
        ),
        (
            (
                "## 2. 불확실성\n\n재현율은 모델 47/72 = 65.3%(95% 구간 54~75%), 규칙 51/72 = 70.8%(59~80%)이다. 같은 "
                "민원에서 두 시스템을 짝지어 보면 "
                "긴급 72건 가운데 모델만 찾은 것이 14건, 규칙만 찾은 것이 18건이다. 민원인 476명을 단위로 다시 뽑아 "
                "F1 차이의 구간을 구하니 0을 넉넉히 포함한다. "
                "‘확실히 낫다’(C2)고 말할 수 없다.",
                "## 2. 짝지은 비교\n\n한 사람이 여러 건을 썼으므로 행이 아니라 민원인을 다시 뽑았다(2,000회, 시드 "
                "고정). F1 차이의 95% 구간은 0을 가운데 가까이 두고 있고, "
                "재현율은 오히려 규칙이 5.6%포인트 높다. 시험 집합의 긴급 72건으로는 이 정도 차이를 가릴 수 없다.",
            ),
            (
                "## 2. 불확실성\n\n재현율의 구간을 윌슨 방법으로 구했다. 모델은 54~75%, 규칙은 59~80%로 겹치므로 "
                "차이가 없다고 보았다.",
            ),
        ),
        (
            (
                "## 3. 누수와 선택\n\n네 가지를 찾았다. ① 같은 민원인이 양쪽에 있다: 아는 민원인의 재현율은 35/42, "
                "처음 보는 민원인은 12/30으로 크게 떨어진다. "
                "② 시간순이 아니라 무작위로 나누었다. ③ 단어 가중치와 척도를 전체 데이터로 계산했다. ④ 임계값 0.69를 "
                "시험 집합에서 골랐다. 넷 다 점수를 높이는 쪽이다. "
                "업체에 민원인 단위, 시간순으로 나눈 새 시험과 검증 집합에서 고른 임계값을 요청한다.",
            ),
            (
                "## 3. 누수\n\n임계값을 시험 집합에서 골랐고, 척도를 전체 데이터로 계산했다. 둘 다 점수를 좋게 보이게 한다.",
                "## 3. 누수\n\n민원인이 겹친다. 처음 보는 민원인에게서는 30건 중 12건만 찾았다.",
            ),
        ),
        (
            (
                "## 4. 집단, 비용, 확률\n\n전화 민원의 재현율은 5/16(31%)로 웹 30/37(81%)보다 훨씬 낮다. 수가 적어 "
                "구간은 넓지만 C5의 정확도로는 보이지 않던 문제다. "
                "비용은 모델 25×50+12 = 1,262분, 규칙 21×50+30 = 1,080분으로 규칙이 싸다. C7은 거짓 경보만 세었다. "
                "점수 0.8대 7건 중 실제 긴급은 3건뿐이라 C6도 성립하지 않는다.",
            ),
            ("## 4. 집단과 비용\n\n채널별 정확도는 보고서와 같다. 비용은 모델 1,262분, 규칙 1,080분이었다.",),
        ),
        (
            (
                "## 5. 판정과 새 요약\n\nC1, C2, C3, C6은 성립하지 않음. C4는 이 데이터로는 알 수 없음. C5, C7은 "
                "제한적으로 성립함.\n\n"
                "> 2026년 상반기 민원 1,200건(긴급 72건)으로 견주어 보니, 새 모델은 긴급 민원의 65%(54~75%)를, 지금의 "
                "규칙은 71%(59~80%)를 찾았습니다. "
                "처음 글을 쓰는 시민에게서는 모델의 성능이 더 낮았습니다. 지금은 구매를 권하지 않으며, 새 민원으로 석 "
                "달 동안 나란히 시험할 것을 권고합니다.",
            ),
            (
                "## 5. 판정\n\nC1은 성립하지 않음, C2는 알 수 없음, C3은 성립하지 않음, C7은 성립함. 모델을 조금 더 "
                "지켜본 뒤 결정하는 것이 좋겠다.",
            ),
        ),
    ],
    "en": [
        (
            (
                "## 1. Recomputed\n\nModel: 47 true positives, 12 false alarms, 25 misses, 1,116 true negatives; "
                "rule: 51, 30, 21, 1,098. "
                "Never flagging is right in 94.0% of the cases, so the 96.9% of C1 are 2.9 points above doing "
                "nothing. All figures can be reproduced.",
            ),
            (
                "## 1. Recomputed\n\nI ran the script and got the accuracy of 96.9% and F1 of 0.718 that the vendor "
                "reports; the rule has 0.667.",
            ),
        ),
        (
            (
                "## 2. Uncertainty\n\nRecall is 47/72 = 65.3% (95% interval 54 to 75) for the model and 51/72 = 70.8% "
                "(59 to 80) for the rule. By pairs, 14 urgent "
                "messages were found by the model alone and 18 by the rule alone. Resampling the 476 senders, not the "
                "rows, the interval of the difference "
                "in F1 holds zero. “Clearly better” (C2) cannot be said.",
            ),
            (
                "## 2. Uncertainty\n\nWilson intervals of recall: 54 to 75% for the model, 59 to 80% for the rule. "
                "They overlap, so there is no difference.",
            ),
        ),
        (
            (
                "## 3. Leaks\n\nFour: senders in both parts (recall 35/42 for known, 12/30 for new senders), a random "
                "instead of a time split, scaling computed on "
                "everything, a threshold chosen on the test set. Each pushes the score up. I would ask for a split by "
                "sender and by time.",
            ),
            ("## 3. Leaks\n\nThe threshold was chosen on the test set, and the same senders are in both parts.",),
        ),
        (
            (
                "## 4. Groups, costs, probabilities\n\nOn the phone line 5 of 16 urgent messages are found, on the "
                "web 30 of 37. Costs: 25 × 50 + 12 = 1,262 minutes for "
                "the model, 21 × 50 + 30 = 1,080 for the rule, so the rule is cheaper. Of 7 messages with a score "
                "from 0.8 to 0.9 only 3 are urgent (C6).",
            ),
            ("## 4. Costs\n\nThe model costs 1,262 minutes and the rule 1,080.",),
        ),
        (
            (
                "## 5. Judgement and summary\n\nC1, C2, C3 and C6 do not hold, C4 cannot be told, C5 and C7 hold with "
                "limits.\n\n> On 1,200 messages of early 2026 (72 urgent) "
                "the new model found 65% (54 to 75) of the urgent ones, the present rule 71% (59 to 80). For people "
                "who write for the first time the model does "
                "worse. We advise not to buy it now, and to run both side by side for three months.",
            ),
            ("## 5. Judgement\n\nC1 and C3 do not hold, C2 is open. I would wait before buying.",),
        ),
    ],
}

# Criterion → what is said from the weakest to the best level.
COMMENTS: dict[str, dict[str, tuple[str, ...]]] = {
    "counts": {
        "ko": (
            "보고서의 숫자를 옮기지 말고 직접 계산해 주세요.",
            "기준선이 빠졌어요. 아무것도 하지 않을 때와 견주어야 해요.",
            "건수는 맞아요. 확인하지 않은 주장이 한둘 있어요.",
            "네 칸 건수와 기준선이 모두 정확하고 코드가 한 번에 돌아가요.",
        ),
        "en": (
            "Recompute the figures instead of repeating them.",
            "The baseline is missing: compare with never flagging.",
            "Counts are right; one or two claims are unchecked.",
            "All counts and the baseline are right, and the code runs in one go.",
        ),
    },
    "uncertainty": {
        "ko": (
            "점수만 비교했어요. 구간이 꼭 필요해요.",
            "구간이 겹친다고 차이가 없는 것은 아니에요. 짝지은 차이를 보세요.",
            "짝지은 비교가 좋아요. 다만 행이 아니라 민원인을 다시 뽑아야 해요.",
            "민원인 단위의 재표집과 지표를 고른 까닭이 분명해요.",
        ),
        "en": (
            "Scores alone are compared; intervals are needed.",
            "Overlapping intervals do not mean no difference: look at pairs.",
            "Good paired comparison, but resample senders, not rows.",
            "Senders are resampled and the choice of measure is justified.",
        ),
    },
    "leaks": {
        "ko": (
            "누수가 판정에 반영되지 않았어요.",
            "두 가지를 찾았지만 점수를 어느 쪽으로 미는지가 없어요.",
            "세 가지를 찾고 효과까지 쟀어요. 시간순 분할도 생각해 보세요.",
            "네 가지를 모두 찾고 업체에 요청할 것까지 적었어요.",
        ),
        "en": (
            "The leaks have no consequence for the judgement.",
            "Two are named, without direction.",
            "Three of four, with the effect measured. Think of time, too.",
            "All four, with direction and what to ask the vendor for.",
        ),
    },
    "use": {
        "ko": (
            "집단, 비용, 확률 가운데 하나만 다뤘어요.",
            "채널은 정확도가 아니라 재현율로 견주어 주세요.",
            "세 부분이 모두 있어요. 집단별 구간이 있으면 더 좋아요.",
            "작은 집단에서 지나친 결론을 내리지 않은 점이 특히 좋아요.",
        ),
        "en": (
            "Only one of groups, costs and probabilities is there.",
            "Compare channels by recall, not accuracy.",
            "All three parts are there; add intervals for the groups.",
            "No overclaiming for small groups: well done.",
        ),
    },
    "summary": {
        "ko": (
            "업체의 말을 되풀이했어요. 자신의 말로 다시 써 주세요.",
            "숫자를 늘어놓기보다 권고를 먼저 적어 주세요.",
            "판정이 탄탄해요. 요약에 남은 의문을 풀 다음 단계를 더해 주세요.",
            "통계를 모르는 시민도 이해할 수 있는 요약이에요.",
        ),
        "en": (
            "The vendor's wording is repeated.",
            "Begin with the recommendation rather than a list of numbers.",
            "Sound judgements; add the next step to the summary.",
            "A reader without statistics understands this summary.",
        ),
    },
}
OVERALL = {
    "ko": (
        (
            "기초를 다시 보고 한 번 더 제출해 주세요. 궁금한 점은 언제든 물어보세요.",
            "방향은 맞아요. 3단원을 다시 읽고 구간과 누수를 보완해 주세요.",
        ),
        (
            "전체 흐름이 좋아요. 불확실성을 다룬 부분만 조금 더 다듬으면 돼요.",
            "읽기 쉽고 근거가 분명해요. 다음에는 집단별 결과를 더 깊이 살펴보세요.",
        ),
        (
            "실무에서 바로 쓸 수 있는 감사 보고서예요. 수고 많았어요.",
            "훌륭해요. 특히 민원인 단위로 다시 뽑은 점이 인상적이에요.",
        ),
    ),
    "en": (
        ("Please go back to module 3 and hand in once more. Ask whenever something is unclear.",),
        (
            "A good line of thought. Work a little more on the uncertainty.",
            "Easy to read and well argued. Look deeper into the groups next time.",
        ),
        ("An audit that could be used as it is. Well done.",),
    ),
}


def audit(language: str, chance: Random, talent: float) -> str:
    """Five parts, each careful or hasty as the talent has it."""
    return "\n\n".join(
        chance.choice(careful if chance.random() < 0.15 + talent else hasty) for careful, hasty in PARTS[language]
    )


def about(criterion: str, level: int, language: str, chance: Random) -> str:
    """What is said about one criterion at a level (0: the weakest); sometimes nothing."""
    said = COMMENTS.get(criterion, {}).get(language, ())
    return said[min(level, len(said) - 1)] if said and chance.random() < 0.8 else ""


def overall(share: float, language: str, chance: Random) -> str:
    """What is said about the whole, by the share of points."""
    return chance.choice(OVERALL[language][0 if share < 0.6 else 1 if share < 0.85 else 2])
