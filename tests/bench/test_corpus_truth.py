"""The truth of the corpus speaks of what the knowledge base knows, and is split so that tuning and scoring both see each fault."""

from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
KEYS = {"kind", "expect", "fitting", "forbidden", "quiet", "allowed", "part", "why"}


def read(path: str) -> Any:
    return yaml.safe_load((ROOT / path).read_text("utf-8"))


TRUTH = read("bench/corpus/truth.yaml")
DIAGNOSES = set(read("kb/diagnoses.yaml")["diagnoses"])
DECISIONS = set(read("kb/decisions.yaml")["decisions"])
VERDICTS = {verdict["id"] for verdict in read("kb/verdicts.yaml")["verdicts"]}


@pytest.mark.parametrize("name", TRUTH)
def test_ids_are_of_the_knowledge_base(name: str) -> None:
    truth = TRUTH[name]

    assert set(truth) <= KEYS
    assert set(truth.get("expect", [])) | set(truth.get("allowed", [])) <= DIAGNOSES
    assert set(truth.get("fitting", [])) <= DECISIONS
    assert set(truth["forbidden"]) <= DIAGNOSES | DECISIONS | VERDICTS
    assert truth["part"] in ("tune", "publish")
    assert truth["why"].endswith(".")


@pytest.mark.parametrize("name", TRUTH)
def test_a_truth_can_be_met(name: str) -> None:
    truth = TRUTH[name]
    wanted = [*truth.get("expect", []), *truth.get("allowed", []), *truth.get("fitting", [])]

    assert not set(wanted) & set(truth["forbidden"])
    assert truth.get("expect") or truth.get("quiet")
    assert truth.get("quiet") or "allowed" not in truth


def test_every_kind_is_in_both_parts_where_it_has_two_runs() -> None:
    parts = defaultdict(list)
    for truth in TRUTH.values():
        parts[truth["kind"]].append(truth["part"])

    assert [kind for kind, of in parts.items() if len(of) > 1 and len(set(of)) == 1] == []


def test_the_halves_are_alike_and_the_corpus_is_large_enough() -> None:
    kinds = [truth["kind"] for truth in TRUTH.values()]
    tune = sum(truth["part"] == "tune" for truth in TRUTH.values())

    assert abs(len(TRUTH) - 2 * tune) <= 4
    assert len(set(kinds) - {"healthy"}) >= 22
    assert len(kinds) - kinds.count("healthy") >= 44
    assert kinds.count("healthy") >= 12
