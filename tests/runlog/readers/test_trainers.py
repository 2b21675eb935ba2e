"""What trainers print, each in its own form; the numbers are made here and have to come out under their roles, at their steps."""

# ruff: noqa: E501 - a line of a trainer is one line here too
from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import pytest

from advise.runlog.series.record import RunLog

# Ten losses, two in each epoch of a hundred steps, and five evaluations.
EVERY, EPOCHS, PER_EPOCH = 50, 5, 100
TRAIN = (2.304, 1.951, 1.603, 1.312, 1.104, 0.923, 0.811, 0.744, 0.702, 0.663)
DEV = (2.052, 1.503, 1.184, 1.021, 0.984)
SHARE = (0.314, 0.482, 0.611, 0.683, 0.702)
RATE = (0.00015, 0.0003, 0.00029, 0.00027, 0.00024, 0.0002, 0.00015, 0.0001, 0.00006, 0.00002)
NORM = (3.91, 3.15, 2.44, 2.31, 2.08, 1.74, 1.66, 1.59, 1.48, 1.41)
STEPS = tuple(EVERY * number for number in range(1, 11))


@dataclass(frozen=True)
class Row:
    """One line of training."""

    step: int
    epoch: int
    within: int
    loss: float
    lr: float
    norm: float


Line = Callable[[Row], str]
Evaluation = Callable[[int, int, float, float], str]
ROWS = [Row(step, place // 2, step - place // 2 * PER_EPOCH, *each) for place, (step, *each) in enumerate(zip(STEPS, TRAIN, RATE, NORM, strict=True))]


def log(train: Line, dev: Evaluation | None = None, *, head: str = "", epoch: Callable[[int], str] | None = None) -> str:
    """Two lines of training, then an evaluation, in each epoch; an evaluation is given the epoch from 0, the step, the loss and the share."""
    found = [head] if head else []
    for number in range(EPOCHS):
        if epoch is not None:
            found.append(epoch(number))
        found += [train(row) for row in ROWS[2 * number : 2 * number + 2]]
        if dev is not None:
            found.append(dev(number, (number + 1) * PER_EPOCH, DEV[number], SHARE[number]))
    return "\n".join(found) + "\n"


@dataclass(frozen=True)
class Expected:
    """What has to come out; None where the format does not print it."""

    train: Sequence[float] | None = TRAIN
    dev: Sequence[float] | None = DEV
    metric: Sequence[float] | None = None
    steps: Sequence[float] | None = STEPS
    lr: bool = True
    norm: bool = False
    axis: str = "step"


FORMATS: dict[str, tuple[str, Expected]] = {}


def form(name: str, text: str, expected: Expected) -> None:
    FORMATS[name] = (text, expected)


LOSS_ONLY = Expected(dev=None, lr=False)

form(
    "transformers 4",
    log(
        lambda row: f"{{'loss': {row.loss}, 'grad_norm': {row.norm}, 'learning_rate': {row.lr}, 'epoch': {row.step / PER_EPOCH}}}",
        lambda epoch, step, loss, share: (
            f"{{'eval_loss': {loss}, 'eval_accuracy': {share}, 'eval_runtime': 4.12, 'eval_samples_per_second': 121.2, 'epoch': {epoch + 1.0}}}"
        ),
    ),
    Expected(metric=SHARE, steps=[step / PER_EPOCH for step in STEPS], norm=True, axis="epoch"),
)
form(
    "transformers 5 with bars",
    log(
        lambda row: (
            f"\r {row.step // 5}%|{'█' * 3}▊      | {row.step}/500 [00:10<01:30,  7.68it/s]\r{' ' * 40}\r"
            f"{{'loss': '{row.loss}', 'grad_norm': '{row.norm}', 'learning_rate': '{row.lr}', 'epoch': '{row.step / PER_EPOCH}'}}"
        ),
        lambda epoch, step, loss, share: (
            f"\r  0%|          | 0/4 [00:00<?, ?it/s]\x1b[A\r100%|██████████| 4/4 [00:00<00:00, 41.85it/s]\x1b[A\r"
            f"{{'eval_loss': '{loss}', 'eval_accuracy': '{share}', 'eval_runtime': '0.14', 'epoch': '{epoch + 1}'}}"
        ),
    ),
    Expected(metric=SHARE, norm=True),
)
form(
    "lightning tqdm",
    log(
        lambda row: (
            f"Epoch {row.epoch}: {row.within}%|{'█' * (row.within // 10)}| {row.within}/100 [00:01<00:01, 49.9it/s, v_num=0, train_loss={row.loss}]\r"
            if row.within < 100
            else ""
        ),
        lambda epoch, step, loss, share: (
            f"Epoch {epoch}: 100%|██████████| 100/100 [00:02<00:00, 49.9it/s, v_num=0, train_loss={TRAIN[2 * epoch + 1]}, val_loss={loss}, val_acc={share}]"
        ),
    ),
    Expected(train=TRAIN[1::2], metric=SHARE, steps=STEPS[1::2], lr=False),
)
form(
    "lightning rich",
    log(
        lambda row: (
            f"\x1b[1A\x1b[2KEpoch {row.epoch}/4  ━━━━━━━━━╸  {row.within}/100 0:00:01 • 0:00:01 49.90it/s v_num: 0.000 train_loss: {row.loss}"
        ),
        lambda epoch, step, loss, share: (
            f"\x1b[1A\x1b[2KEpoch {epoch}/4  ━━━━━━━━━━ 100/100 0:00:02 • 0:00:00 49.90it/s v_num: 0.000 train_loss: {TRAIN[2 * epoch + 1]} val_loss: {loss} val_acc: {share}"
        ),
    ),
    Expected(train=TRAIN[1::2], metric=SHARE, steps=STEPS[1::2], lr=False),
)
form(
    "keras 3",
    log(
        lambda row: (
            f"\x1b[1m{row.within}/100\x1b[0m \x1b[32m━━━━━━━━━━\x1b[0m\x1b[37m━━━━━\x1b[0m \x1b[1m1s\x1b[0m 5ms/step - accuracy: 0.2 - loss: 9.0"
            if row.within < 100
            else ""
        ),
        lambda epoch, step, loss, share: (
            f"\r\x1b[1m100/100\x1b[0m \x1b[32m━━━━━━━━━━━━━━━\x1b[0m \x1b[1m1s\x1b[0m 6ms/step - accuracy: 0.5 - loss: {TRAIN[2 * epoch + 1]} - val_accuracy: {share} - val_loss: {loss}"
        ),
        epoch=lambda number: f"Epoch {number + 1}/5",
    ).replace("\n\r", "\r"),
    Expected(train=TRAIN[1::2], metric=SHARE, steps=STEPS[1::2], lr=False),
)
form(
    "keras 2, verbose 2",
    log(
        lambda row: (
            ""
            if row.within < 100
            else f"100/100 - 1s - loss: {row.loss} - accuracy: 0.5000 - val_loss: {DEV[row.epoch]} - val_accuracy: {SHARE[row.epoch]} - 1s/epoch - 6ms/step"
        ),
        epoch=lambda number: f"Epoch {number + 1}/5",
    ),
    Expected(train=TRAIN[1::2], metric=SHARE, steps=STEPS[1::2], lr=False),
)
form(
    "keras 2 with its bar",
    log(
        lambda row: (
            f"{row.within}/100 [=======>......................] - ETA: 3s - loss: 9.0 - accuracy: 0.1"
            if row.within < 100
            else f"100/100 [==============================] - 4s 5ms/step - loss: {row.loss} - accuracy: 0.5000 - val_loss: {DEV[row.epoch]} - val_accuracy: {SHARE[row.epoch]}"
        ),
        epoch=lambda number: f"Epoch {number + 1}/5",
    ),
    Expected(train=TRAIN[1::2], metric=SHARE, steps=STEPS[1::2], lr=False),
)
form(
    "keras 2, verbose 2, of minutes",
    log(
        lambda row: (
            ""
            if row.within < 100
            else f"100/100 - 1m{row.epoch}s - loss: {row.loss} - accuracy: 0.5000 - val_loss: {DEV[row.epoch]} - val_accuracy: {SHARE[row.epoch]}"
        ),
        epoch=lambda number: f"Epoch {number + 1}/5",
    ),
    Expected(train=TRAIN[1::2], metric=SHARE, steps=STEPS[1::2], lr=False),
)
form(
    "keras 1",
    log(
        lambda row: (
            ""
            if row.within < 100
            else f" - {row.epoch + 2}s - loss: {row.loss} - acc: 0.5000 - val_loss: {DEV[row.epoch]} - val_acc: {SHARE[row.epoch]}"
        ),
        epoch=lambda number: f"Epoch {number + 1}/5",
    ),
    Expected(train=TRAIN[1::2], metric=SHARE, steps=[1, 2, 3, 4, 5], lr=False, axis="epoch"),
)
form(
    "tqdm with the seconds in its brackets",
    log(
        lambda row: f"\r{row.within}%|█████     | {row.within}/100 [00:{row.epoch + 10}<00:30, 3.1it/s, loss={row.loss}]" if row.within < 100 else "",
        lambda epoch, step, loss, share: (
            f"\r100%|██████████| 100/100 [00:{epoch + 10}<00:00, 3.1it/s, loss={TRAIN[2 * epoch + 1]}]\nval_loss: {loss}"
        ),
        epoch=lambda number: f"epoch {number}",
    ),
    Expected(train=TRAIN[1::2], steps=STEPS[1::2], lr=False),
)
form(
    "short words for splits and counters",
    log(
        lambda row: f"itr {row.step} | tr_loss {row.loss} | ev_loss {DEV[row.epoch]}" if row.within == 100 else f"itr {row.step} | tr_loss {row.loss}"
    ),
    Expected(lr=False),
)
form(
    "a printed DataFrame",
    "   train_loss  val_loss  val_acc\n"
    + "".join(f"{epoch}       {TRAIN[2 * epoch + 1]}     {DEV[epoch]}    {SHARE[epoch]}\n" for epoch in range(5)),
    Expected(train=TRAIN[1::2], metric=SHARE, steps=[0, 1, 2, 3, 4], lr=False),
)
form(
    "nanoGPT",
    log(
        lambda row: f"iter {row.step}: loss {row.loss:.4f}, time 279.93ms, mfu 17.73%",
        lambda epoch, step, loss, share: f"step {step}: train loss {TRAIN[2 * epoch + 1]:.4f}, val loss {loss:.4f}\nsaving checkpoint to out",
        head="number of parameters: 10.65M\nnum decayed parameter tensors: 26, with 10,740,096 parameters",
    ),
    Expected(lr=False),
)
form(
    "llm.c stdout",
    log(
        lambda row: (
            f"step {row.step:4d}/500 | loss {row.loss:.6f} (+nanz)| norm {row.norm:.4f} (+nanz)| lr {row.lr:.2e} | 105.12 ms | 40.1% bf16 MFU | 4988 tok/s"
        ),
        lambda epoch, step, loss, share: f"val loss {loss:.6f}",
    ),
    Expected(norm=True),
)
form(
    "modded-nanogpt",
    log(
        lambda row: f"step:{row.step}/500 train_loss:{row.loss:.4f} train_time:{row.step * 31}ms step_avg:31.02ms",
        lambda epoch, step, loss, share: f"step:{step}/500 val_loss:{loss:.4f} train_time:{step * 31}ms step_avg:31.02ms",
    ),
    Expected(lr=False),
)
form(
    "Megatron-LM",
    log(
        lambda row: (
            f" [2024-05-01 10:00:00] iteration {row.step:8d}/     500 | consumed samples: {row.step * 512:12d} | elapsed time per iteration (ms): 8230.4 |"
            f" learning rate: {row.lr:.6E} | global batch size:   512 | lm loss: {row.loss:.6E} | loss scale: 1.0 | grad norm: {row.norm:.3f} |"
            " number of skipped iterations:   0 | number of nan iterations:   0 |"
        ),
        lambda epoch, step, loss, share: (
            "-" * 60 + f"\n validation loss at iteration {step} | lm loss value: {loss:.6E} | lm loss PPL: {math.exp(loss):.6E} |\n" + "-" * 60
        ),
    ),
    Expected(norm=True),
)
form(
    "DeepSpeed",
    log(
        lambda row: (
            f"[2024-05-01 00:00:50,000] [INFO] [logging.py:96:log_dist] [Rank 0] step={row.step}, skipped=0, lr=[{row.lr}, {row.lr}], mom=[(0.9, 0.95), (0.9, 0.95)]\n"
            f"steps: {row.step} loss: {row.loss:.4f} iter time (s): 0.512 samples/sec: 95.102"
        )
    ),
    Expected(dev=None),
)
form(
    "torchtitan",
    log(
        lambda row: (
            f"[rank0]:[titan] 2025-01-01 10:00:00,123 - root - INFO - \x1b[31mstep: {row.step:2}  \x1b[32mloss: {row.loss:7.4f}  \x1b[38;2;180;60;0mgrad_norm: {row.norm:7.4f}  "
            "\x1b[33mmemory:  1.62GiB(1.70%)  \x1b[34mtps: 30,380  \x1b[36mtflops: 59.05  \x1b[35mmfu: 5.97%\x1b[39m"
        ),
        lambda epoch, step, loss, share: (
            f"[rank0]:[titan] 2025-01-01 10:00:00,123 - root - INFO - \x1b[31mvalidate step: {step:2}  \x1b[32mloss: {loss:7.4f}  \x1b[33mmemory:  1.62GiB(1.70%)  \x1b[34mtps: 41,000\x1b[39m"
        ),
    ),
    Expected(lr=False, norm=True),
)
form(
    "torchtune file",
    log(lambda row: f"Step {row.step} | loss:{row.loss} lr:{row.lr} tokens_per_second_per_gpu:1021.5 peak_memory_active:11.2 grad_norm:{row.norm} "),
    Expected(dev=None, norm=True),
)
form(
    "LLaMA-Factory trainer_log.jsonl",
    log(
        lambda row: json.dumps(
            {
                "current_steps": row.step,
                "total_steps": 500,
                "loss": row.loss,
                "lr": row.lr,
                "epoch": row.step / 100,
                "percentage": row.step / 5,
                "elapsed_time": "0:00:10",
            }
        ),
        lambda epoch, step, loss, share: json.dumps(
            {"current_steps": step, "total_steps": 500, "eval_loss": loss, "epoch": epoch + 1.0, "percentage": step / 5, "elapsed_time": "0:00:20"}
        ),
    ),
    Expected(),
)
form(
    "ms-swift logging.jsonl",
    log(
        lambda row: json.dumps(
            {
                "loss": row.loss,
                "grad_norm": row.norm,
                "learning_rate": row.lr,
                "token_acc": 0.6,
                "epoch": row.step / 100,
                "global_step/max_steps": f"{row.step}/500",
                "percentage": "10.00%",
            }
        ),
        lambda epoch, step, loss, share: json.dumps(
            {
                "eval_loss": loss,
                "eval_token_acc": share,
                "eval_runtime": 1.2,
                "epoch": epoch + 1.0,
                "global_step/max_steps": f"{step}/500",
                "percentage": "20.00%",
            }
        ),
    ),
    Expected(metric=SHARE, norm=True),
)
form(
    "ms-swift stdout",
    log(
        lambda row: str(
            {
                "loss": row.loss,
                "grad_norm": row.norm,
                "learning_rate": row.lr,
                "epoch": row.step / 100,
                "global_step/max_steps": f"{row.step}/500",
                "percentage": "10.00%",
                "elapsed_time": "20s",
            }
        ),
        lambda epoch, step, loss, share: str(
            {"eval_loss": loss, "eval_token_acc": share, "epoch": epoch + 1.0, "global_step/max_steps": f"{step}/500"}
        ),
    ),
    Expected(metric=SHARE, norm=True),
)
form(
    "fairseq simple",
    log(
        lambda row: (
            f"2024-05-01 00:00:50 | INFO | train_inner | epoch {row.epoch + 1:03d}: {row.within:6d} / 100 loss={row.loss}, nll_loss={row.loss - 0.3:.3f}, ppl=350.1, wps=14185.4, ups=0.5,"
            f" wpb=28201.6, bsz=1117.8, num_updates={row.step}, lr={row.lr}, gnorm={row.norm}, clip=0, train_wall=93, gb_free=10.1, wall=100"
        ),
        lambda epoch, step, loss, share: (
            f"2024-05-01 00:01:40 | INFO | valid | epoch {epoch + 1:03d} | valid on 'valid' subset | loss {loss} | nll_loss {loss - 0.3:.3f} | ppl 180.2 | wps 40000 | wpb 3000 | bsz 100 | num_updates {step}\n"
            f"2024-05-01 00:01:40 | INFO | train | epoch {epoch + 1:03d} | loss {TRAIN[2 * epoch + 1]} | nll_loss 1.0 | ppl 300.2 | num_updates {step} | lr {RATE[2 * epoch + 1]} | gnorm 3.1 | train_wall 200"
        ),
    ),
    Expected(norm=True),
)
form(
    "OpenNMT-py",
    log(
        lambda row: (
            f"[2024-05-01 10:00:00,000 INFO] Step {row.step}/  500; acc:  5.4; ppl: {math.exp(row.loss):.2f}; xent: {row.loss:.3f}; lr: {row.lr:.5f}; sents:    3000; bsz:  400/ 300/ 3; 14201/13000 tok/s;     45 sec;"
        ),
        lambda epoch, step, loss, share: (
            f"[2024-05-01 10:00:00,000 INFO] Validation perplexity: {math.exp(loss):.4f}\n[2024-05-01 10:00:00,000 INFO] Validation accuracy: {100 * share:.3f}"
        ),
    ),
    Expected(metric=SHARE),
)
form(
    "Marian",
    log(
        lambda row: (
            f"[2024-05-01 10:00:50] Ep. {row.epoch + 1} : Up. {row.step} : Sen. {row.step * 60:,} : Cost {row.loss:.8f} : Time 12.11s : 14201.10 words/s : gNorm {row.norm:.4f} : L.r. {row.lr:.4e}"
        ),
        lambda epoch, step, loss, share: f"[2024-05-01 10:01:40] [valid] Ep. {epoch + 1} : Up. {step} : cross-entropy : {loss:.6f} : new best",
    ),
    Expected(norm=True),
)
form(
    "Sockeye 3",
    log(
        lambda row: (
            f"[2024-05-01:10:00:00:INFO:sockeye.training:speed_update] E={row.epoch} B={row.step}\ts/sec=500.00\ttok/sec=12000.00\tu/sec=5.10\tppl={math.exp(row.loss):.4f}"
        ),
        lambda epoch, step, loss, share: (
            f"[2024-05-01:10:00:00:INFO:sockeye.training:log] Checkpoint [{epoch + 1}]\tUpdates={step} Epoch={epoch} Samples=3000 Time-cost=12.1 Updates/sec=5.1\n"
            f"[2024-05-01:10:00:00:INFO:sockeye.training:log] Checkpoint [{epoch + 1}]\tValidation-perplexity={math.exp(loss):.6f}"
        ),
    ),
    Expected(lr=False),
)
form(
    "NeMo 2",
    log(
        lambda row: (
            f"Training epoch {row.epoch}, iteration {row.within - 1}/99 | lr: {row.lr} | global_batch_size: 512 | global_step: {row.step} | reduced_train_loss: {row.loss} | train_step_timing in s: 0.52 | consumed_samples: {row.step * 512}"
            + (f" | val_loss: {DEV[row.epoch]}" if row.within == 100 else "")
        ),
    ),
    Expected(),
)
form(
    "SpeechBrain train_log.txt",
    log(
        lambda row: (
            ""
            if row.within < 100
            else f"epoch: {row.epoch + 1}, lr: {row.lr:.2e} - train loss: {row.loss:.3f} - valid loss: {DEV[row.epoch]:.3f}, valid CER: 12.1, valid WER: {100 - 100 * SHARE[row.epoch]:.1f}"
        ),
    ),
    Expected(train=TRAIN[1::2], steps=[1, 2, 3, 4, 5], axis="epoch"),
)
form(
    "timm stdout",
    log(
        lambda row: (
            f"Train: {row.epoch} [{row.within:4d}/100 ({row.within:3d}%)]  Loss: {row.loss:#.4g} ({row.loss:#.3g})  Time: 0.409s, 2503.45/s  (0.456s, 2246.20/s)  LR: {row.lr:.3e}  Data: 0.010 (0.030)"
        ),
        lambda epoch, step, loss, share: (
            f"Test: [   0/20]  Time: 0.5 (0.5)  Loss:   {loss + 1:.3f} ({loss + 1:.3f})  Acc@1:  10.000 ( 10.000)  Acc@5:  92.0 ( 92.0)\n"
            f"Test: [  20/20]  Time: 0.5 (0.5)  Loss:   9.000 ({loss:.3f})  Acc@1:  10.000 ({100 * share:.3f})  Acc@5:  92.0 ( 92.0)\n"
            f"*** Best metric: {100 * share} (epoch {epoch})"
        ),
    ),
    Expected(dev=None),
)
form(
    "pytorch imagenet",
    log(
        lambda row: (
            f"Epoch: [{row.epoch}][{row.within:4d}/100]\tTime  0.412 ( 0.500)\tData  0.001 ( 0.041)\tLoss {row.loss:.4e} ({row.loss:.4e})\tAcc@1   5.40 (  5.40)\tAcc@5  11.75 ( 11.75)"
        ),
        lambda epoch, step, loss, share: (
            f"Test: [  1/20]\tTime  2.0 ( 2.0)\tLoss {loss:.4e} ({loss:.4e})\tAcc@1  33.43 ( 33.43)\tAcc@5  90.00 ( 90.00)\n *   Acc@1 {100 * share:.3f} Acc@5 43.427"
        ),
    ),
    Expected(dev=None, lr=False),
)
form(
    "pytorch mnist",
    log(
        lambda row: f"Train Epoch: {row.epoch + 1} [{row.within * 64}/6400 ({row.within}%)]\tLoss: {row.loss:.6f}",
        lambda epoch, step, loss, share: f"\nTest set: Average loss: {loss:.4f}, Accuracy: {round(10000 * share)}/10000 ({100 * share:.0f}%)\n",
    ),
    Expected(dev=None, lr=False, steps=[step / PER_EPOCH for step in STEPS], axis="epoch"),
)
form(
    "pytorch word language model",
    log(
        lambda row: (
            f"| epoch {row.epoch + 1:3d} | {row.within:5d}/{PER_EPOCH:5d} batches | lr 20.00 | ms/batch 148.77 | loss {row.loss:5.3f} | ppl {math.exp(row.loss):8.2f}"
        ),
        lambda epoch, step, loss, share: (
            "-" * 89 + f"\n| end of epoch {epoch + 1:3d} | time: 45.60s | valid loss {loss:5.3f} | valid ppl {math.exp(loss):8.2f}\n" + "-" * 89
        ),
    ),
    Expected(lr=False),
)
form(
    "detectron2",
    log(
        lambda row: (
            f"[05/11 09:00:05 d2.utils.events]:  eta: 3:12:40  iter: {row.step}  total_loss: {row.loss}  loss_cls: 0.5  loss_box_reg: 0.2  time: 0.3120  data_time: 0.0041  lr: {row.lr:.6f}  max_mem: 5120M"
        ),
        lambda epoch, step, loss, share: (
            "[05/11 09:00:09 d2.evaluation.testing]: copypaste: AP,AP50,AP75,APs,APm,APl\n[05/11 09:00:09 d2.evaluation.testing]: copypaste: 36.1,50.2,40.1,20.1,30.1,40.1"
        ),
        head="[05/11 08:59:08 d2.data.build]: Using training sampler TrainingSampler",
    ),
    Expected(dev=None),
)
form(
    "MMEngine",
    log(
        lambda row: (
            f"2024/05/01 00:00:50 - mmengine - INFO - Epoch(train) [{row.epoch + 1}][{row.within:3d}/100]  lr: {row.lr:.4e}  eta: 0:10:00  time: 0.2012  data_time: 0.0031  memory: 3012  grad_norm: {row.norm:.4f}  loss: {row.loss:.4f}  loss_cls: 0.2"
        ),
        lambda epoch, step, loss, share: (
            f"2024/05/01 00:01:40 - mmengine - INFO - Epoch(val) [{epoch + 1}][20/20]    accuracy/top1: {100 * share:.4f}  accuracy/top5: 95.1  data_time: 0.0021  time: 0.0312"
        ),
    ),
    Expected(dev=None, metric=SHARE, norm=True),
)
form(
    "MMEngine by iterations",
    log(
        lambda row: (
            f"05/01 00:00:50 - mmengine - INFO - Iter(train) [{row.step:6d}/500]  lr: {row.lr:.4e}  eta: 0:10:00  time: 0.2012  data_time: 0.0031  memory: 3012  loss: {row.loss:.4f}  decode.loss_ce: 0.2  decode.acc_seg: 80.1"
        ),
        lambda epoch, step, loss, share: (
            f"05/01 00:01:40 - mmengine - INFO - Iter(val) [20/20]    aAcc: 90.1000  mIoU: {100 * share:.4f}  mAcc: 70.1000  data_time: 0.0021  time: 0.0312"
        ),
    ),
    Expected(dev=None, metric=SHARE),
)
form(
    "mmcv log.json",
    log(
        lambda row: json.dumps(
            {
                "mode": "train",
                "epoch": row.epoch + 1,
                "iter": row.within,
                "lr": row.lr,
                "memory": 3012,
                "data_time": 0.01,
                "loss": row.loss,
                "grad_norm": row.norm,
                "time": 0.3,
            }
        ),
        lambda epoch, step, loss, share: json.dumps(
            {"mode": "val", "epoch": epoch + 1, "iter": 20, "lr": 0.01, "bbox_mAP": share, "bbox_mAP_50": 0.9}
        ),
        head=json.dumps({"env_info": "x", "config": "y", "seed": 0}),
    ),
    Expected(dev=None, metric=SHARE, norm=True),
)
form(
    "Ultralytics stdout",
    "\n".join(
        f"\n      Epoch    GPU_mem   box_loss   cls_loss   dfl_loss  Instances       Size\n"
        f"        {epoch + 1}/5      2.14G      {TRAIN[2 * epoch + 1]:.3f}      2.100      1.200         14        640: 100%|██████████| 100/100 [00:03<00:00,  2.5it/s]\n"
        f"                 Class     Images  Instances      Box(P          R      mAP50  mAP50-95): 100%|██████████| 4/4 [00:01<00:00,  3.1it/s]\n"
        f"                   all        128        929      0.640      0.537      0.900      {SHARE[epoch]:.3f}"
        for epoch in range(5)
    ),
    Expected(train=TRAIN[1::2], dev=None, metric=SHARE, steps=[1, 2, 3, 4, 5], lr=False, axis="epoch"),
)
form(
    "YOLOv5 stdout",
    "\n".join(
        f"\n     Epoch   gpu_mem       box       obj       cls    labels  img_size\n"
        f"       {epoch}/4     2.14G   {TRAIN[2 * epoch + 1]:.5f}   0.06105   0.02107        14       640: 100%|██████████| 100/100 [00:03<00:00,  2.5it/s]\n"
        f"               Class     Images     Labels          P          R     mAP@.5 mAP@.5:.95: 100%|██████████| 4/4 [00:01<00:00,  3.1it/s]\n"
        f"                 all        128        929      0.640      0.537      0.900      {SHARE[epoch]:.3f}"
        for epoch in range(5)
    ),
    Expected(train=None, dev=None, metric=SHARE, steps=None, lr=False),
)
form(
    "YOLOX",
    log(
        lambda row: (
            f"2024-05-01 10:00:00 | INFO     | yolox.core.trainer:261 - epoch: {row.epoch + 1}/5, iter: {row.within}/100, gpu mem: 5000Mb, mem: 14.1Gb, iter_time: 0.512s, data_time: 0.010s, total_loss: {row.loss}, iou_loss: 0.5, l1_loss: 0.0, conf_loss: 0.2, cls_loss: 0.1, lr: {row.lr:.3e}, size: 640, ETA: 1 day, 2:00:00"
        ),
        lambda epoch, step, loss, share: (
            f" Average Precision  (AP) @[ IoU=0.50:0.95 | area=   all | maxDets=100 ] = {share:.3f}\n Average Precision  (AP) @[ IoU=0.50      | area=   all | maxDets=100 ] = 0.900\n"
            " Average Recall     (AR) @[ IoU=0.50:0.95 | area=   all | maxDets=  1 ] = 0.300\n Average Recall     (AR) @[ IoU=0.50:0.95 | area=   all | maxDets= 10 ] = 0.400"
        ),
    ),
    Expected(dev=None, metric=SHARE),
)
form(
    "nnU-Net",
    "".join(
        "".join(
            f"2024-09-03 08:02:01.123456: {line}\n"
            for line in [
                "",
                f"Epoch {epoch}",
                f"Current learning rate: {RATE[2 * epoch + 1]}",
                f"train_loss {TRAIN[2 * epoch + 1]}",
                f"val_loss {DEV[epoch]}",
                f"Pseudo dice [np.float32({SHARE[epoch]})]",
                "Epoch time: 121.3 s",
            ]
        )
        for epoch in range(5)
    ),
    Expected(train=TRAIN[1::2], metric=SHARE, steps=[0, 1, 2, 3, 4], axis="epoch"),
)
form(
    "PaddleOCR",
    log(
        lambda row: (
            f"[2022/07/05 10:00:50] ppocr INFO: epoch: [{row.epoch + 1}/5], global_step: {row.step}, lr: {row.lr:.6f}, acc: 0.054040, norm_edit_dis: 0.300000, CTCLoss: 9.1, loss: {row.loss:.6f}, avg_reader_cost: 0.10012 s, avg_batch_cost: 0.51012 s, avg_samples: 64.0, ips: 120.12345 samples/s, eta: 0:10:00"
        ),
        lambda epoch, step, loss, share: (
            f"[2022/07/05 10:01:40] ppocr INFO: cur metric, acc: {share}, norm_edit_dis: 0.5, fps: 800.1\n"
            f"[2022/07/05 10:01:41] ppocr INFO: best metric, acc: 0.9, is_float16: False, norm_edit_dis: 0.9, fps: 800.1, best_epoch: 1"
        ),
    ),
    Expected(dev=None, metric=SHARE),
)
form(
    "PaddleClas",
    log(
        lambda row: (
            f"[2022/07/05 10:00:50] ppcls INFO: [Train][Epoch {row.epoch + 1}/5][Iter: {row.within}/100]lr(CosineAnnealing): {row.lr:.8f}, top1: 0.05404, CELoss: {row.loss:.5f}, loss: {row.loss:.5f}, batch_cost: 0.53062s, reader_cost: 0.11223, ips: 241.22737 samples/s, eta: 4:57:50"
        ),
        lambda epoch, step, loss, share: (
            f"[2022/07/05 10:01:40] ppcls INFO: [Train][Epoch {epoch + 1}/5][Avg]top1: 0.10516, CELoss: 3.0, loss: 3.0\n"
            f"[2022/07/05 10:01:40] ppcls INFO: [Eval][Epoch {epoch + 1}][Iter: 0/20]CELoss: {loss + 1:.5f}, loss: {loss + 1:.5f}, top1: 0.9, batch_cost: 2.1s, reader_cost: 1.9, ips: 60.1 images/sec\n"
            f"[2022/07/05 10:01:40] ppcls INFO: [Eval][Epoch {epoch + 1}][Avg]CELoss: {loss:.5f}, loss: {loss:.5f}, top1: {share:.5f}\n"
            f"[2022/07/05 10:01:40] ppcls INFO: [Eval][Epoch {epoch + 1}][best metric: 0.99]"
        ),
    ),
    Expected(metric=SHARE),
)
form(
    "ESPnet 2",
    log(
        lambda row: (
            f"[node01] 2024-05-01 00:00:50,123 (trainer:779) INFO: {row.epoch + 1}epoch:train:{row.within - 49}-{row.within}batch: iter_time=1.2e-04, forward_time=0.103, loss_ctc=10.9, loss_att=8.2, acc=0.054, loss={row.loss}, backward_time=0.1, grad_norm={row.norm}, clip=100.000, loss_scale=1.000, optim_step_time=0.02, optim0_lr0={row.lr}, train_time=0.412"
        ),
        lambda epoch, step, loss, share: (
            f"[node01] 2024-05-01 00:01:40,123 (trainer:365) INFO: {epoch + 1}epoch results: [train] iter_time=1.1e-04, loss=3.0, grad_norm=3.1, optim0_lr0=1e-05, train_time=0.4, time=1 minute and 20.1 seconds, total_count=100, [valid] loss_ctc=9.9, cer_ctc=0.6, acc={share}, loss={loss}, time=4.1 seconds, total_count=10"
        ),
    ),
    Expected(metric=SHARE, norm=True),
)
form(
    "Composer console",
    log(
        lambda row: (
            f"[batch={row.step}/500]:\n\t Train time/epoch: 0\n\t Train time/batch: {row.step - 1}\n\t Train time/sample: 25088\n\t Train loss/train/total: {row.loss}\n\t Train metrics/train/LanguageCrossEntropy: {row.loss}\n\t Train throughput/batches_per_sec: 0.5\n\t Train lr-DecoupledAdamW/group0: {row.lr}\n\t Train l2_norm/grad/global: {row.norm}"
        ),
        lambda epoch, step, loss, share: (
            f"[Eval batch=1/10] Eval on eval data\n[Eval batch=10/10] Eval on eval data:\n\t Eval metrics/eval/LanguageCrossEntropy: {loss}\n\t Eval metrics/eval/LanguagePerplexity: {math.exp(loss)}"
        ),
    ),
    Expected(norm=True),
)
form(
    "Levanter",
    log(
        lambda row: (
            f"2024-05-01T00:00:50 - 0 - levanter.tracker - INFO :: Progress on:train {row.step}it/500it rate:1.2it/s remaining:00:12:00 elapsed:00:00:50 postfix:loss={row.loss}"
        ),
        lambda epoch, step, loss, share: f"2024-05-01T00:01:40 - 0 - levanter.eval - eval.py:251 - INFO :: eval loss: {loss}",
    ),
    Expected(lr=False),
)
form(
    "MaxText",
    log(
        lambda row: (
            f"completed step: {row.step}, seconds: 1.203, TFLOP/s/device: 100.112, Tokens/s/device: 5000.123, total_weights: 131072, loss: {row.loss:.3f}"
        ),
        lambda epoch, step, loss, share: f"eval metrics after step: {step}, loss={loss:.3f}, total_weights=655360.0",
    ),
    Expected(lr=False),
)
form(
    "clu",
    log(
        lambda row: (
            f"I1127 10:22:26.140852 139938806449728 logging_writer.py:48] [{row.step}] learning_rate={row.lr}, train_loss={row.loss}, train_accuracy=0.05"
        ),
        lambda epoch, step, loss, share: (
            f"I1127 10:22:27.140852 139938806449728 logging_writer.py:48] [{step}] eval_accuracy={share}, eval_loss={loss}"
        ),
    ),
    Expected(metric=SHARE),
)
form(
    "TF Estimator",
    log(
        lambda row: f"INFO:tensorflow:loss = {row.loss}, step = {row.step} (10.123 sec)\nINFO:tensorflow:global_step/sec: 9.8812",
        lambda epoch, step, loss, share: (
            f"INFO:tensorflow:Saving dict for global step {step}: accuracy = {share}, global_step = {step}, loss = {loss}"
        ),
    ),
    Expected(metric=SHARE, lr=False),
)
form(
    "Caffe",
    log(
        lambda row: (
            f"I0613 17:29:58.112  1860 solver.cpp:228] Iteration {row.step}, loss = {row.loss}\nI0613 17:29:58.112  1860 solver.cpp:244]     Train net output #0: loss = {row.loss} (* 1 = {row.loss} loss)\nI0613 17:29:58.112  1860 sgd_solver.cpp:106] Iteration {row.step}, lr = {row.lr}"
        ),
        lambda epoch, step, loss, share: (
            f"I0613 17:29:59.112  1860 solver.cpp:337] Iteration {step}, Testing net (#0)\nI0613 17:29:59.112  1860 solver.cpp:404]     Test net output #0: accuracy = {share}\nI0613 17:29:59.112  1860 solver.cpp:404]     Test net output #1: loss = {loss} (* 1 = {loss} loss)"
        ),
    ),
    Expected(dev=None),
)
form(
    "fastai",
    "epoch     train_loss  valid_loss  accuracy  time    \n"
    + "".join(f"{epoch:<8}  {TRAIN[2 * epoch + 1]:.6f}  {DEV[epoch]:.6f}    {SHARE[epoch]:.6f}  00:12     \n" for epoch in range(5)),
    Expected(train=TRAIN[1::2], metric=SHARE, steps=[0, 1, 2, 3, 4], lr=False, axis="epoch"),
)
form(
    "notebook of Transformers, as Markdown",
    "| Epoch | Training Loss | Validation Loss | Accuracy |\n|:-----:|:-------------:|:---------------:|:--------:|\n"
    + "".join(f"| {epoch + 1} | {TRAIN[2 * epoch + 1]} | {DEV[epoch]} | {SHARE[epoch]} |\n" for epoch in range(5)),
    Expected(train=TRAIN[1::2], metric=SHARE, steps=[1, 2, 3, 4, 5], lr=False, axis="epoch"),
)
form(
    "Unsloth in a notebook",
    "==((====))==  Unsloth - 2x faster free finetuning | Num GPUs = 1\n [500/500 01:30, Epoch 1/1]\nStep\tTraining Loss\n"
    + "".join(f"{row.step}\t{row.loss}\n" for row in ROWS),
    LOSS_ONLY,
)
form(
    "spaCy",
    "\x1b[1m\n============================= Training pipeline =============================\x1b[0m\n\x1b[38;5;4mℹ Pipeline: ['tok2vec', 'ner']\x1b[0m\n"
    "E    #       LOSS TOK2VEC  LOSS NER  ENTS_F  ENTS_P  ENTS_R  SCORE \n---  ------  ------------  --------  ------  ------  ------  ------\n"
    + "".join(
        f"{row.epoch:3d}  {row.step:6d}          0.00  {row.loss:8.2f}  {100 * SHARE[row.epoch]:6.2f}   60.12   58.12    0.59\n" for row in ROWS
    ),
    Expected(train=None, dev=None, metric=None, steps=None, lr=False),
)
form(
    "Flair",
    log(
        lambda row: (
            f"2024-05-01 10:00:00,123 epoch {row.epoch + 1} - iter {row.within}/100 - loss {row.loss:.8f} - time (sec): 12.34 - samples/sec: 412.12 - lr: {row.lr:.6f} - momentum: 0.000000"
        ),
        lambda epoch, step, loss, share: (
            f"2024-05-01 10:00:05,123 EPOCH {epoch + 1} done: loss 3.0000 - lr: {RATE[2 * epoch + 1]:.6f}\n2024-05-01 10:00:09,123 DEV : loss {loss} - f1-score (micro avg)  {share}"
        ),
    ),
    Expected(metric=SHARE),
)
form(
    "skorch",
    "  epoch    train_loss    valid_acc    valid_loss     dur\n-------  ------------  -----------  ------------  ------\n"
    + "".join(
        f"{epoch + 1:7d}        \x1b[36m{TRAIN[2 * epoch + 1]:.4f}\x1b[0m       \x1b[32m{SHARE[epoch]:.4f}\x1b[0m        \x1b[35m{DEV[epoch]:.4f}\x1b[0m  0.1234\n"
        for epoch in range(5)
    ),
    Expected(train=TRAIN[1::2], metric=SHARE, steps=[1, 2, 3, 4, 5], lr=False, axis="epoch"),
)
form(
    "XGBoost",
    "".join(f"[{epoch}]\ttrain-logloss:{TRAIN[2 * epoch + 1]}\tvalid-logloss:{DEV[epoch]}\n" for epoch in range(5)),
    Expected(train=TRAIN[1::2], steps=[0, 1, 2, 3, 4], lr=False),
)
form(
    "LightGBM",
    "[LightGBM] [Info] Number of positive: 212, number of negative: 357\n"
    + "".join(f"[{epoch + 1}]\ttraining's binary_logloss: {TRAIN[2 * epoch + 1]}\tvalid_1's binary_logloss: {DEV[epoch]}\n" for epoch in range(5)),
    Expected(train=TRAIN[1::2], steps=[1, 2, 3, 4, 5], lr=False),
)
form(
    "CatBoost",
    "".join(
        f"{epoch}:\tlearn: {TRAIN[2 * epoch + 1]:.7f}\ttest: {DEV[epoch]:.7f}\tbest: {DEV[epoch]:.7f} ({epoch})\ttotal: 50ms\tremaining: 5s\n"
        for epoch in range(5)
    ),
    Expected(train=TRAIN[1::2], dev=None, steps=[0, 1, 2, 3, 4], lr=False),
)
form(
    "accelerate, printed dictionaries",
    "".join(f"epoch {epoch}: {{'loss': {TRAIN[2 * epoch + 1]}, 'accuracy': {SHARE[epoch]}}}\n" for epoch in range(5)),
    Expected(train=TRAIN[1::2], dev=None, steps=[0, 1, 2, 3, 4], lr=False, axis="epoch"),
)
form(
    "two lines below an epoch, in Chinese",
    "".join(
        f"第{epoch + 1}/5轮\n训练：损失 {TRAIN[2 * epoch + 1]}，准确率 50.1%\n验证：损失 {DEV[epoch]}，准确率 {100 * SHARE[epoch]:.1f}%\n"
        for epoch in range(5)
    ),
    Expected(train=TRAIN[1::2], metric=SHARE, steps=[1, 2, 3, 4, 5], lr=False, axis="epoch"),
)
form(
    "one bar for the whole training",
    "".join(
        f"\r{row.step // 5:3d}%|{'█' * (row.step // 50)}{' ' * (10 - row.step // 50)}| {row.step}/500 [00:10<00:40, 49.9it/s, loss={row.loss}]"
        for row in ROWS
    )
    + "\n",
    LOSS_ONLY,
)

form(
    # megatron/logging.py of GPT-NeoX.
    "GPT-NeoX",
    log(
        lambda row: (
            f" samples/sec: 21.302 | iteration {row.step:8d}/     500 | elapsed time per iteration (ms): 1230.5 | learning rate: {row.lr:.3E} |"
            f" approx flops per GPU: 98.4TFLOPS | lm_loss: {row.loss:.6E} | loss scale: 65536.0 | number of skipped iterations:   0 | number of nan iterations:   0 |\ntime (ms)"
        ),
        lambda epoch, step, loss, share: (
            f"{'-' * 99}\n validation results at iteration {step} | lm_loss value: {loss:.6E} | lm_loss_ppl value: {math.exp(loss):.6E} | \n{'-' * 99}"
        ),
    ),
    Expected(),
)
form(
    # timm/utils/summary.py
    "timm summary.csv",
    "epoch,train_loss,eval_loss,eval_top1,eval_top5,lr\n"
    + "".join(f"{epoch},{TRAIN[2 * epoch + 1]},{DEV[epoch]},{100 * SHARE[epoch]},99.0,{RATE[2 * epoch + 1]}\n" for epoch in range(EPOCHS)),
    Expected(train=TRAIN[1::2], metric=SHARE, steps=[0, 1, 2, 3, 4], axis="epoch"),
)
# What ray/tune fills into every result: ray/tune/trainable/trainable.py and util.py.
RESULTS = [
    {
        "loss": TRAIN[2 * number + 1],
        "val_loss": DEV[number],
        "should_checkpoint": True,
        "timestamp": 1700000000 + 30 * number,
        "done": number == EPOCHS - 1,
        "training_iteration": number + 1,
        "trial_id": "a1b2c_00000",
        "date": f"2023-11-14_22-13-{20 + number}",
        "time_this_iter_s": 29.8,
        "time_total_s": 30.0 * number,
        "pid": 4321,
        "hostname": "node1",
        "node_ip": "10.0.0.5",
        "time_since_restore": 30.0 * number,
        "config": {"lr": max(RATE)},
    }
    for number in range(EPOCHS)
]
TUNED = Expected(train=TRAIN[1::2], steps=[1, 2, 3, 4, 5])
form("Ray Tune result.json", "".join(json.dumps(row) + "\n" for row in RESULTS), TUNED)
form(
    "Ray Tune progress.csv",
    ",".join([*RESULTS[0]][:-1])
    + ",config/lr\n"
    + "".join(",".join(str(item) for item in [*row.values()][:-1]) + f",{max(RATE)}\n" for row in RESULTS),
    TUNED,
)
form(
    "Ray Tune, a result as a block",
    "".join("Result for train_a1b2c_00000:\n" + "".join(f"  {name}: {row[name]}\n" for name in sorted([*row][:-1])) + "\n" for row in RESULTS),
    Expected(train=TRAIN[1::2], steps=[1, 2, 3, 4, 5], lr=False),
)
form(
    "Ray Tune, its table",
    "".join(
        f"""== Status ==
Current time: 2023-11-14 22:13:{20 + number} (running for 00:00:30.10)
Using AsyncHyperBand: num_stopped=0
Number of trials: 1/1 (1 RUNNING)
+-------------------+----------+---------------+--------+--------+------------------+----------+
| Trial name        | status   | loc           |     lr |   iter |   total time (s) |     loss |
|-------------------+----------+---------------+--------+--------+------------------+----------|
| train_a1b2c_00000 | RUNNING  | 10.0.0.5:4321 | {max(RATE)} |  {number + 1:5} |  {30.1 * number + 1:15.4f} | {TRAIN[2 * number + 1]:8} |
+-------------------+----------+---------------+--------+--------+------------------+----------+

"""
        for number in range(EPOCHS)
    ),
    Expected(train=TRAIN[1::2], dev=None, steps=[1, 2, 3, 4, 5]),
)
form(
    "Ray Tune, its table of today",
    "".join(
        f"""Trial status: 1 RUNNING
Current time: 2025-01-02 10:00:{10 * number:02}. Total running time: {30 * number + 1}s
Logical resource usage: 3.0/8 CPUs, 0/0 GPUs
╭───────────────────────────────────────────────────────────────────────────────────╮
│ Trial name                    status       iter     total time (s)     loss       │
├───────────────────────────────────────────────────────────────────────────────────┤
│ PPO_CartPole-v1_d1_00000      RUNNING         {number + 1}            {30.5 * number + 1:8.1f}   {TRAIN[2 * number + 1]:6}      │
╰───────────────────────────────────────────────────────────────────────────────────╯

"""
        for number in range(EPOCHS)
    ),
    Expected(train=TRAIN[1::2], dev=None, steps=[1, 2, 3, 4, 5], lr=False),
)


def of_four(line: Callable[[int, Row], str]) -> str:
    """What four processes print of the same steps, the further ones with losses of their own, in an order that changes."""
    order = ((2, 0, 3, 1), (0, 1, 2, 3), (3, 2, 1, 0))
    return "".join(line(rank, replace(row, loss=row.loss + rank / 10)) for place, row in enumerate(ROWS) for rank in order[place % 3])


ONE_OF_FOUR = Expected(dev=None)
form("srun --label", of_four(lambda rank, row: f"{rank}: [2024-05-01 10:00:00] step {row.step} | loss {row.loss:.3f} | lr {row.lr}\n"), ONE_OF_FOUR)
form("torchrun --tee", of_four(lambda rank, row: f"[default{rank}]:INFO:__main__:step={row.step} loss={row.loss:.3f} lr={row.lr}\n"), ONE_OF_FOUR)
form("pdsh", of_four(lambda rank, row: f"node{rank}: step={row.step} loss={row.loss:.3f} lr={row.lr}\n"), ONE_OF_FOUR)
form("processes by number", of_four(lambda rank, row: f"GPU {rank} | step {row.step} | loss {row.loss:.3f} | lr {row.lr}\n"), ONE_OF_FOUR)
form("进程", of_four(lambda rank, row: f"[进程 {rank}] 步数 {row.step}，损失 {row.loss:.3f}，学习率 {row.lr}\n"), ONE_OF_FOUR)


@pytest.mark.parametrize("name", FORMATS)
def test_a_trainer_is_read(name: str, read: Callable[[str], RunLog]) -> None:
    text, expected = FORMATS[name]
    found = read(text)
    curves = {role: [float(value) for value in each[0].values] for role, each in found.curves.items()}
    wanted = {"train.loss": expected.train, "dev.loss": expected.dev, "dev.metric": expected.metric}
    for role, values in wanted.items():
        if values is not None:
            assert curves.get(role) == pytest.approx(list(values), rel=2e-3), (role, found.unmapped, list(found.numbering))
    train = found.curve("train.loss")
    if expected.steps is not None and train is not None:
        assert list(train.steps) == pytest.approx(list(expected.steps), abs=1.001 if expected.axis == "step" else 0.001)
        assert found.axis == expected.axis
    if expected.dev is None:
        # What is called test and evaluated during training is read as the dev set.
        assert curves.get("dev.loss") == curves.get("test.loss")
    if expected.lr:
        assert max(curves["lr"]) == pytest.approx(max(RATE))
    if expected.norm:
        assert curves["gradient.norm"] == pytest.approx(NORM, rel=2e-3)
    assert not [remark for remark in found.remarks if remark.code in ("appended_runs", "replaced_values")]


def test_a_summary_behind_an_evaluation_is_of_the_evaluation(read: Callable[[str], RunLog]) -> None:
    found = read(FORMATS["pytorch imagenet"][0])
    tested, trained = found.curve("test.metric"), found.curve("train.metric")
    assert tested is not None
    assert trained is not None
    assert "Acc@1" in tested.column
    assert list(trained.values) == pytest.approx([0.054] * 10)
