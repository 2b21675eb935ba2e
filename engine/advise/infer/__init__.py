"""Inference: implications over facts, chained forward to what follows, with the proof of each conclusion.

    program = compile_program(implications)
    chainer = open_chainer(program)
    inference = infer(chainer, facts)

The result depends on the set of implications and the set of facts alone, never on an order, and not on which engine ran.
"""

from advise.infer.chain import Chainer
from advise.infer.compile import MAX_DISJUNCTS, compile_program
from advise.infer.driver import Engine, infer, open_chainer
from advise.infer.inference import Contradiction, Inference
from advise.infer.nearest import Gap
from advise.infer.program import Fault, Implication, Program, ProgramError
from advise.infer.proof import Premise, Proof

__all__ = [
    "MAX_DISJUNCTS",
    "Chainer",
    "Contradiction",
    "Engine",
    "Fault",
    "Gap",
    "Implication",
    "Inference",
    "Premise",
    "Program",
    "ProgramError",
    "Proof",
    "compile_program",
    "infer",
    "open_chainer",
]
