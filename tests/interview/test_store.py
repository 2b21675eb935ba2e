"""The facts file on disk: whole at every moment, never written over what someone else wrote, and no answer lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from advise.errors import AnswersChangedError, FactsError, FileChangedError, FileError
from advise.facts.answers import answers_text
from advise.facts.read import read_all
from advise.facts.record import Observed
from advise.interview.store import Store
from advise.interview.whole_file import WholeFile
from advise.knowledge.base import KnowledgeBase

HEAD = answers_text({}, {})[0]


@pytest.fixture
def store(knowledge: KnowledgeBase, path: Path) -> Store:
    return Store(path, knowledge.vocabulary)


def values(observed: Observed) -> dict[str, object]:
    return {name: fact.value for name, fact in observed.facts.items()}


def test_nothing_is_written_before_there_is_an_answer(store: Store, path: Path, answers: Path) -> None:
    assert values(store.open()) == {}
    assert list(path.parent.iterdir()) == []
    assert values(store.save({"lr.peak": 0.1})) == {"lr.peak": 0.1}
    assert answers.read_text(encoding="utf-8") == f"{HEAD}lr.peak: 0.1\n"
    assert not path.exists()


@pytest.mark.parametrize("name", ["facts.yaml", "facts.json"])
@pytest.mark.parametrize("text", ['{"clip.rate": 0.5, "lr.peak": "unknown"}', '\ufeff{"run": "a", "facts": {\r\n"clip.rate": 0.5}}'])
def test_the_facts_file_is_never_written_into(knowledge: KnowledgeBase, tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.write_bytes(text.encode())
    path.chmod(0o440)
    store = Store(path, knowledge.vocabulary)
    store.open()
    assert values(store.save({"lr.peak": 0.1, "run.notes": "好: 1"})) == {"clip.rate": 0.5, "lr.peak": 0.1, "run.notes": "好: 1"}
    assert path.read_bytes() == text.encode()
    assert values(Store(path, knowledge.vocabulary).open()) == {"clip.rate": 0.5, "lr.peak": 0.1, "run.notes": "好: 1"}
    assert store.paths == [path, tmp_path / "facts.answers.yaml"]


def test_several_answers_are_one_write_and_one_undo(store: Store, answers: Path) -> None:
    answers.write_text("# theirs\nclip.rate: 0.5\n", encoding="utf-8")
    store.open()
    store.save({"lr.peak": 0.1, "batch.size": 8})
    assert answers.read_text(encoding="utf-8") == f"{HEAD}clip.rate: 0.5\nlr.peak: 0.1\nbatch.size: 8\n"
    assert values(store.undo()) == {"clip.rate": 0.5}
    assert answers.read_text(encoding="utf-8") == "# theirs\nclip.rate: 0.5\n"
    assert not store.undoable
    assert store.saved == {}


def test_undoing_the_first_answer_removes_the_file(store: Store, answers: Path) -> None:
    store.open()
    store.save({"lr.peak": 0.1})
    store.undo()
    assert not answers.exists()


def test_where_each_fact_stands_is_known(store: Store, path: Path, answers: Path) -> None:
    path.write_text("# first\nfacts:\n  clip.rate: 0.5\nrun: mine\n", encoding="utf-8")
    store.open()
    store.save({"lr.peak": 0.1})
    observed = store.save({"batch.size": 8})
    places = [str(observed.facts[name].origin) for name in ("clip.rate", "lr.peak", "batch.size")]
    assert places == [
        f"{path}:3:3",
        f"{answers}:2:1",
        f"{answers}:3:1",
    ]
    assert observed.facts == Store(path, store.vocabulary).open().facts
    assert observed.run == "mine"


def test_an_answers_file_is_its_own(knowledge: KnowledgeBase, tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_text("{}", encoding="utf-8")
    path = tmp_path / "run7.answers.yaml"
    path.write_text("run: a # mine\nfollows: plan.json\nfacts:\n  clip.rate: 0.5\n", encoding="utf-8")
    store = Store(path, knowledge.vocabulary)
    store.open()
    store.save({"lr.peak": 0.1})
    assert store.paths == [path]
    assert path.read_text(encoding="utf-8") == f"{HEAD}run: a\nfollows: plan.json\nclip.rate: 0.5\nlr.peak: 0.1\n"
    assert Store(path, knowledge.vocabulary).open() == store.reload({})


def test_a_change_by_someone_else_is_noticed_and_stands(store: Store, path: Path, answers: Path) -> None:
    path.write_text("clip.rate: 0.5\n", encoding="utf-8")
    store.open()
    path.write_text("clip.rate: 0.5\nbatch.size: 8\n", encoding="utf-8")
    with pytest.raises(FileChangedError):
        store.save({"lr.peak": 0.1})
    assert not answers.exists()
    assert values(store.reload({"lr.peak": 0.1})) == {"clip.rate": 0.5, "batch.size": 8}
    assert values(store.save({"lr.peak": 0.1})) == {"clip.rate": 0.5, "batch.size": 8, "lr.peak": 0.1}
    assert path.read_text(encoding="utf-8") == "clip.rate: 0.5\nbatch.size: 8\n"


def test_undo_does_not_take_back_what_someone_else_did(store: Store, answers: Path) -> None:
    store.open()
    store.save({"lr.peak": 0.1})
    answers.write_text("lr.peak: 0.1\nbatch.size: 8\n", encoding="utf-8")
    with pytest.raises(FileChangedError):
        store.undo()
    store.reload({})
    assert not store.undoable
    assert answers.read_text(encoding="utf-8") == "lr.peak: 0.1\nbatch.size: 8\n"


@pytest.mark.parametrize(
    ("others", "lost"),
    [
        ("batch.size: 8\n", {"lr.peak": 0.1, "clip.rate": 0.5}),
        ("lr.peak: 0.2\n", {"lr.peak": 0.1, "clip.rate": 0.5}),
        ("lr.peak: 0.1\nclip.rate: 0.7\n", {"clip.rate": 0.5}),
        ("lr.peak: [\n", {"lr.peak": 0.1, "clip.rate": 0.5}),
        ("lr.peek: 0.1\n", {"lr.peak": 0.1, "clip.rate": 0.5}),
        (None, {"lr.peak": 0.1, "clip.rate": 0.5}),
    ],
)
def test_a_file_that_no_longer_agrees_stops_everything_and_loses_nothing(
    store: Store, answers: Path, others: str | None, lost: dict[str, object]
) -> None:
    store.open()
    store.save({"lr.peak": 0.1})
    if others is None:
        answers.unlink()
    else:
        answers.write_text(others, encoding="utf-8")
    with pytest.raises(FileChangedError):
        store.save({"clip.rate": 0.5})
    with pytest.raises(AnswersChangedError) as caught:
        store.reload({"clip.rate": 0.5})
    assert caught.value.lost == lost
    assert caught.value.path == answers
    assert (answers.read_text(encoding="utf-8") if answers.exists() else None) == others


@pytest.mark.parametrize("others", ["lr.peak: 0.2\n", "lr.peak: [\n", "clip.rate: 0.7\n"])
def test_a_facts_file_that_no_longer_agrees_takes_no_answer_with_it(store: Store, path: Path, answers: Path, others: str) -> None:
    store.open()
    store.save({"lr.peak": 0.1})
    path.write_text(others, encoding="utf-8")
    with pytest.raises(FileChangedError):
        store.save({"clip.rate": 0.5})
    with pytest.raises(AnswersChangedError) as caught:
        store.reload({"clip.rate": 0.5})
    assert caught.value.lost == {"clip.rate": 0.5}
    assert caught.value.path == path
    assert answers.read_text(encoding="utf-8") == f"{HEAD}lr.peak: 0.1\n"


@pytest.mark.parametrize("name", ["facts.yaml", "facts.answers.yaml"])
def test_a_file_that_appears_meanwhile_is_not_overwritten(store: Store, path: Path, name: str) -> None:
    store.open()
    path.with_name(name).write_text("batch.size: 8\n", encoding="utf-8")
    with pytest.raises(FileChangedError):
        store.save({"lr.peak": 0.1})


def test_what_is_wrong_with_the_file_is_said_at_once(store: Store, path: Path) -> None:
    path.write_text("lr.peek: 0.1\nclip.rate: 7\n", encoding="utf-8")
    with pytest.raises(FactsError) as caught:
        store.open()
    assert [problem.line for problem in caught.value.problems] == [1, 2]


def test_a_folder_that_is_not_there(knowledge: KnowledgeBase, tmp_path: Path) -> None:
    with pytest.raises(FileError, match="no folder"):
        Store(tmp_path / "no" / "facts.yaml", knowledge.vocabulary).open()


def test_a_folder_is_no_file(knowledge: KnowledgeBase, tmp_path: Path) -> None:
    with pytest.raises(FileError, match="cannot be read"):
        Store(tmp_path, knowledge.vocabulary).open()


def test_a_link_stays_a_link_and_the_mode_stays(store: Store, answers: Path, tmp_path: Path) -> None:
    target = tmp_path / "elsewhere" / "real.yaml"
    target.parent.mkdir()
    target.write_text("clip.rate: 0.5\n", encoding="utf-8")
    target.chmod(0o640)
    answers.symlink_to(target)
    store.open()
    store.save({"lr.peak": 0.1})
    assert answers.is_symlink()
    assert target.read_text(encoding="utf-8") == f"{HEAD}clip.rate: 0.5\nlr.peak: 0.1\n"
    assert target.stat().st_mode & 0o777 == 0o640


def test_a_failed_write_leaves_the_file_and_no_rubbish(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path.write_bytes(b"before")
    file = WholeFile(path)
    file.read()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(FileError, match="No space left"):
        file.write(b"after")
    assert path.read_bytes() == b"before"
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_someone_who_writes_while_we_write_is_not_overwritten(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path.write_bytes(b"before")
    file = WholeFile(path)
    file.read()
    monkeypatch.setattr(os, "fsync", lambda _: path.write_bytes(b"theirs"))
    with pytest.raises(FileChangedError):
        file.write(b"ours")
    assert path.read_bytes() == b"theirs"
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_what_a_killed_process_left_is_removed_when_it_is_old(path: Path) -> None:
    old, new, other = (path.with_name(name) for name in (".facts.yaml.aa.tmp", ".facts.yaml.bb.tmp", ".facts2.yaml.cc.tmp"))
    for each in (old, new, other):
        each.write_bytes(b"x")
    for each in (old, other):
        os.utime(each, (time.time() - 3600, time.time() - 3600))
    WholeFile(path).sweep()
    assert sorted(each.name for each in path.parent.iterdir()) == [new.name, other.name]


SAVING = """\
import sys
from pathlib import Path
from advise.text import Text
from advise.interview.store import Store
from advise.knowledge.vocabulary import FactSpec, Vocabulary
text = Text(en="x", zh="某")
names = [f"group.fact_{number}" for number in range(400)]
store = Store(Path(sys.argv[1]), Vocabulary(specs={name: FactSpec(type="integer", title=text, prompt=text, observe=text) for name in names}))
known = store.open().facts
for number, name in enumerate(names):
    if name not in known:
        store.save({name: number})
        print(name, flush=True)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs signals")
def test_being_killed_at_any_moment_leaves_a_valid_file_with_every_answer(path: Path) -> None:
    from advise.knowledge.vocabulary import FactSpec, FactType, Vocabulary
    from advise.text import Text

    text = Text(en="x", zh="某")
    names = [f"group.fact_{number}" for number in range(400)]
    vocabulary = Vocabulary(specs={name: FactSpec(type=FactType.INTEGER, title=text, prompt=text, observe=text) for name in names})
    path.write_text("# kept\n", encoding="utf-8")
    acknowledged = 0
    for round_number in range(6):
        process = subprocess.Popen([sys.executable, "-c", SAVING, str(path)], stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        for _ in range(5 + round_number):
            process.stdout.readline()
            acknowledged += 1
        # In the middle of one of the saves that go on meanwhile.
        time.sleep(0.001 * round_number)
        process.send_signal(signal.SIGKILL)
        acknowledged += len(process.stdout.readlines())
        process.wait()
        process.stdout.close()
        facts = read_all([path], vocabulary).facts
        assert len(facts) >= acknowledged
        assert {name: fact.value for name, fact in facts.items()} == {name: number for number, name in enumerate(names[: len(facts)])}
        acknowledged = len(facts)
        assert path.read_text(encoding="utf-8") == "# kept\n"
