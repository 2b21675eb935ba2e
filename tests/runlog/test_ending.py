"""What a log says in words of how the run ended, with the numbers in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from advise import Advisor
from advise.text import Value

ROWS = "".join(f"step {step}: loss={1 + 5 / step:.4f}\n" for step in range(10, 1010, 10))
NEW_MEMORY = (
    "torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has a total capacity of 23.69 GiB of which 1.50 GiB is free. "
    "Including non-PyTorch memory, this process has 22.1 GiB memory in use. Of the allocated memory 20 GiB is allocated by PyTorch"
)
OLD_MEMORY = (
    "RuntimeError: CUDA out of memory. Tried to allocate 512.00 MiB (GPU 0; 15.78 GiB total capacity; 14.1 GiB already allocated; 256.00 MiB free; "
    "14.3 GiB reserved in total by PyTorch)"
)


@pytest.fixture(scope="module")
def advisor() -> Advisor:
    return Advisor(engine="plain")


def test_every_fact_of_a_message_exists(advisor: Advisor) -> None:
    base = advisor.knowledge
    assert base.messages.messages
    assert not {name for message in base.messages.messages for name in message.facts} - base.vocabulary.specs.keys()


def observed(advisor: Advisor, path: Path, text: str) -> dict[str, Value]:
    path.write_text(text, encoding="utf-8")
    return {name: fact.value for name, fact in advisor.observe(path).facts.items()}


ENDS: list[tuple[str, str, str]] = [
    (NEW_MEMORY, "crashed", "device_out_of_memory"),
    (OLD_MEMORY, "crashed", "device_out_of_memory"),
    ("[rank3]: torch.OutOfMemoryError: CUDA out of memory.", "crashed", "device_out_of_memory"),
    ("RESOURCE_EXHAUSTED: Out of memory while trying to allocate 12345 bytes.", "crashed", "device_out_of_memory"),
    (
        "RuntimeError: DataLoader worker (pid 77) is killed by signal: Bus error. It is possible that dataloader's workers are out of shared memory.",
        "crashed",
        "shared_memory",
    ),
    ("RuntimeError: DataLoader worker (pid 4242) is killed by signal: Killed. ", "killed", "host_out_of_memory"),
    (
        "slurmstepd: error: Detected 1 oom-kill event(s) in StepId=7.batch.",
        "killed",
        "host_out_of_memory",
    ),
    ("OSError: [Errno 28] No space left on device: '/ckpt/step_100.pt'", "crashed", "disk_full"),
    ("RuntimeError: [enforce fail at inline_container.cc:595] . unexpected pos 448 vs 342", "crashed", "disk_full"),
    ("IndexError: Target 10 is out of bounds.", "crashed", "label_out_of_range"),
    ("Loss.cu:240: nll_loss_forward_reduce: block: [0,0,0] Assertion `t >= 0 && t < n_classes` failed.", "crashed", "label_out_of_range"),
    ("IndexError: index out of range in self", "crashed", "index_out_of_range"),
    ("Indexing.cu:1292: indexSelectLargeIndex: Assertion `srcIndex < srcSelectDimSize` failed.", "crashed", "index_out_of_range"),
    ("RuntimeError: CUDA error: device-side assert triggered", "crashed", "device_assert"),
    ("RuntimeError: expected scalar type Half but found Float", "crashed", "dtype_mismatch"),
    ("RuntimeError: mat1 and mat2 must have the same dtype, but got Float and BFloat16", "crashed", "dtype_mismatch"),
    ("FloatingPointError: Minimum loss scale reached (0.0001). Your loss is probably exploding.", "crashed", "scale_at_floor"),
    (
        "[Rank 1] Watchdog caught collective operation timeout: WorkNCCL(SeqNum=9, OpType=ALLREDUCE, Timeout(ms)=600000) ran",
        "crashed",
        "collective_timeout",
    ),
    ("RuntimeError: Caught RuntimeError in DataLoader worker process 3.", "crashed", "loader_died"),
    ("slurmstepd: error: *** JOB 4711 ON node7 CANCELLED AT 2026-08-30T12:00:00 DUE TO TIME LIMIT ***", "killed", "time_limit"),
    ("slurmstepd: error: *** JOB 4711 ON node7 CANCELLED AT 2026-08-30T12:00:00 DUE TO PREEMPTION ***", "killed", "preempted"),
    ("slurmstepd: error: *** JOB 4711 ON node7 CANCELLED AT 2026-08-30T12:00:00 ***", "killed", "terminated"),
    ("torch.distributed.elastic.multiprocessing.api.SignalException: Process 4111 got signal: 15", "killed", "terminated"),
    ("Traceback (most recent call last):\nKeyboardInterrupt", "killed", "interrupted"),
    ("Killed", "killed", "terminated"),
    ("FloatingPointError: Loss became infinite or NaN at iteration=887!", "crashed", "nonfinite_loss"),
    ("Traceback (most recent call last):\n  File \"a.py\", line 1\nKeyError: 'labels'", "crashed", "exception"),
    ("2026-01-01 12:00:00 ERROR: ValueError: shapes do not match", "crashed", "exception"),
]


@pytest.mark.parametrize(("text", "state", "failure"), ENDS, ids=[f"{failure}-{place}" for place, (_, _, failure) in enumerate(ENDS)])
def test_how_the_run_ended(text: str, state: str, failure: str, advisor: Advisor, tmp_path: Path) -> None:
    path = tmp_path / "train.log"
    facts = observed(advisor, path, ROWS + text + "\n")
    assert (facts["run.state"], facts["run.failure"], facts["run.finished"]) == (state, failure, True)
    fact = advisor.observe(path).facts["run.failure"]
    assert fact.origin.line > 100
    assert fact.note is not None
    assert text.splitlines()[-1].split()[0] in fact.note.en or text.splitlines()[0].split()[0] in fact.note.en


def test_the_numbers_of_a_message(advisor: Advisor, tmp_path: Path) -> None:
    new, old = (observed(advisor, tmp_path / "train.log", ROWS + text) for text in (NEW_MEMORY, OLD_MEMORY))
    assert (new["memory.asked"], new["memory.free"], new["memory.capacity"]) == (2.0, 1.5, 23.69)
    assert (old["memory.asked"], old["memory.free"], old["memory.capacity"]) == (0.5, 0.25, 15.78)
    timed_out = observed(advisor, tmp_path / "train.log", ROWS + "Watchdog caught collective operation timeout: WorkNCCL(Timeout(ms)=600000)\n")
    assert timed_out["collective.timeout_ms"] == 600_000


def test_the_plan_says_what_to_do_with_the_numbers(advisor: Advisor, tmp_path: Path) -> None:
    (tmp_path / "train.log").write_text(ROWS + NEW_MEMORY)
    plan = advisor.advise(tmp_path / "train.log")
    assert plan.verdict.id == "fix_first"
    assert plan.diagnoses[0].id == "out_of_memory"
    assert "2.00 GiB were asked for and 1.50 GiB were free" in plan.diagnoses[0].why.en
    decision = next(item for item in plan.decisions if item.id == "fit_memory")
    assert any("0.50 GiB" in step.en and "0.50 GiB" in step.zh for step in decision.steps)


@pytest.mark.parametrize(
    "text",
    [
        "| WARNING: ran out of memory with exception: CUDA out of memory. ;\n Skipping batch\n",
        "KeyboardInterrupt is handled\n",
        "RuntimeError: CUDA out of memory. Tried to allocate 2.00 GiB\n",
        "UserWarning: this Error: is none\n",
    ],
)
def test_what_the_run_survived_did_not_end_it(text: str, advisor: Advisor, tmp_path: Path) -> None:
    rows = ROWS.splitlines(keepends=True)
    facts = observed(advisor, tmp_path / "train.log", "".join(rows[:50]) + text + "".join(rows[50:]))
    assert "run.state" not in facts
    assert "run.failure" not in facts


@pytest.mark.parametrize(
    "text",
    [
        "Epoch 00012: early stopping",
        "Monitored metric val_loss did not improve in the last 3 records. Best score: 0.3. Signaling Trainer to stop.",
        "EarlyStopping: Training stopped early as no improvement observed in last 50 epochs.",
    ],
)
def test_early_stopping(text: str, advisor: Advisor, tmp_path: Path) -> None:
    facts = observed(advisor, tmp_path / "train.log", ROWS + text + "\n")
    assert (facts["run.state"], facts["early_stopping.stopped"], facts["run.end_reason"]) == ("stopped_early", True, "early_stopping")


@pytest.mark.parametrize(
    "text", ["`Trainer.fit` stopped: `max_epochs=10` reached.", "{'train_runtime': '8.6', 'train_loss': '0.7'}", "100 epochs completed in 0.5 hours."]
)
def test_a_run_that_says_that_it_is_done(text: str, advisor: Advisor, tmp_path: Path) -> None:
    assert observed(advisor, tmp_path / "train.log", ROWS + text + "\n")["run.state"] == "finished"


def test_a_log_that_says_nothing_of_its_end(advisor: Advisor, tmp_path: Path) -> None:
    assert "run.state" not in observed(advisor, tmp_path / "train.log", "early_stopping=True patience=5 max_epochs=10\n" + ROWS)


def test_of_several_the_cause_counts_and_not_what_followed_from_it(advisor: Advisor, tmp_path: Path) -> None:
    text = (
        "".join(f"[rank{rank}]: Watchdog caught collective operation timeout\n" for rank in range(5)) + f"{NEW_MEMORY}\nProcess 4111 got signal: 15\n"
    )
    facts = observed(advisor, tmp_path / "train.log", ROWS + text)
    assert facts["run.failure"] == "device_out_of_memory"
    assert facts["run.state"] == "crashed"


def test_skipped_steps_are_counted(advisor: Advisor, tmp_path: Path) -> None:
    rows = ROWS.splitlines(keepends=True)
    text = "".join(f"{row}[deepspeed] OVERFLOW! Rank 0 Skipping step. Attempted loss scale: 65536\n" for row in rows[:30]) + "".join(rows[30:])
    assert observed(advisor, tmp_path / "train.log", text)["precision.scale_overflows"] == 30


def test_an_error_file_beside_a_table_tells_how_the_run_ended(advisor: Advisor, tmp_path: Path) -> None:
    (tmp_path / "metrics.csv").write_text("step,loss\n" + "".join(f"{step},{1 / step}\n" for step in range(1, 60)))
    (tmp_path / "slurm.err").write_text("some words\nOSError: [Errno 28] No space left on device\n")
    for given in (tmp_path, [tmp_path / "metrics.csv", tmp_path / "slurm.err"]):
        found = advisor.observe(given)
        assert found.facts["run.failure"].value == "disk_full"
        assert str(found.facts["run.failure"].origin) == f"{tmp_path / 'slurm.err'}:2"
    alone = advisor.observe(tmp_path / "slurm.err")
    assert alone.facts["run.failure"].value == "disk_full"


def test_a_line_of_megabytes_is_no_trouble(advisor: Advisor, tmp_path: Path) -> None:
    facts = observed(advisor, tmp_path / "train.log", ROWS + "x" * 3_000_000 + "RuntimeError: CUDA out of memory" + "y" * 3_000_000 + "\n")
    assert facts["run.steps_done"] == 1000
