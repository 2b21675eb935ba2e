"""The conversation as a person has it, in each language."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from advise.advisor import Advisor
from advise.errors import AnswersChangedError
from advise.interview.agenda import items_of
from advise.interview.commands import Command, command_of
from advise.interview.dialogue import Dialogue
from advise.interview.interview import Interview
from advise.interview.pages import Pages
from advise.render.page import Page
from advise.render.text import as_text
from advise.text import LanguageChoice

PagesOf = Callable[[Interview, LanguageChoice], Pages]


@pytest.fixture
def held(pages_of: PagesOf) -> Callable[..., list[str]]:
    """Holds a conversation; returns what was said before each line was heard, and at the end."""

    def hold(interview: Interview, *lines: str | Callable[[], str], language: LanguageChoice = "both") -> list[str]:
        said, pending, waiting = [], "", list(lines)

        def say(page: Page) -> None:
            nonlocal pending
            pending += as_text(page, 100, colour=False)

        def hear() -> str | None:
            nonlocal pending
            said.append(pending)
            pending = ""
            line = waiting.pop(0) if waiting else None
            return line() if callable(line) else line

        Dialogue(interview, pages_of(interview, language), say, hear).run()
        return [*said, pending]

    return hold


def test_a_question_says_what_is_asked_what_is_accepted_and_why(interview: Interview, held: Callable[..., list[str]]) -> None:
    said = held(interview, "y", "quit")[1]
    assert "clip.rate 的标题 · Title of clip.rate" in said
    assert said.index("clip.rate 是多少？") < said.index("What is clip.rate?")
    assert "回答：数值，范围 [0, 1]，是占比（1 表示全部）（也可写 5%）" in said
    assert "Answer: a number, in [0, 1], as a share of 1 (also: 5%)" in said
    assert "可以判断：裁剪饱和" in said
    assert "Could tell: Clipping is saturated" in said


@pytest.mark.parametrize(("language", "there", "absent"), [("zh", "裁剪饱和", "Clipping"), ("en", "Clipping is saturated", "裁剪")])
def test_one_language_alone(interview: Interview, held: Callable[..., list[str]], language: LanguageChoice, there: str, absent: str) -> None:
    said = "".join(held(interview, "help", "maybe", "y", "100%", "back", "unknown", "quit", language=language))
    assert there in said
    assert absent not in said


def test_the_values_of_an_enum_are_numbered_and_taken_by_number(
    advisor: Advisor, path: Path, held: Callable[..., list[str]], answered: Callable[[], str]
) -> None:
    interview = Interview(advisor, path, items_of(["D.1"], advisor.knowledge))
    said = held(interview, "2")
    assert "检查清单：D.1 调度已定" in said[0]
    assert "1. `constant` 恒定 · constant\n2. `cosine` 余弦退火 · cosine decay\n" in said[0]
    assert "✓ `schedule.kind = cosine`" in said[1]
    assert "✓ 检查项通过 · Checklist item passed: 调度已定 · Schedule is set" in said[1]
    assert "没有要问的了。" in said[1]
    assert answered() == "schedule.kind: cosine\n"


def test_what_follows_is_shown(interview: Interview, held: Callable[..., list[str]]) -> None:
    said = held(interview, "y", "100%", "quit")[2]
    assert "✓ `clip.rate = 1`" in said
    assert "+ 诊断 · Diagnosis: 裁剪饱和 · Clipping is saturated [中等 · medium] 确定 · certain" in said
    assert "+ 决策 · Decision: 放宽裁剪 · Loosen the clipping [P1]" in said
    assert "→ 结论 · Verdict: " in said


def test_a_wrong_answer_is_explained_and_asked_again(interview: Interview, held: Callable[..., list[str]], answered: Callable[[], str]) -> None:
    said = held(interview, "y", "7%5", "3 GB", "", "0.2", "quit")
    assert "`7%5`" in said[2]
    assert "单位 `GB` 不适用：这里要的数值是占比（1 表示全部）。" in said[3]
    assert "`GB` does not fit: the number is asked as a share of 1." in said[3]
    assert "Answer: a number" in said[3]
    assert "What is" not in said[3]
    assert "There is no answer on that line." in said[4]
    assert answered() == "clip.enabled: true\nclip.rate: 0.2\n"


def test_help_says_how_to_find_out(interview: Interview, held: Callable[..., list[str]]) -> None:
    said = held(interview, "帮助", "y", "quit")[1]
    assert "怎样查清：查 clip.enabled。" in said
    assert "How to find out: Look clip.enabled up." in said
    assert "查一下即可" in said
    assert "`back`" in said


def test_back_undoes_and_asks_again(interview: Interview, held: Callable[..., list[str]], answers: Path) -> None:
    said = held(interview, "y", "返回", "n", "back", "back", "quit")
    assert "Undone: `clip.enabled`." in said[2]
    assert "What is clip.enabled?" in said[2]
    assert "What is lr.peak?" in said[3]
    assert "There is nothing to undo." in said[5]
    assert not answers.exists()


def test_unknown_is_not_asked_again(interview: Interview, held: Callable[..., list[str]], answers: Path) -> None:
    said = held(interview, *["不知道"] * 20)
    everything = "".join(said)
    assert everything.count("What is clip.rate?") == 1
    assert "There is nothing left to ask." in said[-1]
    assert not answers.exists()


def test_the_end_says_the_verdict_and_how_to_see_the_plan(interview: Interview, held: Callable[..., list[str]], path: Path) -> None:
    said = held(interview, "y", "0.1", "quit")[-1]
    assert interview.verdict.title.zh in said
    assert f"`advise {path}`" in said.replace("\n", "")
    assert ": 2" in said


def test_the_end_of_the_input_is_the_end(interview: Interview, held: Callable[..., list[str]], answered: Callable[[], str]) -> None:
    assert interview.verdict.title.en in held(interview, "y")[-1]
    assert answered() == "clip.enabled: true\n"


def test_a_file_changed_meanwhile_is_read_again_and_said(interview: Interview, held: Callable[..., list[str]], path: Path) -> None:
    def meanwhile() -> str:
        path.write_text("# theirs\nclip.enabled: true\nbatch.size: 8\n", encoding="utf-8")
        return "0.2"

    said = held(interview, "y", meanwhile, "back", "back", "quit", language="en")
    assert "changed by someone else" in said[2].replace("\n", " ")
    assert "Undone: `clip.rate`." in said[3]
    assert "There is nothing to undo." in said[4]
    assert path.read_text(encoding="utf-8") == "# theirs\nclip.enabled: true\nbatch.size: 8\n"


def test_going_back_after_a_change_by_someone_else_undoes_nothing(interview: Interview, held: Callable[..., list[str]], answers: Path) -> None:
    def meanwhile() -> str:
        answers.write_text("clip.enabled: true # theirs\n", encoding="utf-8")
        return "back"

    said = held(interview, "y", meanwhile, "quit", language="en")
    assert "There is nothing to undo." in said[2]
    assert answers.read_text(encoding="utf-8") == "clip.enabled: true # theirs\n"


def test_a_disagreement_names_the_answers_that_are_not_in_the_file(interview: Interview, pages_of: PagesOf, answers: Path) -> None:
    interview.answer({"clip.enabled": True})
    answers.write_text("clip.enabled: false\n", encoding="utf-8")
    with pytest.raises(AnswersChangedError) as caught:
        interview.answer({"run.notes": "a: b"})
    page = as_text(pages_of(interview, "both").disagreement(answers, list(caught.value.lost.items())), 100, colour=False)
    assert '`clip.enabled: true`\n`run.notes: "a: b"`\n' in page
    assert "未被覆盖" in page


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("unknown", Command.UNKNOWN),
        ("?unknown", Command.UNKNOWN),
        (" 不知道 ", Command.UNKNOWN),
        ("BACK", Command.BACK),
        ("返回", Command.BACK),
        ("？", Command.HELP),
        ("?", Command.HELP),
        ("quit", Command.QUIT),
        ("退出", Command.QUIT),
        ('"quit"', None),
        ("quits", None),
        ("", None),
        ("x" * 100_000, None),
    ],
)
def test_commands(text: str, command: Command | None) -> None:
    assert command_of(text) is command


def test_hostile_answers_do_nothing_to_the_terminal(interview: Interview, held: Callable[..., list[str]]) -> None:
    said = "".join(held(interview, "\x1b[2J\u202e`evil`", "y\x00", "quit"))
    assert "\x1b" not in said
    assert "\u202e" not in said
