"""The tools: what each is called, what it says of itself, what it takes and gives, and what it does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from advise.agent import answers, arguments
from advise.agent.advising import advise
from advise.agent.asking import answer, next_questions
from advise.agent.differences import diff_runs, what_if
from advise.agent.explaining import explain
from advise.agent.observing import observe
from advise.agent.reply import Reply
from advise.agent.running import list_runs
from advise.agent.searching import search_knowledge
from advise.agent.toolbox import Toolbox


@dataclass(frozen=True, slots=True)
class Tool:
    """One tool. Every tool only reads, and nothing beyond the roots and the knowledge base.

    Attributes:
        description: For the model that chooses it.
        takes: The model of its arguments.
        gives: The model of its answer.
        run: What it does; `takes` is what it is given.
        example: Arguments that work anywhere, shown where a call went wrong.
    """

    name: str
    title: str
    description: str
    takes: type[arguments.Arguments]
    gives: type[answers.Answer]
    run: Callable[[Toolbox, Any], Reply]
    example: Mapping[str, Any]


_FACTS = {"clip.rate": 0.93, "lr.peak": 0.0003}

TOOLS: Mapping[str, Tool] = {
    tool.name: tool
    for tool in (
        Tool(
            "advise",
            "Advise on a run",
            "The plan for a training run from its facts, logs or both: a verdict, what to change and to which number, in which order, what"
            " not to do, the gates of the next run, what was diagnosed, and what is worth finding out. Deterministic; each verdict has a"
            " proof (`explain`). Call it before and after every round; after a round, hand in the earlier plan as `after`.",
            arguments.AdviseArguments,
            answers.PlanAnswer,
            advise,
            {"facts": _FACTS},
        ),
        Tool(
            "observe",
            "Read a log",
            "Measures logs and run directories without a verdict: the facts, where each was read, and which column was taken for what.",
            arguments.ObserveArguments,
            answers.ObservedAnswer,
            observe,
            {"paths": ["."]},
        ),
        Tool(
            "list_runs",
            "List and compare runs",
            "The runs in some folders, a line each: verdict, worst finding, metric, and the settings in which they differ.",
            arguments.RunsArguments,
            answers.RunsAnswer,
            list_runs,
            {},
        ),
        Tool(
            "next_questions",
            "What is worth finding out",
            "The facts that would settle the most if they were known, the most valuable first, or what sections of the tuning checklist"
            " ask for in their order. Find the answers out, and hand them in as `facts`, or to `answer` as a person would type them.",
            arguments.QuestionsArguments,
            answers.QuestionsAnswer,
            next_questions,
            {"facts": _FACTS, "limit": 3},
        ),
        Tool(
            "answer",
            "Answer questions",
            "Takes answers as people type them (5%, 32k, 1h30m), says what each means and what follows from it. Writes nothing: add"
            " `answered` to the `facts` of the next call. Without answers the person is asked through a form, where the client has forms;"
            " else the questions come back.",
            arguments.AnswerArguments,
            answers.AnsweredAnswer,
            answer,
            {"facts": _FACTS, "answers": {"loss.is_nonfinite": "no"}},
        ),
        Tool(
            "explain",
            "Explain a verdict, or why there is none",
            "The proof of a diagnosis, decision, rule, checklist item or erratum down to the facts; or, where it was not reached, what its"
            " nearest rules lack; or what a fact is used for.",
            arguments.ExplainArguments,
            answers.ExplainAnswer,
            explain,
            {"id": "clipping_saturated", "facts": _FACTS},
        ),
        Tool(
            "what_if",
            "What would be otherwise",
            "What would appear, vanish and change in the plan if some facts had other values.",
            arguments.WhatIfArguments,
            answers.DifferenceAnswer,
            what_if,
            {"changes": {"clip.rate": 0.1}, "facts": _FACTS},
        ),
        Tool(
            "diff_runs",
            "Compare a run with the one before",
            "What the plan of a later run says otherwise than that of an earlier one, and whether it passes the gates of the earlier plan.",
            arguments.DiffRunsArguments,
            answers.DifferenceAnswer,
            diff_runs,
            {"before_facts": _FACTS, "facts": {"clip.rate": 0.1, "lr.peak": 0.0003}},
        ),
        Tool(
            "search_knowledge",
            "Search the knowledge base",
            "Finds rules, facts, diagnoses, decisions, checklist items, sources and errata by words, in English or Chinese: the names that"
            " the other tools take, and what the playbook says of a subject.",
            arguments.SearchArguments,
            answers.SearchAnswer,
            search_knowledge,
            {"query": "gradient clipping"},
        ),
    )
}
