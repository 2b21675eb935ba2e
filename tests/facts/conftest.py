from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from advise.documents.problems import Problem
from advise.errors import FactsError
from advise.facts.read import read_all
from advise.facts.record import Observed
from advise.knowledge.vocabulary import FactSpec, FactType, Vocabulary
from advise.text import Text

_TEXT = Text(en="x", zh="某")
_KINDS = {"constant": Text(en="constant", zh="恒定"), "cosine": Text(en="cosine decay", zh="余弦"), "none": Text(en="none", zh="无")}


def _spec(kind: FactType, **bounds: object) -> FactSpec:
    return FactSpec.model_validate({"type": kind, "title": _TEXT, "prompt": _TEXT, "observe": _TEXT, **bounds})


@pytest.fixture(scope="session")
def vocabulary() -> Vocabulary:
    return Vocabulary(
        specs={
            "clip.rate": _spec(FactType.NUMBER, unit="ratio", min=0, max=1),
            "clip.threshold": _spec(FactType.NUMBER, above=0),
            "lr.peak": _spec(FactType.NUMBER, above=0, below=10),
            "lr.current": _spec(FactType.NUMBER, min=0),
            "lr.cosine": _spec(FactType.NUMBER, min=-1, max=1),
            "optimizer.name": _spec(FactType.TEXT),
            "optimizer.adam.beta1": _spec(FactType.NUMBER, min=0, below=1),
            "optimizer.weight_decay": _spec(FactType.NUMBER),
            "schedule.kind": _spec(FactType.ENUM, values=_KINDS),
            "batch.size": _spec(FactType.INTEGER, unit="samples", min=1),
            "early_stopping.enabled": _spec(FactType.BOOLEAN),
            "run.steps_done": _spec(FactType.INTEGER, min=0),
            "milestones.steps": _spec(FactType.INTEGERS, min=0),
            "milestones.rates": _spec(FactType.NUMBERS, above=0),
            "milestones.names": _spec(FactType.TEXTS),
        }
    )


@pytest.fixture
def read(vocabulary: Vocabulary, tmp_path: Path) -> Callable[..., Observed]:
    """Reads texts as the facts files a.yaml, b.yaml, … of a folder."""

    def read_texts(*texts: str | bytes, suffix: str = "yaml") -> Observed:
        paths = [tmp_path / f"{name}.{suffix}" for name, _ in zip("abcdef", texts, strict=False)]
        for path, text in zip(paths, texts, strict=True):
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_all(paths, vocabulary)

    return read_texts


@pytest.fixture
def refused(read: Callable[..., Observed]) -> Callable[..., tuple[Problem, ...]]:
    """The problems of facts files that have some."""

    def problems(*texts: str | bytes, suffix: str = "yaml") -> tuple[Problem, ...]:
        with pytest.raises(FactsError) as caught:
            read(*texts, suffix=suffix)
        return caught.value.problems

    return problems
