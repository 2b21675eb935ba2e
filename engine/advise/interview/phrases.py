"""What the interview says by itself, in both languages."""

from __future__ import annotations

from collections.abc import Mapping

from advise.text import Text, Value
from advise.untrusted import named

# Key: English, Chinese. A label carries no colon: each language adds its own.
_SAID: Mapping[str, tuple[str, str]] = {
    # what is accepted
    "a_number": ("a number", "数值"),
    "a_whole_number": ("a whole number", "整数"),
    "yes_or_no": ("y or n", "是 / 否（也可输入 y / n）"),
    "one_of_the_list": ("a number or a name from the list", "列表中的编号或名称"),
    "a_text": ("a few words", "文字"),
    "numbers": ("numbers with commas between them", "用逗号分隔的数值"),
    "whole_numbers": ("whole numbers with commas between them", "用逗号分隔的整数"),
    "texts": ("words with commas between them", "用逗号分隔的词"),
    "in_unit": ("in {unit}", "以 {unit} 为单位"),
    "as_share": ("as a share of 1", "是占比（1 表示全部）"),
    "without_unit": ("without a unit", "不带单位"),
    "also": ("also: {examples}", "也可写 {examples}"),
    # why an answer is not accepted
    "no_answer": ("There is no answer on that line.", "这一行没有内容。"),
    "no_number": ("`{text}` is no number.", "`{text}` 不是数值。"),
    "separated": ("`{text}` can be read in two ways: write the digits without separators.", "`{text}` 有歧义：数字中间不要加分隔符。"),
    "several_numbers": ("`{text}` holds more than one number.", "`{text}` 中不止一个数值。"),
    "unknown_unit": ("`{unit}` is no unit that is known here; the number is asked {asked}.", "不认识单位 `{unit}`；这里要的数值{asked}。"),
    "misfit_unit": ("`{unit}` does not fit: the number is asked {asked}.", "单位 `{unit}` 不适用：这里要的数值{asked}。"),
    "inverse_unit": (
        "`{unit}` is the inverse of what is asked: {asked} it would be {value}.",
        "`{unit}` 正好相反：这里要的数值{asked}，换算后是 {value}。",
    ),
    "minutes_or_million": (
        "`{unit}` is minutes, and the number is asked {asked}; a million is `M`.",
        "`{unit}` 表示分钟，而这里要的数值{asked}；百万请写 `M`。",
    ),
    "not_whole": ("`{text}` is no whole number.", "`{text}` 不是整数。"),
    "not_finite": (
        "`{text}` is not finite: that something is not finite has a fact of its own.",
        "`{text}` 不是有限值：数值是否有限另有专门的问题。",
    ),
    "too_large": ("`{text}` is too large.", "`{text}` 太大。"),
    "out_of_bounds": ("`{text}` is out of bounds.", "`{text}` 超出范围。"),
    "no_yes_or_no": ("`{text}` is neither yes nor no.", "`{text}` 不是“是”或“否”。"),
    "not_in_list": ("`{text}` is not in the list.", "`{text}` 不在列表中。"),
    "no_text": ("the answer is one line of at most {count} printable characters.", "回答应为一行可见文字，不超过 {count} 个字符。"),
    "too_many": ("the list has more than {count} items.", "列表超过 {count} 项。"),
    "reserved": ("`{text}` stands for what is not known.", "`{text}` 专用于表示不知道。"),
    "too_long": ("the answer is longer than {count} characters.", "回答超过 {count} 个字符。"),
    "nearest": ("Did you mean `{name}`?", "是不是 `{name}`？"),
    # the conversation
    "opening": ("Every answer is saved to `{path}` at once.", "每个回答都会立即保存到 `{path}`。"),
    "commands": (
        "At any time: `unknown`, `back` (undo the last answer), `help` (how to find out), `quit`.",
        "随时可以输入：`不知道`、`返回`（撤销上一个回答）、`帮助`（怎样查清）、`退出`。",
    ),
    "known_already": ("{count} facts are known already.", "已知事实 {count} 项。"),
    "answer": ("Answer", "回答"),
    "settles_now": ("Could tell", "可以判断"),
    "checklist_item": ("Checklist", "检查清单"),
    "more": ("{count} more", "另有 {count} 项"),
    "observe": ("How to find out", "怎样查清"),
    "effort": ("Effort", "代价"),
    "cost_lookup": ("look it up", "查一下即可"),
    "cost_measure": ("a small measurement", "需要小规模测量"),
    "cost_experiment": ("an experiment", "需要做实验"),
    "cost_judgement": ("a judgement", "需要判断"),
    "skipped": ("Left open; not asked again in this session.", "先留空，本次不再问。"),
    "undone": ("Undone: `{fact}`.", "已撤销：`{fact}`。"),
    "nothing_to_undo": ("There is nothing to undo.", "没有可以撤销的回答。"),
    "saved_beside": (
        "`{path}` cannot be edited safely at this fact; the answer is saved beside it, in `{beside}`.",
        "无法在 `{path}` 中安全地改动这一项，回答已另存到旁边的 `{beside}`。",
    ),
    "reloaded": ("`{path}` was changed by someone else in the meantime; it was read again.", "`{path}` 在此期间被改动过，已重新读取。"),
    "nothing_changed": ("Nothing new follows yet.", "暂时还推不出新结论。"),
    # what follows from an answer
    "diagnosis": ("Diagnosis", "诊断"),
    "withdrawn": ("No longer holds", "不再成立"),
    "decision": ("Decision", "决策"),
    "dropped": ("No longer called for", "不再需要"),
    "check_pass": ("Checklist item passed", "检查项通过"),
    "check_fail": ("Checklist item failed", "检查项未通过"),
    "check_not_applicable": ("Checklist item does not apply", "检查项不适用"),
    "check_unknown": ("Checklist item open again", "检查项重新待定"),
    "derived": ("Follows", "推出"),
    "forgotten": ("No longer known", "不再可知"),
    "contradicted": ("Contradicts what the rules conclude", "与规则推出的结论矛盾"),
    "verdict": ("Verdict", "结论"),
    # the end
    "no_more_questions": ("There is nothing left to ask.", "没有要问的了。"),
    "interrupted": ("Interrupted.", "已中断。"),
    "answers_saved": ("Answers of this session, all in `{path}`: {count}", "本次回答 {count} 项，均已保存在 `{path}`"),
    "see_plan": ("The whole plan", "查看完整计划"),
    "go_on": ("Go on asking", "继续问答"),
    # a file that was changed in a way that cannot be reconciled
    "changed_outside": (
        "`{path}` was changed by someone else in the meantime and no longer agrees with this session. It was left as it is.",
        "`{path}` 在此期间被改动，已与本次回答不一致。该文件保持现状，未被覆盖。",
    ),
    "not_in_file": ("Answers of this session that it does not hold", "其中没有的本次回答"),
}


def phrase(key: str, **values: Value | Text) -> Text:
    """Something the interview says.

    Args:
        key: Which phrase.
        values: What its placeholders stand for; text that nobody has vetted is made harmless.
    """
    en, zh = _SAID[key]
    return Text(en=en, zh=zh).filled({name: named(value) for name, value in values.items()})


def phrases() -> Mapping[str, Text]:
    """Every phrase, its placeholders open."""
    return {key: Text(en=en, zh=zh) for key, (en, zh) in _SAID.items()}
