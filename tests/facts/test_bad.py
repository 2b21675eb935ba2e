"""Each file of tests/bad/facts has one defect, and beside it stands the exact report that people get."""

from __future__ import annotations

from pathlib import Path

import pytest

from advise.documents.problems import render
from advise.errors import FactsError
from advise.facts.read import read_all
from advise.knowledge.vocabulary import Vocabulary

FOLDER = Path(__file__).parents[1] / "bad" / "facts"
NAMES = sorted(path.name for path in FOLDER.iterdir() if path.suffix in (".yaml", ".json"))


@pytest.mark.parametrize("name", NAMES)
def test_report(name: str, vocabulary: Vocabulary, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(FOLDER)
    with pytest.raises(FactsError) as caught:
        read_all([name], vocabulary)
    assert len(caught.value.problems) == 1
    assert f"{render(caught.value.problems)}\n" == Path(f"{name}.report").read_text(encoding="utf-8")


def test_every_report_belongs_to_a_file() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.report")) == NAMES
