from pathlib import Path

import pytest

from advise.cli import main


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "log.csv"
    path.write_text("step,loss\n" + "".join(f"{step},{1 / step:.4f}\n" for step in range(1, 30)), encoding="utf-8")
    return path


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr("sys.argv", ["advise", *arguments])
    with pytest.raises(SystemExit) as stopped:
        main()
    return int(stopped.value.code or 0)


def test_the_facts_are_written_with_their_origins(log: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(monkeypatch, "observe", str(log)) == 0
    out = capsys.readouterr().out
    assert "# train.loss = loss" in out
    assert "run.steps_done: 29" in out
    assert f"{log}:30" in out


def test_a_mapping_is_written_as_role_and_column(log: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(monkeypatch, "observe", str(log), "--map", "loss") == 2
    assert "ROLE=COLUMN" in capsys.readouterr().err


def test_an_unknown_role_is_explained(log: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(monkeypatch, "observe", str(log), "--map", "train.los=loss") == 2
    assert "did you mean `train.loss`" in capsys.readouterr().err


def test_a_plan_from_a_log_draws_its_curves(log: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(monkeypatch, str(log), "--lang", "en", "--full") == 0
    assert "█" in capsys.readouterr().out
