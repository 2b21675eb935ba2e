"""A user's settings: rules silenced or taken more or less seriously, said wherever it matters, and every mistake in the file at its place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from advise.advisor import Advisor
from advise.errors import SettingsError
from advise.explain.explanation import explain
from advise.knowledge.base import KnowledgeBase
from advise.knowledge.files import RawFiles
from advise.knowledge.levels import with_settings
from advise.knowledge.load import knowledge_of

Make = Callable[[dict[str, bytes | str] | None], RawFiles]
SPOKEN = {"clip.rate": 0.9, "clip.threshold": 1}
PHRASES = """\
  rule_silenced: {en: "{rule} is off", zh: "{rule} 停用"}
  rule_releveled: {en: "{rule} is {now}, was {before}", zh: "{rule} 为 {now}，原为 {before}"}
"""


@pytest.fixture
def base(files_of: Make, small: dict[str, str]) -> KnowledgeBase:
    return knowledge_of(files_of({"kb/strings.yaml": small["kb/strings.yaml"] + PHRASES}))


@pytest.fixture
def under(base: KnowledgeBase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Advisor]:
    monkeypatch.chdir(tmp_path)

    def make(text: str) -> Advisor:
        Path(".advise.yaml").write_text(text, encoding="utf-8")
        return Advisor(with_settings(base, Path(".advise.yaml")), engine="plain")

    return make


def test_without_settings_nothing_changes(base: KnowledgeBase, tmp_path: Path) -> None:
    assert with_settings(base, tmp_path / ".advise.yaml") is base
    assert Advisor(base, engine="plain").advise(SPOKEN).levels == []


def test_a_silenced_rule_says_nothing_and_the_plan_says_so(under: Callable[[str], Advisor], base: KnowledgeBase) -> None:
    assert [item.id for item in Advisor(base, engine="plain").advise(SPOKEN).diagnoses] == ["clipping_saturated"]
    advisor = under("rules:\n  stability/clipping-saturated: off\n")
    plan = advisor.advise(SPOKEN)
    assert (plan.diagnoses, plan.decisions) == ([], [])
    assert [level.model_dump() for level in plan.levels] == [
        {"rule": "stability/clipping-saturated", "before": "medium", "now": "off", "origin": ".advise.yaml:2"}
    ]
    assert (plan.findings[-1].text.en, plan.findings[-1].origin) == ("stability/clipping-saturated is off", ".advise.yaml:2")
    for name in ("clipping_saturated", "stability/clipping-saturated"):
        assert [remark.zh for remark in explain(advisor.examine(SPOKEN), name).remarks] == ["stability/clipping-saturated 停用"]
    assert explain(advisor.examine(SPOKEN), "loosen_clip").remarks == []


def test_a_rule_counts_as_its_user_says(under: Callable[[str], Advisor]) -> None:
    advisor = under("rules:\n  stability/clipping-saturated: {severity: low}\n  stability/loosen: {priority: P2}\n")
    plan = advisor.advise(SPOKEN)
    assert [(item.id, item.severity) for item in plan.diagnoses] == [("clipping_saturated", "low")]
    assert [(item.id, item.priority) for item in plan.decisions] == [("loosen_clip", "P2")]
    assert [(level.before, level.now) for level in plan.levels] == [("medium", "low"), ("P1", "P2")]


@pytest.mark.parametrize(
    ("text", "line", "message", "meant"),
    [
        ("rules:\n  stability/clipping-saturate: off\n", 2, "unknown rule `stability/clipping-saturate`", "stability/clipping-saturated"),
        ("rules:\n  stability/clipping-saturated: of\n", 2, "must be a mapping or one of its words, got the word `of`", "off"),
        ("rules:\n  stability/clipping-saturated: {severity: lo}\n", 2, "must be one of its values, got the word `lo`", "low"),
        (
            "rules:\n  stability/clipping-saturated: {priority: P0}\n",
            2,
            "`stability/clipping-saturated` is a diagnosis, which has no priority",
            None,
        ),
        ("rules:\n  stability/loosen: {}\n", 2, "nothing is said of this rule", None),
        ("rule: {}\n", 1, "unknown key `rule`", "rules"),
    ],
)
def test_a_mistake_is_told_at_its_place(under: Callable[[str], Advisor], text: str, line: int, message: str, meant: str | None) -> None:
    with pytest.raises(SettingsError) as caught:
        under(text)
    (problem,) = caught.value.problems
    assert (problem.file, problem.line, problem.message, problem.nearest) == (".advise.yaml", line, message, meant)


def test_every_mistake_is_told_at_once(under: Callable[[str], Advisor]) -> None:
    with pytest.raises(SettingsError) as caught:
        under("rules:\n  no/such: off\n  stability/loosen: {severity: low}\n")
    assert [problem.line for problem in caught.value.problems] == [2, 3]


def test_a_link_is_not_followed(base: KnowledgeBase, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text("rules: {}\n", encoding="utf-8")
    (tmp_path / ".advise.yaml").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(SettingsError, match="links are not followed"):
        with_settings(base, tmp_path / ".advise.yaml")
