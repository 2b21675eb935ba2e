"""The command line as a user meets it: streams, exit codes, formats, and no traceback whatever comes in."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

CLIPPED = "clip.rate: 1.0\n"


def advise(*arguments: str, stdin: str | bytes = "", cwd: Path | None = None, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    data = stdin.encode() if isinstance(stdin, str) else stdin
    result = subprocess.run(
        [sys.executable, "-m", "advise", *arguments], input=data, capture_output=True, cwd=cwd, check=False, env={**os.environ, **(env or {})}
    )
    return subprocess.CompletedProcess(result.args, result.returncode, result.stdout.decode(), result.stderr.decode())


@pytest.fixture
def clipped(tmp_path: Path) -> Path:
    path = tmp_path / "facts.yaml"
    path.write_text(CLIPPED, encoding="utf-8")
    return path


def test_the_bare_form_is_the_main_job(clipped: Path) -> None:
    bare, full = advise(str(clipped), "--format", "json"), advise("plan", str(clipped), "--format", "json")
    assert bare.returncode == 0
    assert bare.stdout == full.stdout
    assert [item["id"] for item in json.loads(bare.stdout)["diagnoses"]] == ["clipping_saturated"]
    assert bare.stderr == ""


def test_options_may_come_first(clipped: Path) -> None:
    assert advise("--lang", "zh", "--format", "md", str(clipped)).returncode == 0


def test_standard_input_is_a_dash() -> None:
    result = advise("-", "--format", "json", stdin=CLIPPED)
    plan = json.loads(result.stdout)
    assert plan["facts"] == {"clip.rate": 1.0}
    assert plan["diagnoses"][0]["evidence"][0]["origin"].startswith("<stdin>:1:")


@pytest.mark.parametrize(("locale", "there", "absent"), [("zh_CN.UTF-8", "裁剪", "updates"), ("de_DE.UTF-8", "lipping", "裁剪")])
def test_in_a_pipe_the_plan_is_text_in_the_language_of_the_locale(clipped: Path, locale: str, there: str, absent: str) -> None:
    output = advise(str(clipped), env={"LC_ALL": locale}).stdout
    assert not output.startswith("#")
    assert there in output
    assert absent not in output


@pytest.mark.parametrize("arguments", [("--format", "md"), ("--format", "html"), ("--lang", "both")])
def test_what_is_handed_on_is_in_both_languages(clipped: Path, arguments: tuple[str, ...]) -> None:
    output = advise(str(clipped), *arguments, env={"LC_ALL": "en_US.UTF-8"}).stdout
    assert "裁剪" in output
    assert "lipping" in output


@pytest.mark.parametrize(("language", "absent"), [("en", "裁剪"), ("zh", "updates")])
def test_one_language_alone(clipped: Path, language: str, absent: str) -> None:
    assert absent not in advise(str(clipped), "--lang", language).stdout


@pytest.mark.parametrize(("level", "code"), [("never", 0), ("high", 0), ("medium", 1), ("low", 1), ("stop", 0), ("fix_first", 0)])
def test_fail_on_makes_a_concern_the_exit_code(clipped: Path, level: str, code: int) -> None:
    assert advise(str(clipped), "--fail-on", level).returncode == code


@pytest.mark.parametrize(
    ("facts", "verdict", "stop", "fix_first"),
    [
        ("gate.passed: false\nresume.second_epochs: 40\n", "stop", 1, 0),
        ("labels.max: 400\nlabels.min: 0\ntask.num_classes: 400\n", "fix_first", 1, 1),
    ],
)
def test_fail_on_a_verdict_means_it_or_a_stronger_one(tmp_path: Path, facts: str, verdict: str, stop: int, fix_first: int) -> None:
    (tmp_path / "facts.yaml").write_text(facts, encoding="utf-8")
    assert json.loads(advise("facts.yaml", "--format", "json", cwd=tmp_path).stdout)["verdict"]["id"] == verdict
    assert advise("facts.yaml", "--fail-on", "stop", cwd=tmp_path).returncode == stop
    assert advise("facts.yaml", "--fail-on", "fix_first", cwd=tmp_path).returncode == fix_first


def test_the_ending_of_the_output_file_chooses_the_format(clipped: Path, tmp_path: Path) -> None:
    for name, start in (("plan.json", "{"), ("plan.html", "<!"), ("plan.md", "# "), ("plan.markdown", "# ")):
        result = advise(str(clipped), "-o", str(tmp_path / name))
        assert (result.returncode, result.stdout) == (0, "")
        assert (tmp_path / name).read_text(encoding="utf-8").lstrip().startswith(start)


def test_an_output_file_is_whole_or_untouched(clipped: Path, tmp_path: Path) -> None:
    output = tmp_path / "plan.md"
    output.write_text("before", encoding="utf-8")
    clipped.write_text("clip.rate: 7\n", encoding="utf-8")
    assert advise(str(clipped), "-o", str(output)).returncode == 2
    assert output.read_text(encoding="utf-8") == "before"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["facts.yaml", "plan.md"]


def test_an_output_folder_that_is_not_there_is_said(clipped: Path, tmp_path: Path) -> None:
    result = advise(str(clipped), "-o", str(tmp_path / "no" / "plan.md"))
    assert result.returncode == 2
    assert "cannot be written" in result.stderr
    assert "Traceback" not in result.stderr


def test_every_problem_of_every_file_in_one_pass(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("clip.rat: 1.0\nlr.peak: fast\n", encoding="utf-8")
    (tmp_path / "b.yaml").write_text("clip.rate: 2\n", encoding="utf-8")
    result = advise("a.yaml", "b.yaml", "c.yaml", cwd=tmp_path)
    assert result.returncode == 2
    assert result.stdout == ""
    for expected in ("a.yaml:1:1:", "did you mean `clip.rate`", "a.yaml:2:", "b.yaml:1:", "c.yaml"):
        assert expected in result.stderr


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00\xff\xfe",
        b"[" * 5000,
        b"a: &a [*a]",
        b"facts: 3",
        b"- 1",
        b"{",
        b"\xff\xfea\x00",
        b"facts: {clip.rate: .nan}",
        b"run: \x1b[31m\n",
        b"%YAML 9\n---\n",
    ],
)
def test_bad_bytes_give_a_plan_or_a_located_error(data: bytes) -> None:
    result = advise("-", "--format", "json", stdin=data)
    assert result.returncode in (0, 2)
    assert "Traceback" not in result.stderr
    assert result.returncode == 0 or "<stdin>:" in result.stderr


def test_a_reader_that_leaves_early_is_no_error(clipped: Path) -> None:
    command = f"{sys.executable} -m advise {clipped} --format md | head -1"
    result = subprocess.run(["bash", "-c", f"set -o pipefail; {command}"], capture_output=True, check=False)
    assert b"Traceback" not in result.stderr
    assert b"BrokenPipe" not in result.stderr


def test_an_ascii_locale_takes_chinese(clipped: Path) -> None:
    result = advise(str(clipped), "--lang", "zh", env={"LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"})
    assert result.returncode == 0
    assert "裁剪" in result.stdout


def test_version_help_and_usage() -> None:
    assert advise("--version").stdout.startswith("advise 0.")
    assert "PATH" in advise("plan", "--help").stdout
    wrong = advise("--no-such-option")
    assert wrong.returncode == 2
    assert "Traceback" not in wrong.stderr


def test_shell_completion_is_offered() -> None:
    assert "--install-completion" in advise("--help").stdout


def test_verbose_names_the_engine(clipped: Path) -> None:
    assert "engine plain" in advise(str(clipped), "--engine", "plain", "--verbose").stderr


def test_engines_give_the_same_plan(clipped: Path) -> None:
    pytest.importorskip("durable_rules_engine")
    assert (
        advise(str(clipped), "--engine", "durable", "--format", "json").stdout == advise(str(clipped), "--engine", "plain", "--format", "json").stdout
    )


@pytest.mark.parametrize(("word", "meant"), [("pln", "plan"), ("observ", "observe"), ("studdy", "study"), ("xyzzy", None)])
def test_a_mistyped_command_is_no_file(word: str, meant: str | None, tmp_path: Path) -> None:
    result = advise(word, "x", cwd=tmp_path)
    assert (result.returncode, result.stdout) == (2, "")
    assert f"{word}: no file and no command is called so" in result.stderr
    assert (f"did you mean `{meant}`?" in result.stderr) == (meant is not None)


def test_a_file_that_is_called_like_a_mistyped_command_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "pln").write_text(CLIPPED)
    assert advise("pln", cwd=tmp_path).returncode == 0


@pytest.mark.parametrize(
    "word", ["higher", "lower", "max", "min", "maximize", "minimize", "maximise", "minimise", "Higher is better", "up", "down", "越高越好", "最小化"]
)
def test_a_direction_is_taken_in_any_word(word: str, tmp_path: Path) -> None:
    (tmp_path / "facts.yaml").write_text(f"metric.direction: {word}\n", encoding="utf-8")
    assert "metric.direction: m" in advise("observe", "facts.yaml", cwd=tmp_path).stdout
    compared = advise("compare", "0.1,0.2,0.3", "--with", "0.2,0.3,0.45", "--direction", word, "--format", "json", cwd=tmp_path)
    assert compared.returncode == 0, compared.stderr


def test_what_is_no_direction_is_told(tmp_path: Path) -> None:
    result = advise("compare", "0.1,0.2", "--with", "0.2,0.3", "--direction", "sideways", cwd=tmp_path)
    assert result.returncode == 2
    assert "write max or min" in result.stderr


@pytest.mark.parametrize("make", ["folder", "file"])
def test_where_there_is_no_log_the_exit_code_is_2(make: str, tmp_path: Path) -> None:
    path = tmp_path / "e.log"
    path.mkdir() if make == "folder" else path.write_text("")
    result = advise("e.log", cwd=tmp_path)
    assert (result.returncode, result.stdout) == (2, "")
    assert "no log here" in result.stderr
    assert "trainer_state.json" in result.stderr
