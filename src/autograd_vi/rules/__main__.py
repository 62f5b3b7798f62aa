"""``python -m autograd_vi.rules`` makes the MathML of all formulas anew."""

from autograd_vi.rules.formulas import write

if __name__ == "__main__":
    write()
