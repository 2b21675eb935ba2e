"""Whatever is generated and committed is what the generators make now. `make generate` mends every failure here."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def generator(script: Callable[[str], ModuleType]) -> ModuleType:
    return script("examples/generate.py")


def test_the_plans_of_the_examples_and_the_readme_are_fresh(generator: ModuleType) -> None:
    stale = [
        str(path.relative_to(REPOSITORY)) for path, text in generator.generated() if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    assert not stale, f"stale: {', '.join(stale)}; run `make generate`, and read what changed"


def test_every_example_has_been_generated_from(generator: ModuleType) -> None:
    plans = {path for path, _ in generator.generated()}
    assert {REPOSITORY / "examples" / case / "plan.json" for case in ("supernet", "microsegformer", "stuck-cross-entropy", "btc-finetune")} <= plans
