"""The text formats, tidy and untidy, each as a small file."""

from __future__ import annotations

import contextlib
import json
import math
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from advise.errors import LogError, MissingExtraError
from advise.runlog.readers.open import is_log, read_log
from advise.runlog.readers.table import Table

HOME = Path(__file__).resolve().parents[3]
DATA = HOME.parent / "shared" / "data"
Read = Callable[[str | bytes], Table]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def reading(content: str | bytes) -> Table:
        path = tmp_path / "log"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        (table,) = read_log(str(path), shown="log")
        return table

    return reading


def column(table: Table, name: str) -> list[float]:
    return [float(value) for value in table.columns[name].values]


def codes(table: Table) -> list[str]:
    return [remark.code for remark in table.remarks]


def test_csv_with_blanks(read: Read) -> None:
    table = read("epoch,step,train_loss,val_loss\n0,9,20.6,\n0,19,16.3,\n0,30,,nan\n")
    assert table.format == "csv"
    assert list(table.columns["train_loss"].records) == [0, 1]
    assert math.isnan(column(table, "val_loss")[0])
    assert list(table.lines) == [2, 3, 4]


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_delimiters(read: Read, delimiter: str) -> None:
    table = read("\n".join(delimiter.join(row) for row in (["step", "loss"], ["1", "0.5"], ["2", "Infinity"])))
    assert column(table, "loss") == [0.5, math.inf]


def test_decimal_commas(read: Read) -> None:
    assert column(read("step;loss\n1;0,5\n2;0,25\n"), "loss") == [0.5, 0.25]


def test_quotes_padding_and_line_ends(read: Read) -> None:
    table = read('"step" , "loss"\r\n 1 , "0.5"\r\n 2 , 0.4 \r\n')
    assert column(table, "loss") == [0.5, 0.4]


def test_a_header_in_the_middle_is_another_session(read: Read) -> None:
    table = read("step,loss\n1,3\n2,2\nstep,loss\n1,9\n")
    assert column(table, "loss") == [3, 2, 9]
    assert "repeated_headers" in codes(table)


def test_ragged_rows_and_a_cut_last_line(read: Read) -> None:
    table = read("step,loss,acc\n1,3\n2,2,0.5,7\n3,1.")
    assert column(table, "loss") == [3, 2, 1]
    assert codes(table) == ["ragged_rows"]


def test_no_header(read: Read) -> None:
    table = read("1,0.5\n2,0.4\n")
    assert list(table.columns) == ["column_1", "column_2"]
    assert "no_header" in codes(table)


def test_the_comment_of_a_monitor_file(read: Read) -> None:
    table = read('#{"t_start": 1.5, "env_id": "X-v1"}\nr,l,t\n-50.0,50,2.1\n-40.0,50,3.1\n')
    assert table.settings["env_id"] == "X-v1"
    assert list(table.lines) == [3, 4]


@pytest.mark.parametrize(
    ("content", "encoding"),
    [("步数,损失\n1,0.5\n2,0.4\n".encode("gbk"), "GBK"), (b"step,loss\xe9\n1,0.5\n2,0.4\n", "Latin-1")],
)
def test_other_encodings_are_read_and_said(read: Read, content: bytes, encoding: str) -> None:
    table = read(content)
    assert [remark.values["encoding"] for remark in table.remarks] == [encoding]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_marks_of_byte_order(read: Read, encoding: str) -> None:
    assert column(read("step,loss\n1,0.5\n2,0.4\n".encode(encoding)), "loss") == [0.5, 0.4]


def test_nul_bytes_are_left_out(read: Read) -> None:
    assert column(read(b"step,loss\n1,0.5\n2,0\0.4\n"), "loss") == [0.5, 0.4]


STATE = {"epoch": 2.0, "max_steps": 40, "num_train_epochs": 2, "log_history": [{"step": 10, "loss": 2.5}, {"step": 20, "eval_loss": 2.0}]}


def test_a_trainer_state_with_its_settings(read: Read) -> None:
    table = read(json.dumps(STATE, indent=2))
    assert table.format == "hf_trainer_state"
    assert (table.settings["max_steps"], column(table, "loss"), column(table, "step")) == (40, [2.5], [10, 20])
    assert list(table.lines) == [6, 10]


def test_a_trainer_state_with_literal_nan(read: Read) -> None:
    assert math.isnan(column(read(json.dumps({"log_history": [{"step": 1, "loss": math.nan}]})), "loss")[0])


def test_a_trainer_state_that_was_cut_off(read: Read) -> None:
    text = json.dumps(STATE)
    table = read(text[: text.index("eval_loss")])
    assert column(table, "loss") == [2.5]
    assert codes(table) == ["cut_off"]


def test_lines_of_json(read: Read) -> None:
    table = read('{"_step": 0, "loss": 1.5, "nested": {"lr": 0.1}}\nnot json\n{"_step": 1, "loss": NaN, "text": "x"}\n')
    assert column(table, "nested/lr") == [0.1]
    assert "text" not in table.columns
    assert codes(table) == ["lines_broken"]


def test_mmdetection_says_the_phase_in_a_field(read: Read) -> None:
    config = '{"env_info": "x", "seed": 0}\n'
    table = read(config + '{"mode": "train", "epoch": 1, "iter": 50, "loss": 1.0}\n{"mode": "val", "epoch": 1, "iter": 10, "bbox_mAP": 0.2}\n')
    assert {"train/loss", "val/bbox_mAP", "epoch", "iter"} <= table.columns.keys()
    assert table.settings["seed"] == 0


def test_a_list_of_objects(read: Read) -> None:
    assert column(read('[{"step": 1, "loss": 2}, {"step": 2, "loss": 1}]'), "loss") == [2, 1]


TEXT: Sequence[tuple[str, dict[str, float]]] = [
    ("2024-05-01 10:00:00 INFO step:12/1530 train_loss:8.37 train_time:31882ms", {"step": 12, "train_loss": 8.37, "train_time": 31.882}),
    ("Epoch: [3][120/500]\tTime 0.5 (0.6)\tLoss 0.41 (0.52)\tAcc@1 81.2 (80.0)", {"epoch": 3, "iter": 120, "Loss": 0.41}),
    ("Epoch 3/30 - loss: 0.4 - val_loss: 0.5", {"epoch": 3, "loss": 0.4, "val_loss": 0.5}),
    ("[ 120/1530] loss=0.7 lr=1e-4", {"step": 120, "loss": 0.7, "lr": 1e-4}),
    ("epoch=12 mean_epe_12=9.75 clip_rate=13.0%", {"epoch": 12, "mean_epe_12": 9.75, "clip_rate": 0.13}),
    ("\x1b[32mstep=5\x1b[0m loss=1.5 tokens=188,743,680", {"step": 5, "loss": 1.5, "tokens": 188743680}),
    ("step 7 | val loss 3.25", {"step": 7}),
]


@pytest.mark.parametrize(("line", "expected"), TEXT, ids=[line[:20] for line, _ in TEXT])
def test_lines_of_text(read: Read, line: str, expected: dict[str, float]) -> None:
    table = read(f"{line}\n{line}\n")
    assert {name: column(table, name)[0] for name in expected} == pytest.approx(expected)


def test_a_block_stands_below_its_step(read: Read) -> None:
    block = "[step={}/100,epoch=0]\n    train/loss=4.8\n    optim/norm=0.35\n"
    table = read("TrainConfig(seed=6198, name='x')\n" + block.format(10) + block.format(20))
    assert column(table, "train/loss") == [4.8, 4.8]
    assert [int(table.lines[record]) for record in table.columns["train/loss"].records] == [3, 6]
    assert column(table, "step") == [10, 20]
    assert table.settings["seed"] == 6198


def test_keras_progress_belongs_to_its_epoch(read: Read) -> None:
    text = "".join(f"Epoch {epoch}/2\n100/100 [=====] - 2s 20ms/step - loss: 0.{epoch} - val_loss: 0.5\n" for epoch in (1, 2))
    assert column(read(text), "loss") == [0.1, 0.2]


def test_a_bar_that_writes_over_itself_counts_once(read: Read) -> None:
    text = "".join(f"Epoch {epoch}:  10%| loss=9.0\rEpoch {epoch}: 100%| loss=0.{epoch}\n" for epoch in (1, 2, 3))
    assert column(read(text), "loss") == [0.1, 0.2, 0.3]


def test_nan_of_a_timing_is_no_nan_of_the_loss(read: Read) -> None:
    table = read("step:1/9 train_loss:10.8 step_avg:nanms\nstep:2/9 train_loss:9.8 step_avg:nanms\n")
    assert column(table, "train_loss") == [10.8, 9.8]


@pytest.mark.parametrize(
    ("ending", "code"),
    [
        ("torch.OutOfMemoryError: CUDA out of memory. Tried", "out_of_memory"),
        ("KeyboardInterrupt", "ended_by_interrupt"),
        ("Traceback (most recent call last):\nValueError: bad\x1b[31m label", "ended_by_exception"),
    ],
)
def test_how_it_ended_is_said(read: Read, ending: str, code: str) -> None:
    table = read(f"step=1 loss=2\nstep=2 loss=1\n{ending}\n")
    assert codes(table) == [code]


@pytest.mark.parametrize("content", ["", "step,loss\n", "hello\nworld\n", "{}", "\x00\x01\x02\x03"])
def test_what_is_no_log_is_explained(tmp_path: Path, content: str) -> None:
    path = tmp_path / "log"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(LogError):
        read_log(str(path), shown="log")


@given(content=st.one_of(st.binary(max_size=400), st.text(max_size=400).map(str.encode)))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
def test_any_bytes_are_read_or_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "any"
    path.write_bytes(content)
    is_log(str(path))
    with contextlib.suppress(LogError, MissingExtraError):
        read_log(str(path), shown="any")


LOGGISH = st.text(alphabet='step=loss: ,;\t"{}[]\n\r0123456789.-eEnaif/|', max_size=300)


@given(content=LOGGISH)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
def test_anything_like_a_log_is_read_or_refused(tmp_path: Path, content: str) -> None:
    test_any_bytes_are_read_or_refused.hypothesis.inner_test(tmp_path, content.encode())  # type: ignore[attr-defined]


@pytest.mark.parametrize("facts", sorted(HOME.glob("examples/**/*facts*.yaml")), ids=str)
def test_a_facts_file_is_no_log(facts: Path, tmp_path: Path) -> None:
    assert not is_log(str(facts))
    as_json = tmp_path / "facts.json"
    for indent in (None, 2):
        as_json.write_text(json.dumps(yaml.safe_load(facts.read_text("utf-8")), indent=indent), encoding="utf-8")
        assert not is_log(str(as_json))


LIKE_YAML = [
    "第{n}轮 训练损失: {x:.3f} 验证损失: {x:.4f}",
    "第{n}轮 损失: {x:.3f}",
    "run one train loss: {x:.3f} val loss: {x:.4f} at {n}",
]


@pytest.mark.parametrize("form", LIKE_YAML)
def test_lines_that_begin_like_yaml_are_a_log_all_the_same(form: str, tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("".join(form.format(n=n, x=2 / n) + "\n" for n in range(1, 9)), encoding="utf-8")
    assert is_log(str(log))


def test_a_value_in_quotes_or_braces_makes_no_log(tmp_path: Path) -> None:
    facts = tmp_path / "notes"
    facts.write_text('run: "a: b"\nlr: {peak: 0.1}\nbatch: [a: 1]\noptimizer.name: adam # note: once\n', encoding="utf-8")
    assert not is_log(str(facts))


@pytest.mark.parametrize("log", sorted((HOME / "examples" / "logs").glob("*/log*")), ids=str)
def test_the_examples_are_logs(log: Path) -> None:
    assert is_log(str(log))
    assert read_log(str(log))


@pytest.mark.skipif(not DATA.is_dir(), reason="../shared/data is not here")
def test_the_real_logs_are_read() -> None:
    files = [path for folder in ("runs", "generated") for path in sorted((DATA / folder).iterdir()) if path.suffix not in (".md", ".yaml")]
    no_logs = ("optuna_200trials.db", "seeds_modded_nanogpt_final_val.csv")
    read = [path.name for path in files if path.name not in no_logs and read_log(str(path))]
    assert len(read) == 31


RUNS = "run,final_epoch,val_loss\nsunny-frog-1,20,0.31\nbold-sea-2,18,0.34\ncalm-sky-3,20,0.29\n"


@pytest.mark.parametrize(
    "content",
    [
        RUNS,
        # Hashes, some of which are numbers; the steps are those at the end.
        "id,total_steps,final_val_loss,train_time_ms\n00008ea0-21dd,1530,3.27,264608\n123ac41a-8f7b,1530,3.28,264620\n14511f40-47db,1530,3.28,264672\n",
        "Name;State;val/acc;lr\nexp a;finished;0,91;0,001\nexp b;crashed;0,88;0,003\nexp c;finished;0,92;0,0003\n",
    ],
)
def test_a_table_of_runs_is_not_taken_for_the_log_of_one(read: Read, content: str) -> None:
    with pytest.raises(LogError, match="a table of runs") as caught:
        read(content)
    assert "advise compare" in str(caught.value.problems[0].accepted)


@pytest.mark.parametrize(
    "content",
    [
        "note,epoch,val_loss\nfirst,1,0.9\nsecond,2,0.8\nthird,3,0.7\n",
        "time,val_loss,lr,memory\n2024-05-01T10:00:00Z,0.9,0.1,3.41G\n2024-05-01T10:01:00Z,0.8,0.1,3.42G\n2024-05-01T10:02:00Z,0.7,0.1,3.43G\n",
        "phase,loss\ntrain,0.9\nval,1.0\ntrain,0.8\nval,0.9\n",
    ],
)
def test_words_in_a_log_make_it_no_table_of_runs(read: Read, content: str) -> None:
    assert read(content).columns


def test_a_large_table_read_fast_is_the_same_table(tmp_path: Path) -> None:
    pytest.importorskip("polars")
    from advise.runlog.readers import delimited, fast_csv

    text = "step,loss,val_loss\n" + "".join(f"{step},{1 / step!r},{'' if step % 7 else 'nan'}\n" for step in range(1, 2000))
    quick = fast_csv.read(text.encode(), "log")
    (slow,) = delimited.read(text, "log")
    assert quick is not None
    assert quick.columns.keys() == slow.columns.keys()
    assert list(quick.lines) == list(slow.lines)
    for name, column_read in quick.columns.items():
        assert list(column_read.records) == list(slow.columns[name].records)
        assert str(list(column_read.values)) == str(list(slow.columns[name].values))
