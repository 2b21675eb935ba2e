import shutil
from pathlib import Path

from advise.authoring.lint.addresses import house_numbers_said, sources_addressed
from advise.authoring.workbench import Workbench
from advise.knowledge.files import Root

BAD = Path(__file__).parents[1] / "bad"
TERM = "terms:\n  house_number:\n    en: house number\n    zh: 经验值\n"


def subject(
    tmp_path: Path, address: str, reason: str = "Above half, the threshold sets the step.", zh: str = "超过一半时，步长由阈值决定。"
) -> Workbench:
    """The small base with another address of its only source, and another reason of its only threshold."""
    shutil.copytree(BAD / "base", tmp_path, dirs_exist_ok=True)
    playbook, rule = tmp_path / "kb" / "playbook.yaml", tmp_path / "rules" / "stability" / "clipping-saturated.yaml"
    playbook.write_text(playbook.read_text(encoding="utf-8").replace("    url: https://example.org/note\n", address), encoding="utf-8")
    text = rule.read_text(encoding="utf-8").replace("Above half, the threshold sets the step.", reason)
    rule.write_text(text.replace("超过一半时，步长由阈值决定。", zh).replace("certainty: certain", "certainty: likely"), encoding="utf-8")
    (tmp_path / "kb" / "terms.yaml").write_text(TERM, encoding="utf-8")
    return Workbench.open(Root(tmp_path / "kb", (tmp_path / "rules",)))


def test_a_source_without_an_address_is_refused(tmp_path: Path) -> None:
    found = [*sources_addressed(subject(tmp_path, "").subject)]
    assert [(each.key, each.path) for each in found] == [("kb/playbook.yaml", ("documents", "note"))]


def test_a_private_document_and_a_table_of_ones_own_are_addresses(tmp_path: Path) -> None:
    assert not [*sources_addressed(subject(tmp_path / "a", "    private: true\n").subject)]
    assert not [*sources_addressed(subject(tmp_path / "b", "    table: docs/measured.md\n").subject)]


def test_a_number_that_a_private_document_alone_speaks_for_is_called_a_house_number(tmp_path: Path) -> None:
    found = [each.path for each in house_numbers_said(subject(tmp_path, "    private: true\n").subject) if "clipping-saturated" in each.key]
    assert found == [("sources",)]


def test_said_in_both_languages_it_may_stand(tmp_path: Path) -> None:
    bench = subject(tmp_path, "    private: true\n", "Above half; a house number.", "超过一半；此为经验值。")
    assert not [each for each in house_numbers_said(bench.subject) if "clipping-saturated" in each.key]


def test_a_number_with_an_address_needs_no_word(tmp_path: Path) -> None:
    assert not [*house_numbers_said(subject(tmp_path, "    url: https://example.org/note\n").subject)]
