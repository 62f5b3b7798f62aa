"""The local rule of an operation: what it computes, and what it sends to each of its inputs.

One table (``table.RULES``, by families) says it twice at once: as a formula for readers and as a function
for tests. A rule is chosen by the node's name and by what the node saved, so that options such as ``reduction=`` count.

- ``saved``: reads off a node of torch what it saved. The one module that knows torch's ``_saved_…``.
- ``expressions``: one expression gives LaTeX and value alike.
- ``rule``: what a rule is.
- ``arithmetic``, ``functions`` … ``pooling``: the rules, by families; ``table``: all of them, and the choice.
- ``formulas``: their LaTeX, and their MathML as a file keeps it.
"""
