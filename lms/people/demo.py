"""The people of the demonstration: names as they are in Seoul, four accounts to sign in with, the consent they gave."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from random import Random

from lms.kit import clock
from lms.kit.db import session
from lms.kit.story import Story
from lms.people import accounts, audit, consents, passwords
from lms.people.models import Person, Role, RoleGrant

PASSWORD = "demo-demo-demo"  # noqa: S105  (it is printed on the screen)
BEGINNING = -740  # days from today: the hub opens
OTHERS = 0.07  # share of people whose names are not Korean

# Surname, romanised as in passports, and how many of a thousand people bear it.
SURNAMES = """
김 KIM 215, 이 LEE 147, 박 PARK 84, 최 CHOI 47, 정 JUNG 43, 강 KANG 23, 조 CHO 21, 윤 YOON 20, 장 JANG 19, 임 LIM 16,
한 HAN 15, 오 OH 15, 서 SEO 15, 신 SHIN 15, 권 KWON 14, 황 HWANG 13, 안 AHN 13, 송 SONG 13, 류 RYU 12, 홍 HONG 11,
전 JEON 11, 고 KO 9, 문 MOON 9, 양 YANG 9, 손 SON 9, 배 BAE 8, 백 BAEK 7, 허 HEO 6, 유 YOO 6, 남 NAM 5,
심 SHIM 5, 노 NOH 5, 하 HA 4, 곽 KWAK 4, 성 SUNG 4, 차 CHA 4, 주 JOO 4, 우 WOO 4, 구 KOO 4, 나 NA 3,
민 MIN 3, 진 JIN 3, 엄 EOM 3, 채 CHAE 3, 천 CHEON 2, 남궁 NAMGOONG 1, 황보 HWANGBO 1, 제갈 JEGAL 1, 선우 SUNWOO 1
"""
GIVEN = """
하늘 HANEUL, 서연 SEOYEON, 도현 DOHYUN, 민준 MINJUN, 지우 JIWOO, 서준 SEOJUN, 예은 YEEUN, 지훈 JIHOON, 수빈 SUBIN, 현우 HYUNWOO,
민서 MINSEO, 유진 YUJIN, 준호 JUNHO, 다은 DAEUN, 태윤 TAEYOON, 하은 HAEUN, 승현 SEUNGHYUN, 소연 SOYEON, 동현 DONGHYUN, 은지 EUNJI,
재원 JAEWON, 혜진 HYEJIN, 성민 SUNGMIN, 지영 JIYOUNG, 상훈 SANGHOON, 나연 NAYEON, 우진 WOOJIN, 채원 CHAEWON, 건우 GUNWOO, 윤아 YOONA,
시우 SIWOO, 가영 GAYOUNG, 정훈 JUNGHOON, 보라 BORA, 영호 YOUNGHO, 아름 AREUM, 진수 JINSOO, 슬기 SEULGI, 경민 KYUNGMIN, 은서 EUNSEO,
기현 KIHYUN, 세아 SEA, 인호 INHO, 주희 JUHEE, 태현 TAEHYUN, 선영 SUNYOUNG, 원준 WONJUN, 미래 MIRAE, 한결 HANGYEOL, 다솜 DASOM,
찬영 CHANYOUNG, 효진 HYOJIN, 규리 GYURI, 상우 SANGWOO, 예린 YERIN, 병철 BYUNGCHUL, 수아 SUA, 형준 HYUNGJUN, 가람 GARAM, 연주 YEONJU,
도윤 DOYOON, 지민 JIMIN, 재현 JAEHYUN, 유나 YUNA, 석진 SEOKJIN, 혜원 HYEWON, 용수 YONGSU, 하린 HARIN, 종혁 JONGHYUK, 소민 SOMIN,
준영 JUNYOUNG, 은우 EUNWOO, 미경 MIKYUNG, 정은 JUNGEUN, 철민 CHULMIN, 새롬 SAEROM, 광수 KWANGSU, 이든 IDEN, 승아 SEUNGA, 해준 HAEJUN,
영미 YOUNGMI, 대호 DAEHO, 솔 SOL, 빈 BIN, 준 JUN, 현 HYUN
"""
# Name as its owner writes it = the Latin spelling = the language of their letters.
ELSEWHERE = """
Nguyễn Thị Lan = NGUYEN THI LAN = ko; Trần Minh Đức = TRAN MINH DUC = en; Lê Hoàng Anh = LE HOANG ANH = ko;
Phạm Thu Hà = PHAM THU HA = ko; Võ Quốc Bảo = VO QUOC BAO = en; Đặng Ngọc Mai = DANG NGOC MAI = ko;
Bùi Tuấn Kiệt = BUI TUAN KIET = en; 王小明 = WANG XIAOMING = ko; 李思雨 = LI SIYU = ko; 张伟 = ZHANG WEI = en;
李芳 = LI FANG = ko; 林怡君 = LIN YIJUN = en; 高磊 = GAO LEI = ko; 周婷 = ZHOU TING = ko;
Dilnoza Karimova = DILNOZA KARIMOVA = ko; Jasur Toʻxtayev = JASUR TUKHTAEV = en;
Nodira Yusupova = NODIRA YUSUPOVA = ko; Bekzod Rashidov = BEKZOD RASHIDOV = en;
Ganbold Bat-Erdene = GANBOLD BAT-ERDENE = ko; Oyunbileg Dorj = OYUNBILEG DORJ = ko;
Temüülen Enkhbayar = TEMUULEN ENKHBAYAR = en; 佐藤美咲 = SATO MISAKI = ko; 高橋健太 = TAKAHASHI KENTA = en;
田中あおい = TANAKA AOI = ko; James O’Connor = JAMES O'CONNOR = en; Emily Carter = EMILY CARTER = en;
Priya Raghunathan = PRIYA RAGHUNATHAN = en; Zoë Müller = ZOE MULLER = en; محمد الفارسي = MOHAMMED AL FARSI = en;
ليلى حداد = LEILA HADDAD = en; Wulandari = WULANDARI = en; Ayşe Yılmaz = AYSE YILMAZ = en;
Wannakuwatta Mudiyanselage Lakshman Dinesh Bandara Rathnayake = WANNAKUWATTA MUDIYANSELAGE LAKSHMAN DINESH BANDARA RATHNAYAKE = en;
José Ángel Núñez Ibarra = JOSE ANGEL NUNEZ IBARRA = en; Amina Yusuf Bello = AMINA YUSUF BELLO = en;
Siti Nurhaliza = SITI NURHALIZA = en; Anna Kowalczyk = ANNA KOWALCZYK = en; Somchai Prasert = SOMCHAI PRASERT = ko;
Chhaya Gurung = CHHAYA GURUNG = ko; Rahim Uddin = RAHIM UDDIN = en; Olena Shevchenko = OLENA SHEVCHENKO = en;
Maria Clara Santos = MARIA CLARA SANTOS = en; 林佳蓉 = LIN CHIAJUNG = ko; 黃子軒 = HUANG TZUHSUAN = en;
Hoàng Gia Huy = HOANG GIA HUY = ko; Sardor Aliyev = SARDOR ALIYEV = ko; Lucas Martin = LUCAS MARTIN = en;
鈴木陽斗 = SUZUKI HARUTO = ko
"""


@dataclass(frozen=True)
class Newcomer:
    """Somebody who is not known yet."""

    email: str
    name: str
    latin_name: str
    language: str = "ko"


TRAINEE = Newcomer("trainee@example.org", "김하늘", "KIM HANEUL")
INSTRUCTOR = Newcomer("instructor@example.org", "박도현", "PARK DOHYUN")
LEAD = Newcomer("lead@example.org", "이서연", "LEE SEOYEON")
ADMIN = Newcomer("admin@example.org", "최민준", "CHOI MINJUN")
COLLEAGUES = (
    Newcomer("yujin.jung@example.org", "정유진", "JUNG YUJIN"),
    Newcomer("rachel.moore@example.org", "Rachel Moore", "RACHEL MOORE", "en"),
)
SIGNING_IN = (TRAINEE, INSTRUCTOR, LEAD, ADMIN)


def tell(story: Story) -> Iterator[str]:
    """Those who run the hub, before anybody applies."""
    with story.at(story.moment(BEGINNING)):
        admin = known(ADMIN, Role.ADMIN)
        for newcomer, role in ((LEAD, Role.LEAD), (INSTRUCTOR, Role.INSTRUCTOR)):
            accounts.grant(known(newcomer), role, admin)
        for colleague in COLLEAGUES:
            accounts.grant(known(colleague), Role.INSTRUCTOR, admin)
        known(TRAINEE, Role.TRAINEE)
    yield "the people of the hub"


@cache
def _secret() -> str:
    """The hash of the one password of all: made once, because a hash is slow on purpose."""
    return passwords.hash_of(PASSWORD)


def known(newcomer: Newcomer, *roles: Role) -> Person:
    """The person; made known now, with an account, if they are not yet."""
    if person := accounts.find(newcomer.email):
        return person
    person = Person(
        email=newcomer.email,
        name=accounts.tidy_name(newcomer.name),
        latin_name=newcomer.latin_name,
        language=newcomer.language,
        password_hash=_secret(),
        email_confirmed_at=clock.now(),
    )
    person.grants = [RoleGrant(role=role) for role in roles]
    session.add(person)
    session.flush()
    audit.note(person, "account.begun", person)
    return person


def agree(person: Person, chance: Random) -> None:
    """What an applicant chooses: the required consent, and mostly the other one too."""
    consents.choose(person, consents.current(consents.PRIVACY), True, person.language)
    consents.choose(person, consents.current(consents.OUTCOMES), chance.random() < 0.86, person.language)


def newcomers(story: Story) -> Iterator[Newcomer]:
    """One after the other, without an end, in the same order each time."""
    chance = story.chance("newcomers")
    surnames = [(name, latin, int(share)) for name, latin, share in _listed(SURNAMES)]
    given = [(name, latin) for name, latin in _listed(GIVEN)]
    foreign = [tuple(part.strip() for part in line.split("=")) for line in ELSEWHERE.split(";")]
    chance.shuffle(foreign)
    taken = {(each.name) for each in (*SIGNING_IN, *COLLEAGUES)}
    number = 100
    while True:
        number += chance.randint(1, 3)
        if foreign and chance.random() < OTHERS:
            name, latin, language = foreign.pop()
            yield Newcomer(_email(latin.split()[-1], number), name, latin, language)
            continue
        family, family_latin, _share = chance.choices(surnames, [share for _name, _latin, share in surnames])[0]
        own, own_latin = chance.choice(given)
        if family + own in taken and chance.random() < 0.7:
            continue  # namesakes there are, but not many
        taken.add(family + own)
        language = "en" if chance.random() < 0.02 else "ko"
        yield Newcomer(_email(own_latin, number), family + own, f"{family_latin} {own_latin}", language)


def _listed(text: str) -> list[list[str]]:
    return [line.split() for line in text.replace("\n", " ").split(",")]


def _email(name: str, number: int) -> str:
    plain = "".join(letter for letter in name.lower() if letter.isascii() and letter.isalpha())
    return f"{plain}.{number}@example.org"
