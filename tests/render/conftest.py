"""The supernet case of the README as a plan, complete with every section a page can have."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from advise.bilingual import Text
from advise.plan.model import (
    CheckItem,
    ConfigChange,
    Decision,
    Diagnosis,
    Erratum,
    Evidence,
    Finding,
    Gate,
    GateResult,
    GateTest,
    GateTestResult,
    Plan,
    Reversal,
    SetAside,
    Source,
    Unknown,
    Verdict,
)

CLIPPING = Source(
    id="playbook#gradient-clipping",
    title=Text(en="Gradient clipping", zh="梯度裁剪"),
    url="https://github.com/google-research/tuning_playbook#how-can-optimization-failures-be-debugged-and-mitigated",
)
SUPERNET = Source(id="supernet#5", title=Text(en="Supernet case, section 5", zh="supernet 案例，第 5 节"))
STEPS_TITLE = Text(en="Share of updates clipped", zh="被裁剪的更新占比")


def _evidence(fact: str, value: object, origin: str, en: str, zh: str, asked: str = "") -> Evidence:
    return Evidence(fact=fact, value=value, origin=origin, asked=asked, title=Text(en=en, zh=zh))


def _resume() -> Decision:
    return Decision(
        id="resume_with_gates",
        title=Text(en="Resume for 30 epochs, then 70 more if the gate passes", zh="先续训 30 个 epoch，达标再续 70 个"),
        why=Text(
            en="The evaluation still improved by 0.005 after clipping was loosened, but only by amounts below 0.001 since epoch 192; 30 epochs settle whether"
            " more is to be had.",
            zh="放宽裁剪后评估指标又降了 0.005，但从第 192 个 epoch 起改善不足 0.001；跑 30 个 epoch 就能看出是否还有收益。",
        ),
        slot="run_control",
        priority="P0",
        params={"lr": 5e-05, "epochs": 30, "schedule": "cosine"},
        steps=[
            Text(en="Resume from the checkpoint of epoch 200, optimizer state included.", zh="从 epoch 200 的 checkpoint 恢复，包括优化器状态。"),
            Text(en="Set the peak learning rate to 5e-05 and the total to 230 epochs.", zh="把峰值学习率设为 5e-05，总轮数设为 230。"),
            Text(
                en="Change nothing else: batch size, clip at 200, and the 4 evaluation batches a subnet stay as they are.",
                zh="其余一律不变：批量大小、裁剪阈值 200、每个子网 4 个评估批次。",
            ),
        ],
        config=[
            ConfigChange(key="lr.peak", before=1e-04, after=5e-05),
            ConfigChange(key="budget.epochs", before=200, after=230),
            ConfigChange(key="log.learning_rate", after=True),
        ],
        because=["plateau", "schedule_exhausted"],
        evidence=[
            _evidence("eval.best", 9.741824, "train.log:3817", "Best evaluation so far", "迄今最好的评估值"),
            _evidence("lr.current", 6.2e-09, "computed from lr.peak, schedule.kind", "Learning rate now", "当前学习率", "< 0.01 × lr.peak"),
        ],
        rule="schedule/resume-with-gates",
        sources=[SUPERNET],
        confirm=Text(
            en="At epoch 230 the best evaluation is at or below 9.741316, that is 0.0010 better than epoch 200.",
            zh="到第 230 个 epoch，最好的评估值不高于 9.741316，即比 epoch 200 至少低 0.0010。",
        ),
    )


def _log_more() -> Decision:
    return Decision(
        id="log_more",
        title=Text(en="Log the learning rate and the tail gap", zh="在日志中加上学习率和尾部差距"),
        why=Text(
            en="Without the learning rate in the log, a flat curve cannot be told from a spent schedule.",
            zh="日志里没有学习率，就分不清是指标到了平台期，还是调度已经走完。",
        ),
        slot="evaluation",
        priority="P2",
        params={},
        missing_params=["log.interval"],
        steps=[Text(en="Print `lr` and worst minus median per epoch.", zh="每个 epoch 打印 lr，以及最差值与中位数之差。")],
        because=[],
        evidence=[],
        rule="evaluation/log-more",
        sources=[],
        confirm=Text(en="Both columns are in the next log.", zh="下一份日志里有这两列。"),
    )


def _diagnoses() -> list[Diagnosis]:
    return [
        Diagnosis(
            id="early_stopping_threshold_coarse",
            title=Text(en="The early-stopping threshold is coarser than the gains", zh="早停阈值比实际改善还粗"),
            why=Text(
                en="min_delta is 0.002 while the improvements that are left are about 0.0005: a real gain counts as none.",
                zh="min_delta 为 0.002，而剩下的改善只有约 0.0005：真实的进步会被当成没有进步。",
            ),
            certainty="certain",
            severity="medium",
            rule="schedule/early-stopping-threshold-coarse",
            evidence=[_evidence("early_stopping.min_delta", 0.002, "facts.yaml:12:3", "Early-stopping threshold", "早停阈值", "> eval.recent_gain")],
            reversed_by=[Reversal(fact="early_stopping.min_delta", op="le", value=0.0005)],
            sources=[SUPERNET],
        ),
        Diagnosis(
            id="plateau",
            title=Text(en="The evaluation has levelled off", zh="评估指标进入平台期"),
            why=Text(
                en="The learning rate is in the tail of its cosine, 0.006 % of the peak: the curve is flat because the steps are small.",
                zh="学习率处于余弦尾段，只剩峰值的 0.006%：曲线变平是因为步子小了，不代表模型到了极限。",
            ),
            certainty="likely",
            severity="low",
            rule="schedule/plateau-in-cosine-tail",
            evidence=[
                _evidence("eval.slope", -0.0001, "train.log (column mean_epe_12)", "Slope of the evaluation", "评估指标的斜率", "≥ -0.001"),
                _evidence("schedule.kind", "cosine", "facts.yaml:9:3", "Schedule", "学习率调度", "= cosine"),
                _evidence("target.metric", None, "", "Target", "目标值", "known"),
            ],
            because=["schedule_exhausted"],
            supported_by=["schedule/plateau-block-means"],
            reversed_by=[Reversal(fact="eval.slope", op="lt", value=-0.001), Reversal(fact="lr.current", op="ge", value=1e-05)],
            sources=[SUPERNET, CLIPPING],
        ),
        Diagnosis(
            id="clipping_resolved",
            title=Text(en="Saturated clipping is gone", zh="裁剪饱和已经解除"),
            why=Text(
                en="12 % of the updates are clipped now; in epochs 95 to 103 it was 100 %. The two counts follow different definitions and are not comparable.",
                zh="现在只有 12% 的更新被裁剪；95~103 轮时是 100%。两个计数口径不同，不能直接比较。",
            ),
            certainty="certain",
            severity="info",
            rule="stability/clipping-resolved",
            evidence=[Evidence(fact="clip.rate", value=0.12, origin="facts.yaml:7:3", asked="≤ 0.5", title=STEPS_TITLE)],
            reversed_by=[Reversal(fact="clip.rate", op="gt", value=0.5)],
            sources=[CLIPPING],
        ),
    ]


def _unknowns() -> list[Unknown]:
    names = ["eval.noise", "data.dev_size", "followup.best", "target.human_error", "grad.p90", "model.params", "throughput.samples"]
    return [
        Unknown(
            fact=name,
            title=Text(en=f"Fact {number}", zh=f"事实 {number}"),
            blocks=["evaluation/noisy-evaluation"],
            could_tell=[Text(en="The evaluation is too noisy", zh="评估噪声过大"), Text(en="The gain is within noise", zh="改善落在噪声之内")],
            prompt=Text(en="How noisy is it?", zh="噪声有多大？"),
            observe=Text(en="Evaluate the same checkpoint 5 times with other seeds.", zh="换 5 个随机种子，评估同一个 checkpoint。"),
        )
        for number, name in enumerate(names, start=1)
    ]


def _gate() -> Gate:
    return Gate(
        id="continue_70",
        need=2,
        of=[
            GateTest(fact="followup.best", op="le", value=9.741316, title=Text(en="best evaluation of the 30 epochs", zh="30 个 epoch 内最好的评估值")),
            GateTest(fact="followup.std_median", op="le", value=0.008, title=Text(en="median spread over the subnets", zh="子网间标准差的中位数")),
            GateTest(fact="followup.tail_stable", op="eq", value=True, title=Text(en="the last ranks do not drift", zh="排名尾部没有持续漂移")),
        ],
        sets="gate.passed",
        carries={"previous.checkpoint_best": 192, "previous.eval_last": 9.742316},
        passed=Text(en="Run the other 70 epochs, to 300.", zh="再跑 70 个 epoch，到 300。"),
        failed=Text(en="Stop; keep the checkpoints of epochs 192 and 200 as candidates.", zh="停止训练，保留 epoch 192 和 200 的 checkpoint 作为候选。"),
    )


def _gate_result() -> GateResult:
    def test(fact: str, value: float, observed: float | None, passed: bool | None) -> GateTestResult:
        return GateTestResult(fact=fact, op="le", value=value, observed=observed, passed=passed, title=Text(en="an earlier test", zh="上一轮的一项"))

    return GateResult(id="loosen_clip_works", passed=True, met=1, need=1, tests=[test("clip.rate", 0.5, 0.12, True), test("grad.p90", 300.0, None, None)])


def _checklist() -> list[CheckItem]:
    def item(name: str, status: str, en: str, zh: str, *because: str) -> CheckItem:
        return CheckItem(id=name, title=Text(en=en, zh=zh), status=status, because=list(because))

    return [
        item("a1", "pass", "The goal is one metric", "目标只用一个指标衡量", "metric.name"),
        item("c4", "unknown", "The evaluation resolves the gains", "评估分辨率高于改善幅度", "eval.noise", "data.dev_size"),
        item("e2", "fail", "The log has the learning rate", "日志记录了学习率", "log.learning_rate"),
        item("h1", "not_applicable", "Trials are compared fairly", "各组试验公平可比"),
    ]


@pytest.fixture(scope="session")
def plan() -> Plan:
    return Plan(
        run="supernet-epoch-200",
        verdict=Verdict(
            id="resume_with_gates",
            title=Text(en="Go on for a short trial, and further only if it passes its gates.", zh="先短跑一段试验，达到门槛再继续。"),
            because=["resume_with_gates", "plateau"],
        ),
        diagnoses=_diagnoses(),
        decisions=[_resume(), _log_more()],
        set_aside=[
            SetAside(
                id="extend_training",
                title=Text(en="+100 epochs at 1e-4 with cosine", zh="按 1e-4 加余弦直接续 100 个 epoch"),
                rule="schedule/extend-training",
                by="resume_with_gates",
                reason=Text(
                    en="stretching the cosine to 300 epochs lifts the rate from 6e-09 back to 2.5e-05, and with it the late jitter.",
                    zh="余弦拉长到 300 轮后，学习率会从 6e-09 回升到 2.5e-05，尾部的抖动也会随之放大。",
                ),
            )
        ],
        gates=[_gate()],
        gate_results=[_gate_result()],
        unknown=_unknowns(),
        checklist=_checklist(),
        errata=[
            Erratum(
                id="clip_counts_compared",
                source=SUPERNET,
                claim=Text(en="clip counts before and after epoch 164 show the effect.", zh="164 轮前后的裁剪次数可以对比。"),
                correction=Text(en="the counter changed its definition; compare clip.rate within one window.", zh="统计口径变了，只能在同一窗口内比较 clip.rate。"),
            )
        ],
        findings=[
            Finding(
                text=Text(en="budget.epochs is 200 by hand and 201 in the log; the hand-written value is used.", zh="budget.epochs 手写为 200，日志为 201，以手写为准。"),
                origin="train.log:3820",
            )
        ],
        facts={
            "clip.rate": 0.12,
            "eval.best": 9.741824,
            "lr.peak": 1e-04,
            "schedule.kind": "cosine",
            "arch.rank": [3, 1, 0, 5, 10],
            "log.learning_rate": False,
        },
    )


@pytest.fixture(scope="session")
def strings() -> dict[str, Text]:
    file = Path(__file__).parents[2] / "kb" / "strings.yaml"
    return {key: Text(**text) for key, text in yaml.safe_load(file.read_text(encoding="utf-8"))["strings"].items()}
