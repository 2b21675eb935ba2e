"""The cache of the prepared knowledge: never stale, never trusted when others could have written it, never in the way."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from advise.errors import KnowledgeError
from advise.knowledge import load, prepared
from advise.knowledge.files import RawFiles, Root
from advise.knowledge.load import load_knowledge
from advise.knowledge.prepared import compiled, prepare

Make = Callable[[dict[str, bytes | str] | None], RawFiles]


@pytest.fixture
def root(tmp_path: Path, files_of: Make, monkeypatch: pytest.MonkeyPatch) -> Root:
    for file in files_of(None).files:
        path = tmp_path / "base" / file.key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.content)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    # The code of a checkout may just have been edited; that is a reason of its own not to write.
    monkeypatch.setattr(prepared, "_edited_while_running", lambda: False)
    # So may these files.
    monkeypatch.setattr(prepared, "_SETTLING_SECONDS", -1.0)
    return Root(tmp_path / "base" / "kb", (tmp_path / "base" / "rules",))


def cached(root: Root) -> list[Path]:
    return sorted((root.kb.parents[1] / "cache" / "advise").glob("*.pickle"))


def test_the_second_time_it_comes_from_the_cache_and_is_the_same(root: Root, monkeypatch: pytest.MonkeyPatch) -> None:
    first = prepare(root)
    assert len(cached(root)) == 1
    monkeypatch.setattr(prepared, "compiled", None)  # whatever would compile again fails
    second = prepare(root)
    assert second.program == first.program
    assert {name: rule.spec for name, rule in second.knowledge.rules.items()} == {name: rule.spec for name, rule in first.knowledge.rules.items()}
    assert second.knowledge.vocabulary == first.knowledge.vocabulary


def test_a_changed_byte_is_seen(root: Root) -> None:
    prepare(root)
    rule = root.rules[0] / "stability" / "clipping-saturated.yaml"
    rule.write_text(rule.read_text(encoding="utf-8").replace("gt: 0.5", "gt: 0.6"), encoding="utf-8")
    assert "0.6" in str(prepare(root).knowledge.rules["stability/clipping-saturated"].when)


def test_of_a_changed_rule_that_alone_is_read_anew(root: Root, monkeypatch: pytest.MonkeyPatch) -> None:
    prepare(root)
    rules = root.rules[0] / "stability"
    text = (rules / "clipping-saturated.yaml").read_text(encoding="utf-8")
    (rules / "clipping-saturated.yaml").write_text(text.replace("gt: 0.5", "gt: 0.6"), encoding="utf-8")
    (rules / "another.yaml").write_text(text.replace("clipping-saturated\n", "another\n"), encoding="utf-8")
    (rules / "loosen.yaml").unlink()
    whole = load_knowledge(root)
    monkeypatch.setattr(load, "knowledge_of", None)  # whatever would read everything fails
    made = prepare(root)
    assert list(made.knowledge.rules) == list(whole.rules)
    assert {name: rule.spec for name, rule in made.knowledge.rules.items()} == {name: rule.spec for name, rule in whole.rules.items()}
    assert made.program == compiled(whole).program


@pytest.mark.parametrize("change", ["kb/derived.yaml", "kb/strings.yaml"])
def test_a_changed_catalogue_makes_everything_anew(root: Root, monkeypatch: pytest.MonkeyPatch, change: str) -> None:
    prepare(root)
    path = root.kb.parent / change
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    monkeypatch.setattr(load, "renewed", None)
    assert prepare(root).knowledge.rules


def test_a_mistake_in_a_changed_rule_is_told_as_when_everything_is_read(root: Root) -> None:
    prepare(root)
    rule = root.rules[0] / "stability" / "loosen.yaml"
    rule.write_text(rule.read_text(encoding="utf-8").replace("clip.doubled", "clip.doubledd"), encoding="utf-8")
    with pytest.raises(KnowledgeError) as found:
        prepare(root)
    with pytest.raises(KnowledgeError) as expected:
        load_knowledge(root)
    assert found.value.problems == expected.value.problems


def test_a_change_that_keeps_the_size_and_the_time_is_seen(root: Root) -> None:
    prepare(root)
    rule = root.rules[0] / "stability" / "clipping-saturated.yaml"
    before = rule.stat()
    rule.write_text(rule.read_text(encoding="utf-8").replace("gt: 0.5", "gt: 0.6"), encoding="utf-8")
    os.utime(rule, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert rule.stat().st_size == before.st_size
    assert "0.6" in str(prepare(root).knowledge.rules["stability/clipping-saturated"].when)


def test_what_changed_just_now_is_not_stored(root: Root, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepared, "_SETTLING_SECONDS", 3600.0)
    prepare(root)
    assert not cached(root)


def test_a_mistake_is_reported_although_the_rest_is_cached(root: Root) -> None:
    prepare(root)
    (root.rules[0] / "stability" / "loosen.yaml").write_text("id: [", encoding="utf-8")
    with pytest.raises(KnowledgeError):
        prepare(root)


@pytest.mark.parametrize("content", [b"", b"garbage", b"\x80\x05N."])
def test_a_broken_cache_is_made_anew(root: Root, content: bytes) -> None:
    prepare(root)
    (path,) = cached(root)
    path.write_bytes(content)
    assert prepare(root).knowledge.rules
    assert path.read_bytes() != content


def test_what_others_could_have_written_is_not_read(root: Root, monkeypatch: pytest.MonkeyPatch) -> None:
    prepare(root)
    (path,) = cached(root)
    path.chmod(0o666)
    monkeypatch.setattr(prepared, "_restored", None)  # whatever would restore it fails
    assert prepare(root).knowledge.rules


def test_a_cache_that_cannot_be_written_is_no_error(root: Root) -> None:
    (root.kb.parents[1] / "cache").write_text("a file where the folder should be", encoding="utf-8")
    assert prepare(root).knowledge.rules


def test_code_that_was_edited_while_running_stores_nothing(root: Root, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepared, "_edited_while_running", lambda: True)
    prepare(root)
    assert not cached(root)
