"""Inference: implications over facts, chained forward to what follows, with the proof of each conclusion.

    program = compile_program(implications)
    chainer = open_chainer(program)
    inference = infer(chainer, facts)

The result depends on the set of implications and the set of facts alone, never on an order, and not on which engine ran.
"""
