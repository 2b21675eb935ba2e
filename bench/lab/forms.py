"""The forms of logs: each writes a sheet as the text of a file, in the form of a trainer that exists."""

from __future__ import annotations

import csv
import datetime
import io
import json
import math
from collections.abc import Callable, Iterable, Mapping

from habits import Row, Sheet, Values

_START = datetime.datetime(2026, 3, 4, 9, 12, 30, tzinfo=datetime.UTC)
_TRACEBACK = ("Traceback (most recent call last):", '  File "train.py", line 96, in main', "    loss = criterion(model(x), y)")


def short(value: float, digits: int) -> str:
    """As a print statement shows it."""
    if not math.isfinite(value):
        return str(value)
    return f"{value:.{digits - 1}e}" if value != 0 and (abs(value) < 10**-digits or abs(value) >= 1e6) else f"{value:.{digits}f}"


def _stamp(seconds: float, form: str = "%Y-%m-%d %H:%M:%S") -> str:
    return (_START + datetime.timedelta(seconds=seconds)).strftime(form)


def _ends(sheet: Sheet) -> list[str]:
    if sheet.ending.startswith("IndexError"):
        return [*_TRACEBACK, sheet.ending]
    return {"early": ["Early stopping: no improvement of the validation loss"], "nan": ["Loss is nan, stopping training"]}.get(sheet.ending, [])


_UNPREFIXED = {"lr", "grad_norm", "data_time", "step_time"}


def _named(name: str, split: str) -> str:
    """The name of a column of the training behind its split; what is of the trainer alone has none."""
    return name if name in _UNPREFIXED or "/" in name else f"{split}_{name}"


def _text(lines: Iterable[str], sheet: Sheet) -> str:
    return "\n".join([*lines, *_ends(sheet)]) + "\n"


def _table(rows: list[dict[str, object]], sheet: Sheet) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(dict.fromkeys(name for row in rows for name in row)), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def _rounded(value: float, sheet: Sheet) -> float:
    return float(f"{value:.{sheet.digits + 1}g}")


def _shown(name: str, value: float, sheet: Sheet) -> str:
    return f"{value:.3e}" if name == "lr" else short(value, sheet.digits)


def key_equals(sheet: Sheet) -> str:
    lines = [f"{_stamp(-2)} INFO train: building model and optimizer"]
    for row in sheet.rows:
        for split, values in (("train", row.train), ("val", row.dev)):
            pairs = [f"{_named(name, split)}={_shown(name, value, sheet)}" for name, value in values.items()]
            if pairs:
                lines.append(f"{_stamp(row.seconds)} INFO train: step={row.step} epoch={row.epoch:.2f} {' '.join(pairs)}")
    return _text(lines, sheet)


def key_colon(sheet: Sheet) -> str:
    lines = []
    for row in sheet.rows:
        epoch = min(sheet.epochs, int((row.step - 1) // sheet.per_epoch) + 1)
        head = f"[{_stamp(row.seconds)}] Epoch {epoch}/{sheet.epochs} | step: {row.step}/{sheet.steps}"
        for split, values in (("train", row.train), ("val", row.dev)):
            pairs = [f"{_named(name, split)}: {_shown(name, value, sheet)}" for name, value in values.items()]
            if pairs:
                lines.append(" | ".join([head, *pairs]))
    return _text(lines, sheet)


def plain_csv(sheet: Sheet) -> str:
    rows: list[dict[str, object]] = []
    for row in sheet.rows:
        train = {_named(name, "train"): _rounded(value, sheet) for name, value in row.train.items()}
        rows.append(
            {"step": row.step, "epoch": round(row.epoch, 3)} | train | {f"val_{name}": _rounded(value, sheet) for name, value in row.dev.items()}
        )
    return _table(rows, sheet)


def lightning_csv(sheet: Sheet) -> str:
    rows: list[dict[str, object]] = []
    for row in sheet.rows:
        at: dict[str, object] = {"epoch": int((row.step - 1) // sheet.per_epoch), "step": row.step - 1}
        if "lr" in row.train:
            rows.append({"step": row.step - 1, "lr-Optimizer": row.train["lr"]})
        train = {name if "/" in name else f"train_{name}": value for name, value in row.train.items() if name != "lr"}
        if train:
            rows.append(at | train)
        if row.dev:
            rows.append(at | {f"val_{name}": value for name, value in row.dev.items()})
    return _table(rows, sheet)


def keras_csv(sheet: Sheet) -> str:
    rows: list[dict[str, object]] = []
    for index, row in enumerate(sheet.rows):
        train = {("learning_rate" if name == "lr" else name): value for name, value in row.train.items() if name in ("lr", "loss", "accuracy", "mae")}
        rows.append({"epoch": index} | dict(sorted((train | {f"val_{name}": value for name, value in row.dev.items()}).items())))
    return _table(rows, sheet)


def keras_bar(sheet: Sheet) -> str:
    lines, per = [], max(1, round(sheet.per_epoch))
    for index, row in enumerate(sheet.rows):
        lines.append(f"Epoch {index + 1}/{sheet.epochs}")
        shown = {name: value for name, value in row.train.items() if name in ("accuracy", "loss", "mae")} | {
            f"val_{name}": value for name, value in row.dev.items()
        }
        lines.append(
            f"{per}/{per} ━━━━━━━━━━━━━━━━━━━━ 2s 9ms/step - "
            + " - ".join(
                f"{name}: {short(value, 4)}" for name, value in sorted(shown.items(), key=lambda item: (item[0].startswith("val_"), item[0]))
            )
            + (f" - learning_rate: {row.train['lr']:.4e}" if "lr" in row.train else "")
        )
    return _text(lines, sheet)


def _hf(row: Row, sheet: Sheet) -> Iterable[dict[str, object]]:
    names = {"lr": "learning_rate"}
    if row.train:
        yield {names.get(name, name): _rounded(value, sheet) if name != "lr" else value for name, value in row.train.items()} | {
            "epoch": round(row.epoch, 2)
        }
    if row.dev:
        yield {f"eval_{name}": value for name, value in row.dev.items()} | {
            "eval_runtime": 1.4,
            "eval_samples_per_second": 285.7,
            "epoch": round(row.epoch, 2),
        }


def hf_state(sheet: Sheet) -> str:
    history = [entry | {"step": row.step} for row in sheet.rows for entry in _hf(row, sheet)]
    last = sheet.rows[-1].step if sheet.rows else 0
    return json.dumps({"epoch": last / sheet.per_epoch, "global_step": last, "is_world_process_zero": True, "log_history": history,
                       "max_steps": sheet.steps, "num_train_epochs": sheet.epochs}, indent=2) + "\n"  # fmt: skip


def hf_console(sheet: Sheet) -> str:
    return _text([str({name: str(value) for name, value in entry.items()}) for row in sheet.rows for entry in _hf(row, sheet)], sheet)


def json_lines(sheet: Sheet) -> str:
    lines = []
    for row in sheet.rows:
        train = {_named(name, "train"): _rounded(value, sheet) for name, value in row.train.items()}
        dev = {f"val_{name}": _rounded(value, sheet) for name, value in row.dev.items()}
        lines += [json.dumps({"step": row.step, "epoch": round(row.epoch, 3)} | values) for values in (train, dev) if values]
    return _text(lines, sheet)


def wandb(sheet: Sheet) -> str:
    def number(value: float) -> float | str:
        return value if math.isfinite(value) else "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"

    lines = []
    for row in sheet.rows:
        train = {name if "/" in name else f"train/{name}": number(value) for name, value in row.train.items()}
        lines.append(
            json.dumps(
                {"_step": row.step, "_runtime": row.seconds, "epoch": round(row.epoch, 4)}
                | train
                | {f"eval/{name}": number(value) for name, value in row.dev.items()}
            )
        )
    return "\n".join(lines) + "\n"


def tqdm(sheet: Sheet) -> str:
    parts = []
    for row in sheet.rows:
        if row.train:
            shown = ", ".join(f"{name}={value:.2e}" if name == "lr" else f"{name}={value:.{sheet.digits}g}" for name, value in row.train.items())
            share = 100 * row.step // max(1, sheet.steps)
            parts.append(
                f"\rTraining: {share:3}%|{'█' * (share // 10):10}| {row.step}/{sheet.steps} [{_clock(row.seconds)}<{_clock(9)}, 11.02it/s, {shown}]"
            )
        if row.dev:
            parts.append(
                "\n" + f"step {row.step}: " + ", ".join(f"val_{name} {short(value, sheet.digits)}" for name, value in row.dev.items()) + "\n"
            )
    return "".join(parts) + "\n" + "\n".join(_ends(sheet)) + "\n"


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60:02}:{int(seconds) % 60:02}"


def sentence(sheet: Sheet) -> str:
    lines = []
    for index, row in enumerate(sheet.rows):
        train = [f"train {name} {short(value, sheet.digits)}" for name, value in row.train.items() if name in ("loss", "accuracy", "mae")]
        dev = [f"val {name} {short(value, sheet.digits)}" for name, value in row.dev.items()]
        extra = [f"lr {row.train['lr']:.2e}"] if "lr" in row.train else []
        extra += [f"grad norm {short(row.train['grad_norm'], 3)}"] if "grad_norm" in row.train else []
        lines.append(f"Epoch {index + 1}: " + ", ".join(train + dev + extra))
    return _text(lines, sheet)


def chinese(sheet: Sheet) -> str:
    names = {"loss": "损失", "accuracy": "准确率", "mae": "平均绝对误差"}
    lines = []
    for index, row in enumerate(sheet.rows):
        train = [f"训练{names[name]}: {short(value, sheet.digits)}" for name, value in row.train.items() if name in names]
        dev = [f"验证{names.get(name, name)}: {short(value, sheet.digits)}" for name, value in row.dev.items()]
        extra = [f"学习率: {row.train['lr']:.2e}"] if "lr" in row.train else []
        lines.append(f"第 {index + 1}/{sheet.epochs} 轮 " + "，".join(train + dev + extra))
    return _text(lines, sheet)


def nanogpt(sheet: Sheet) -> str:
    lines = []
    for row in sheet.rows:
        if row.dev:
            lines.append(f"step {row.step}: " + ", ".join(f"val {name} {short(value, 4)}" for name, value in row.dev.items()))
        if row.train:
            extra = "".join(
                f", {name} {value:.3e}" if name == "lr" else f", {name} {short(value, 4)}" for name, value in row.train.items() if name != "loss"
            )
            lines.append(f"iter {row.step}: loss {short(row.train['loss'], 4)}, time {90 + row.step % 7:.2f}ms{extra}")
    return _text(lines, sheet)


def mmengine(sheet: Sheet) -> str:
    lines, per = [], max(1, round(sheet.per_epoch))
    for row in sheet.rows:
        epoch, within = (row.step - 1) // per + 1, (row.step - 1) % per + 1
        stamp = _stamp(row.seconds, "%Y/%m/%d %H:%M:%S")
        if row.train:
            rest = "  ".join(f"{name}: {short(value, 4)}" for name, value in _mm(row.train).items())
            lr = f"lr: {row.train['lr']:.4e}  " if "lr" in row.train else ""
            lines.append(f"{stamp} - mmengine - INFO - Epoch(train) [{epoch:>3}][{within:>4}/{per}]  {lr}eta: 0:02:10  {rest}")
        if row.dev:
            rest = "  ".join(f"{name}: {short(value, 4)}" for name, value in row.dev.items())
            lines.append(f"{stamp} - mmengine - INFO - Epoch(val) [{epoch}][20/20]    {rest}  data_time: 0.0021  time: 0.0102")
    return _text(lines, sheet)


def _mm(values: Mapping[str, float]) -> Values:
    return {("time" if name == "step_time" else name): value for name, value in values.items() if name != "lr"}


def pipe_table(sheet: Sheet) -> str:
    names = list(
        dict.fromkeys([f"train {name}" for row in sheet.rows for name in row.train] + [f"val {name}" for row in sheet.rows for name in row.dev])
    )
    lines = ["| epoch | " + " | ".join(names) + " |", "|" + "---|" * (len(names) + 1)]
    for index, row in enumerate(sheet.rows):
        values = {f"train {name}": value for name, value in row.train.items()} | {f"val {name}": value for name, value in row.dev.items()}
        lines.append(
            f"| {index + 1} | "
            + " | ".join(
                (f"{values[name]:.2e}" if name.endswith(" lr") else short(values[name], sheet.digits)) if name in values else "" for name in names
            )
            + " |"
        )
    return _text(lines, sheet).replace("train lr", "lr").replace("train grad_norm", "grad_norm")


def fastai(sheet: Sheet) -> str:
    names = list(dict.fromkeys(name for row in sheet.rows for name in row.dev if name != "loss"))
    widths = [10, *[12] * (2 + len(names)), 8]
    lines = ["".join(cell.ljust(width) for cell, width in zip(["epoch", "train_loss", "valid_loss", *names, "time"], widths, strict=True))]
    for index, row in enumerate(sheet.rows):
        cells = [
            str(index),
            f"{row.train['loss']:.6f}",
            f"{row.dev.get('loss', math.nan):.6f}",
            *(f"{row.dev.get(name, math.nan):.6f}" for name in names),
            "00:02",
        ]
        lines.append("".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)))
    return _text(lines, sheet)


def imagenet(sheet: Sheet) -> str:
    """PyTorch's ImageNet example in the form of its many descendants that call the validation by its name; the original says `Test`."""
    lines, per = [], max(1, round(sheet.per_epoch))
    for row in sheet.rows:
        epoch, within = (row.step - 1) // per, (row.step - 1) % per + 1
        if row.train:
            score = f"\tAcc@1 {100 * row.train['accuracy']:6.2f} ({100 * row.train['accuracy']:6.2f})" if "accuracy" in row.train else ""
            rate = f"\tLR {row.train['lr']:.3e}" if "lr" in row.train else ""
            loss = f"{row.train['loss']:.4e}"
            clock = f"Epoch: [{epoch}][{within:>4}/{per}]\tTime  0.092 ( 0.095)\tData  0.001 ( 0.003)"
            lines.append(f"{clock}\tLoss {loss} ({loss}){score}{rate}")
        if row.dev:
            shown = next((100 * value for key, value in row.dev.items() if key in ("accuracy", "top1")), None)
            score = "" if shown is None else f"\tAcc@1 {shown:6.2f} ({shown:6.2f})"
            lines.append(f"Val: [19/20]\tTime  0.031 ( 0.030)\tLoss {row.dev['loss']:.4e} ({row.dev['loss']:.4e}){score}")
            lines += [] if shown is None else [f" *   Acc@1 {shown:.3f}"]
    return _text(lines, sheet)


FORMS: dict[str, tuple[str, Callable[[Sheet], str]]] = {
    "key_equals": ("log.txt", key_equals),
    "plain_csv": ("log.csv", plain_csv),
    "hf_state": ("trainer_state.json", hf_state),
    "keras_csv": ("training.csv", keras_csv),
    "tqdm": ("console.log", tqdm),
    "sentence": ("out.txt", sentence),
    "nanogpt": ("train.log", nanogpt),
    "json_lines": ("log.jsonl", json_lines),
    "chinese": ("log.txt", chinese),
    "key_colon": ("log.txt", key_colon),
    "lightning_csv": ("metrics.csv", lightning_csv),
    "hf_console": ("console.log", hf_console),
    "keras_bar": ("console.log", keras_bar),
    "wandb": ("history.jsonl", wandb),
    "mmengine": ("run.log", mmengine),
    "pipe_table": ("log.md", pipe_table),
    "fastai": ("log.txt", fastai),
    "imagenet": ("train.log", imagenet),
}
