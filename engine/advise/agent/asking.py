"""`next_questions` and `answer`: what is worth knowing, and what follows from knowing it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from advise.agent.answers import AnsweredAnswer, QuestionLine, QuestionsAnswer
from advise.agent.arguments import AnswerArguments, QuestionsArguments
from advise.agent.fitting import fitting, left_out
from advise.agent.lines import verdict_line
from advise.agent.pages import cursor_at, start_of
from advise.agent.reply import Reply
from advise.agent.toolbox import Toolbox
from advise.documents.nearest import nearest
from advise.errors import AnswerError
from advise.facts.read import facts_from_mapping
from advise.interview.accepted import accepted
from advise.interview.agenda import Agenda, Question, items_of
from advise.interview.answer import parse_answer
from advise.interview.listing import asked_question
from advise.interview.standing import Effects, effects, standing
from advise.plan.evidence import json_value
from advise.plan.examination import Examination
from advise.render.voice import Voice, reading
from advise.text import Value
from advise.untrusted import said

_NEXT = 3
_EVERYTHING = 10_000
_COUNTS = (40, 24, 16, 12, 8, 5, 3, 2, 1, 0)


def questions_of(toolbox: Toolbox, found: Examination, sections: Sequence[str]) -> list[Question]:
    """What remains to be asked of a run, the next question first.

    Raises:
        UnknownNameError: The checklist has no such section.
    """
    base = toolbox.advisor.knowledge
    return list(Agenda(base, items_of(sections, base) if sections else ()).questions(found.inference))


def next_questions(toolbox: Toolbox, asked: QuestionsArguments) -> Reply:
    """The next questions."""
    found = toolbox.examination(asked.paths, asked.facts)
    remaining = questions_of(toolbox, found, asked.sections)
    names = [question.fact for question in remaining]
    start = start_of(asked.cursor, names)
    voice = toolbox.voice(asked.lang)

    def way(count: int) -> QuestionsAnswer:
        shown = remaining[start : start + count]
        return QuestionsAnswer(
            verdict=verdict_line(found.plan.verdict, voice),
            questions=[question_line(toolbox, question.fact, voice) for question in shown],
            open=len(names) - start,
            next=cursor_at(start + len(shown), names),
        )

    if asked.detail == "full":
        base, shown = toolbox.advisor.knowledge, remaining[start : start + asked.limit]
        answer = way(asked.limit).model_copy(update={"full": [asked_question(question, base, toolbox.words) for question in shown]})
    else:
        answer = fitting(range(asked.limit, 0, -1), way, _questions_text)
    return Reply(answer, _questions_text(answer))


def answer(toolbox: Toolbox, asked: AnswerArguments) -> Reply:
    """Take answers, and say what follows from them."""
    before = toolbox.examination(asked.paths, asked.facts)
    voice = toolbox.voice(asked.lang)
    values, rejected = _understood(toolbox, asked.answers, voice)
    given = {**_flat(toolbox, asked.facts), **{fact: json_value(value) for fact, value in values.items()}}
    after = toolbox.examination(asked.paths, given) if values else before
    followed = effects(standing(before), standing(after), toolbox.advisor.knowledge) if values else None
    remaining = list(islice(questions_of(toolbox, after, asked.sections), _NEXT))

    became = [] if followed is None else list(_became(followed, voice))
    questions = [question_line(toolbox, question.fact, voice) for question in remaining]
    answered = {fact: json_value(value) for fact, value in values.items()}

    def way(count: int) -> AnsweredAnswer:
        shown = dict(islice(rejected.items(), max(count, 1)))
        asked_next = questions[: max(1, count // 8)]
        return AnsweredAnswer(
            answered=answered,
            rejected=shown,
            verdict=verdict_line(after.plan.verdict, voice),
            became=became[:count],
            questions=asked_next,
            left_out=left_out(became=(became[:count], became), rejected=([*shown], [*rejected])),
        )

    whole = way(_EVERYTHING).model_copy(update={"effects": followed})
    found = whole if asked.detail == "full" else fitting(_COUNTS, way, _answered_text)
    return Reply(found, _answered_text(found))


def question_line(toolbox: Toolbox, fact: str, voice: Voice) -> QuestionLine:
    """A question in one line, with what is accepted as an answer."""
    spec = toolbox.advisor.knowledge.vocabulary[fact]
    listed = " | ".join(spec.values) or voice.joined(accepted(spec, toolbox.words))
    return QuestionLine(fact=fact, prompt=voice.joined(spec.prompt), accepted=listed)


def _understood(toolbox: Toolbox, answers: Mapping[str, Any], voice: Voice) -> tuple[dict[str, Value], dict[str, str]]:
    values: dict[str, Value] = {}
    rejected: dict[str, str] = {}
    vocabulary = toolbox.advisor.knowledge.vocabulary
    for fact, given in answers.items():
        if fact not in vocabulary:
            close = nearest(fact, vocabulary.specs)
            rejected[said(fact)] = "no such fact" + (f"; did you mean `{close}`?" if close else "")
            continue
        try:
            values[fact] = parse_answer(_typed(given), vocabulary[fact], toolbox.words)
        except AnswerError as error:
            hint = f"; did you mean `{error.nearest}`?" if error.nearest else ""
            rejected[fact] = f"{said(voice.joined(error.reason))} {question_line(toolbox, fact, voice).accepted}{hint}"
    return values, rejected


def _typed(given: object) -> str:
    """An answer as a person would have typed it."""
    if isinstance(given, bool):
        return "yes" if given else "no"
    return ", ".join(map(str, given)) if isinstance(given, list) else str(given)


def _flat(toolbox: Toolbox, facts: Mapping[str, Any]) -> dict[str, Any]:
    observed = facts_from_mapping(facts, toolbox.advisor.knowledge.vocabulary)
    return {name: fact.value for name, fact in observed.facts.items()}


def _became(found: Effects, voice: Voice) -> Iterator[str]:
    if found.verdict is not None:
        yield f"verdict: {found.verdict.id}"
    yield from (f"+ {item.severity} {item.id}: {voice.joined(item.title)}" for item in found.diagnoses)
    yield from (f"+ {item.priority} {item.id}: {voice.joined(item.title)}" for item in found.decisions)
    yield from (f"- {item.id}: {voice.joined(item.title)}" for item in (*found.withdrawn, *found.dropped))
    yield from (f"{item.id}: {item.status}" for item in found.checklist)
    yield from (f"{item.id} = {reading(item.value)}" for item in found.derived)
    yield from (f"! {item.id}: contradicted" for item in found.contradicted)


def _questions_text(found: QuestionsAnswer) -> str:
    lines = [f"{found.verdict.id} — {found.verdict.title}", f"{found.open} open"]
    lines += [_question_text(question) for question in found.questions]
    return "\n".join([*lines, f"next: {found.next}"] if found.next else lines)


def _answered_text(found: AnsweredAnswer) -> str:
    lines = [f"{found.verdict.id} — {found.verdict.title}"]
    lines += [f"{fact} = {reading(value)}" for fact, value in found.answered.items()]
    lines += [f"rejected {fact}: {why}" for fact, why in found.rejected.items()]
    lines += found.became
    if found.left_out:
        lines.append("… " + ", ".join(f"+{count} {part}" for part, count in found.left_out.items()) + ": detail=full")
    return "\n".join([*lines, *map(_question_text, found.questions)])


def _question_text(question: QuestionLine) -> str:
    return f"? {question.fact}: {question.prompt}" + (f" [{question.accepted}]" if question.accepted else "")
