import os

import pytest

from courses.formats import folder as folders
from courses.formats.reading import NotACourse, read_course
from tests.courses.formats.writing import LESSON, activities, assignments, body, lesson, lessons, problems, write

ENGLISH = f"{LESSON}/README.md"
KOREAN = f"{LESSON}/translations/README.ko.md"
RUBRIC = "# Work\n\nDo it.\n\n## Rubric\n\n| Criteria | Exemplary | Adequate | Needs Improvement |\n|---|---|---|---|\n|  | a | b | c |\n"


@pytest.mark.parametrize(
    "make, sentence",
    [
        (lambda path: path / "absent", "There is no folder"),
        (lambda path: write(path, {"file": "x"}) / "file", "is a file"),
        (lambda path: path, "is empty"),
        (lambda path: write(path, {"notes.md": "# A"}), "has neither a course.toml nor numbered folders"),
        (lambda path: write(path, {"1-A/1-B/README.md": ""}), "holds no lesson"),
        (lambda path: write(path, {"course.toml": 'slug = "a"'}), "holds no lesson"),
    ],
)
def test_what_is_no_course_is_refused_with_a_sentence(tmp_path, make, sentence):
    with pytest.raises(NotACourse, match=sentence):
        read_course(make(tmp_path))


def test_modules_and_lessons_come_in_the_order_of_their_numbers(tmp_path):
    names = ["10-Last/1-A", "2-Second/10-Z", "2-Second/9-Y", "1-First/1-B"]
    write(tmp_path, {f"{name}/README.md": f"# {name}" for name in names} | {"data/1-x/README.md": "# no"})
    course = read_course(tmp_path)
    assert [module.key for module in course.modules] == ["1-first", "2-second", "10-last"]
    assert [each.key for each in lessons(course)] == ["1-first/1-b", "2-second/9-y", "2-second/10-z", "10-last/1-a"]
    assert [module.title for module in course.modules] == [{"en": "First"}, {"en": "Second"}, {"en": "Last"}]


def test_progress_names_each_lesson(tmp_path):
    told: list[str] = []
    read_course(lesson(tmp_path, "# A"), told.append)
    assert told == [LESSON]


def test_titles_leave_the_body_and_both_languages_are_there(tmp_path):
    course = read_course(lesson(tmp_path, "# First 🎃\n\ntext\n"))
    (only,) = lessons(course)
    assert only.title == {"en": "First", "ko": "첫 강의"}
    assert only.body == {"en": "text\n", "ko": "내용\n"}
    assert course.problems == []


def test_a_missing_translation_is_listed(tmp_path):
    course = read_course(write(tmp_path, {ENGLISH: "# A\n\ntext"}))
    assert lessons(course)[0].body == {"en": "text\n"}
    assert problems(course) == [(ENGLISH, 0, "There is no Korean text of this page.")]


def test_images_are_found_from_the_file_they_stand_in(tmp_path):
    write(tmp_path, {f"{LESSON}/images/A b.PNG": b"png", "sketchnotes/n.png": b"png"})
    english = '# A\n![x](images/A%20b.PNG) ![y](./images/A%20b.PNG "t") <img src="../../sketchnotes/n.png" width="60%">'
    korean = "# 가\n![x](.././images/A%20b.PNG) ![y](<../images/A b.PNG>) ![z](/sketchnotes/n.png)"
    course = read_course(lesson(tmp_path, english, korean))
    name = next(name for name in course.assets if name.startswith("1-start/1-first/images/"))
    text = lessons(course)[0].body
    assert text["en"].count(f"(asset:{name}") == 2
    assert '<img src="asset:sketchnotes/n.png" width="60%">' in text["en"]
    assert text["ko"].count(f"(asset:{name})") == 2
    assert "(asset:sketchnotes/n.png)" in text["ko"]
    assert course.assets[name].read_bytes() == b"png"
    assert name.isascii()
    assert " " not in name
    assert course.problems == []


def test_links_between_pages_keep_their_fragment(tmp_path):
    lesson(tmp_path, "# A\n[b](../2-Next/README.md#part-two) [c](../2-Next/) [d](../2-Next) [w](assignment.md)")
    write(tmp_path, {"1-Start/2-Next/README.md": "# B\n[a](../1-First/translations/README.ko.md)"})
    write(tmp_path, {f"{LESSON}/assignment.md": RUBRIC})
    first, second = lessons(read_course(tmp_path))
    assert "[b](activity:1-start/2-next#part-two)" in first.body["en"]
    assert "[c](activity:1-start/2-next) [d](activity:1-start/2-next)" in first.body["en"]
    assert "[w](activity:1-start/1-first/assignment)" in first.body["en"]
    assert second.body["en"] == "[a](activity:1-start/1-first)\n"


@pytest.mark.parametrize(
    "written, left, message",
    [
        ("![a picture](images/no.png)", "a picture", 'The image "images/no.png" leads to nothing in this folder.'),
        ("[more](https732293614)", "more", 'The link "https732293614" leads to nothing in this folder.'),
        ("[b](../2-B/EADME.ko.md)", "b", 'The link "../2-B/EADME.ko.md" leads to nothing in this folder.'),
        ("[b](../../7-No/README.md#x)", "b", 'The link "../../7-No/README.md#x" leads to nothing in this folder.'),
        ("[x](../../../etc/passwd)", "x", 'The link "../../../etc/passwd" points outside the course folder.'),
        ("[x](/etc/passwd)", "x", 'The link "/etc/passwd" leads to nothing in this folder.'),
        ("[x](../../README.md)", "x", 'The link "../../README.md" leads to something that is no part of the course.'),
        ("[x](../../.secret)", "x", 'The link "../../.secret" leads to a file that is a hidden file.'),
        ("[n](empty.ipynb)", "n", 'The link "empty.ipynb" leads to a file that is empty (0 bytes).'),
        ("![x](data.csv)", "x", 'The image "data.csv" is not a picture file.'),
        ("[x](asset:no.png)", "x", 'There is no asset "no.png" in this course.'),
        ("[x](activity:no)", "x", 'There is no activity "no" in this course.'),
        (f"[x]({'a' * 5000})", "x", f'The link "{"a" * 5000}" leads to nothing in this folder.'),
    ],
)
def test_what_leads_nowhere_becomes_words_and_is_listed_with_its_line(tmp_path, written, left, message):
    write(tmp_path, {"README.md": "# C", ".secret": "s", f"{LESSON}/empty.ipynb": b"", f"{LESSON}/data.csv": "1"})
    course = read_course(lesson(tmp_path, f"# A\n\n\nSee {written} there.\n"))
    assert lessons(course)[0].body["en"].startswith(f"See {left} there.")
    assert (ENGLISH, 4, message) in problems(course)


@pytest.mark.parametrize(
    "written", ["[x](https://example.org/a_(b))", "[x](mailto:a@b.kr)", "[x](#part)", "[x]()", "[x](//e.kr/y)"]
)
def test_what_leads_into_the_world_stays(tmp_path, written):
    course = read_course(lesson(tmp_path, f"# A\n\n{written}\n"))
    assert lessons(course)[0].body["en"] == written + "\n"
    assert course.problems == []


def test_files_of_the_own_repository_on_the_web_are_the_files_here(tmp_path):
    home = "https://github.com/some/course"
    write(tmp_path, {"README.md": f"# C\n[a]({home}) [b]({home}/issues)", "1-Start/data/p.csv": "1,2"})
    text = body(lesson(tmp_path, f"# A\n[p]({home}/blob/main/1-Start/data/p.csv) [n]({home}/blob/main/no.csv)"))
    assert text == f"[p](asset:1-start/data/p.csv) [n]({home}/blob/main/no.csv)\n"


def test_solutions_and_other_languages_are_left_out_without_a_word(tmp_path):
    write(
        tmp_path,
        {f"{LESSON}/solution/n.ipynb": "{}", f"{LESSON}/translations/README.ja.md": "# J", "quiz-app/en.json": "[]"},
    )
    text = "# A\n\n> ### [In R!](./solution/R/l.ipynb)\n\nSee [s](solution/n.ipynb), [j](translations/README.ja.md), [z](README.zh-cn.md), [q](../../quiz-app/en.json).\n"
    course = read_course(lesson(tmp_path, text))
    assert lessons(course)[0].body["en"] == "See s, j, z, q.\n"
    assert course.assets == {}
    assert course.problems == []


def test_notebooks_are_offered_and_empty_ones_are_listed(tmp_path):
    write(tmp_path, {f"{LESSON}/notebook.ipynb": "{}", f"{LESSON}/empty.ipynb": b""})
    course = read_course(lesson(tmp_path, "# A\n\ntext", "# 가\n\n[노트](../notebook.ipynb)"))
    assert list(course.assets) == ["1-start/1-first/notebook.ipynb"]
    assert lessons(course)[0].body == {
        "en": "text\n\n**Files for this lesson:** [notebook.ipynb](asset:1-start/1-first/notebook.ipynb)\n",
        "ko": "[노트](asset:1-start/1-first/notebook.ipynb)\n",
    }
    assert problems(course) == [(f"{LESSON}/empty.ipynb", 0, "The notebook is empty (0 bytes).")]


def test_code_is_left_as_it_is(tmp_path):
    code = "```html\n<!DOCTYPE html><img src='no.png'>\n[a](no.md)\n```\n\n``` output\n<eos> <mask>\n```\n"
    course = read_course(lesson(tmp_path, f"# A\n\n{code}"))
    assert lessons(course)[0].body["en"] == code
    assert course.problems == []


def test_a_module_page_worth_reading_is_the_first_lesson(tmp_path):
    write(
        tmp_path,
        {"1-Start/README.md": "# Begin\n\n" + "word " * 40, "1-Start/translations/README.ko.md": "# 시작\n\n짧아요"},
    )
    course = read_course(lesson(tmp_path, "# A\n[up](../README.md)"))
    assert course.modules[0].title == {"en": "Begin", "ko": "시작"}
    about, first = lessons(course)
    assert about.key == "1-start/introduction"
    assert about.title == {"en": "About this module: Begin", "ko": "모듈 소개: 시작"}
    assert first.body["en"] == "[up](activity:1-start/introduction)\n"


def test_a_short_module_page_gives_the_title_only(tmp_path):
    write(tmp_path, {"1-Start/README.md": "# Begin\n\nShort.", "1-Start/translations/README.ko.md": "# 시작"})
    course = read_course(lesson(tmp_path, "# A"))
    assert course.modules[0].title["en"] == "Begin"
    assert len(activities(course)) == 1


def test_rubric_tables_become_criteria(tmp_path):
    korean = "# 과제\n\n하세요.\n\n## 평가기준표\n\n| 평가기준 | 모범 | 적절 | 향상 필요 |\n|---|---|---|---|\n| | 가 | 나 | 다 |\n"
    files = {f"{LESSON}/assignment.md": RUBRIC, f"{LESSON}/translations/assignment.ko.md": korean}
    (work,) = assignments(read_course(lesson(write(tmp_path, files), "# A")))
    assert work.key == "1-start/1-first/assignment"
    assert work.body == {"en": "Do it.\n", "ko": "하세요.\n"}
    (criterion,) = work.criteria
    assert criterion.points == 100
    assert [dict(level.title) for level in criterion.levels] == [
        {"en": "Exemplary", "ko": "모범"},
        {"en": "Adequate", "ko": "적절"},
        {"en": "Needs Improvement", "ko": "향상 필요"},
    ]


def test_a_rubric_of_another_size_or_none_is_listed(tmp_path):
    narrow = "# 과제\n\n| 평가기준 | 모범 | 적절 |\n|---|---|---|\n| | 가 | 나 |\n"
    files = {f"{LESSON}/assignment.md": RUBRIC, f"{LESSON}/translations/assignment.ko.md": narrow}
    write(tmp_path, files | {"1-Start/2-B/README.md": "# B", "1-Start/2-B/assignment.md": "# W\n\nno table"})
    course = read_course(lesson(tmp_path, "# A"))
    with_table, without = assignments(course)
    assert with_table.criteria[0].levels[0].title == {"en": "Exemplary"}
    assert [criterion.key for criterion in without.criteria] == ["whole"]
    listed = {(file, line) for file, line, message in problems(course) if "rubric" in message}
    assert listed == {(f"{LESSON}/translations/assignment.ko.md", 3), ("1-Start/2-B/assignment.md", 0)}


def test_bytes_of_every_kind_are_read(tmp_path):
    english = b"\xef\xbb\xbf# A\r\n\r\none\r\n\r\ntwo \xff\xfe three\r\nnul \x00 end\r\n"
    course = read_course(lesson(tmp_path, english))
    assert lessons(course)[0].body["en"] == "one\n\ntwo \ufffd\ufffd three\nnul \ufffd end\n"
    assert [(file, line) for file, line, _ in problems(course)] == [(ENGLISH, 5), (ENGLISH, 6)]


def test_empty_and_huge_files_are_listed_and_left_out(tmp_path, monkeypatch):
    monkeypatch.setattr(folders, "LARGEST_TEXT", 1000)
    write(tmp_path, {"1-Start/2-B/README.md": "# B\n" + "x" * 2000, "1-Start/3-C/README.md": b""})
    course = read_course(lesson(tmp_path, "# A"))
    assert [each.key for each in lessons(course)] == ["1-start/1-first"]
    assert {(file, message) for file, _, message in problems(course)} == {
        ("1-Start/2-B/README.md", "The file is larger than 0 MB and was not read."),
        ("1-Start/2-B", "This lesson folder has no README.md to read and was left out."),
        ("1-Start/3-C/README.md", "The file is empty."),
        ("1-Start/3-C", "This lesson folder has no README.md to read and was left out."),
    }


def test_symbolic_links_lead_nowhere_outside(tmp_path):
    outside = write(tmp_path / "outside", {"secret.png": "s", "README.md": "# Secret"})
    root = lesson(tmp_path / "course", "# A\n\n![s](images/s.png) [f](folder/secret.png)")
    (root / LESSON / "images").mkdir()
    os.symlink(outside / "secret.png", root / LESSON / "images" / "s.png")
    os.symlink(outside, root / LESSON / "folder")
    os.symlink(outside, root / "1-Start" / "2-Secret")
    os.symlink(root, root / "3-Circle")
    course = read_course(root)
    assert course.assets == {}
    assert [each.key for each in lessons(course) if "secret" in each.key.lower()] == []
    assert lessons(course)[0].body["en"] == "s f\n"
    assert (
        "1-Start/2-Secret",
        0,
        "This link leads out of the course folder or to nothing and was not followed.",
    ) in problems(course)


def test_names_with_other_letters_get_keys_that_stay(tmp_path):
    write(
        tmp_path, {"1-시작/1-첫 강의/README.md": "# 가\n![그림](그림/하나.png)", "1-시작/1-첫 강의/그림/하나.png": b"x"}
    )
    write(tmp_path, {"1-시작/2-둘째/README.md": "# 나\n[앞](../1-%EC%B2%AB%20%EA%B0%95%EC%9D%98/README.md)"})
    first, again = read_course(tmp_path), read_course(tmp_path)
    one, two = lessons(first)
    assert one.key.isascii()
    assert two.body["en"] == f"[앞](activity:{one.key})\n"
    assert first.assets.keys() == again.assets.keys()
    assert first == again
    (name,) = first.assets
    assert one.body["en"] == f"![그림](asset:{name})\n"
    assert name.endswith(".png")


def test_files_that_differ_in_case_only_are_two_assets(tmp_path):
    write(tmp_path, {f"{LESSON}/a.png": b"1", f"{LESSON}/A.png": b"2"})
    course = read_course(lesson(tmp_path, "# A\n\n![1](a.png) ![2](A.png)"))
    assert sorted(path.read_bytes() for path in course.assets.values()) == [b"1", b"2"]


def test_what_the_course_says_of_itself(tmp_path):
    readme = "# My Course\n\nThis paragraph tells what the whole course is about, briefly.\n\nhttps://github.com/some/course\n"
    write(tmp_path / "My-Course", {"README.md": readme, "LICENSE": "    MIT License\n\n Copyright"})
    course = read_course(lesson(tmp_path / "My-Course", "# A"))
    assert course.slug == "my-course"
    assert course.title == {"en": "My Course"}
    assert course.summary == {"en": "This paragraph tells what the whole course is about, briefly."}
    assert (course.licence, course.source, course.hours) == ("MIT", "some/course", 1)
