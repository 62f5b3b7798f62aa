r"""
.. _page-tracking:

Tracking operations
===================

**A tensor holds numbers. How can PyTorch later differentiate the formula that made them?** It takes
notes: once a tensor is marked, every operation that has a derivative leaves a record of itself on its
result.
"""

# %%
# Most pages begin with PyTorch and two helpers of ours. :func:`autograd_vi.seed_everything` gives the
# same random numbers on every run; :func:`autograd_vi.pick_device` takes a GPU where there is one.
import torch

import autograd_vi as av

g = av.seed_everything(0)
device = av.pick_device()

# %%
# Mark, compute, look
# -------------------
#
# :meth:`~torch.Tensor.requires_grad_` is the mark: from now on, track what is done with ``x``. Take
# three random values, compute :math:`y = x + 2` and :math:`z = 3y + 3`, and let
# :func:`autograd_vi.print_dag` print the notes.
x = torch.rand(3, generator=g).to(device).requires_grad_()  # (3,)
y = x + 2
z = 3 * y + 3

av.print_dag(z, params={"x": x})

# %%
# This is the :term:`computational graph` of ``z``. Read it from the result back to its origin:
# ``z`` was made by an addition, out of a multiplication, out of an addition, out of ``x``. The
# brackets give the shape of each result. The constants 2 and 3 do not appear. Nobody marked them,
# so nobody will ask for a derivative with respect to them.
#
# The record on a tensor
# ----------------------
#
# Each result keeps the :term:`node` of the operation that made it in ``grad_fn``, and shows it when
# printed. ``x`` shows only the mark: you made it, no tracked operation did.
print(f"{x = }")
print(f"{y = }")
print(f"{z = }")
print(f"{x.grad_fn = }")

assert x.grad_fn is None
assert [type(t.grad_fn).__name__ for t in (y, z)] == [
    "AddBackward0",
    "AddBackward0",
]
torch.testing.assert_close(z, 3 * x + 9)

# %%
# Each record is a rule for the way back, hence ``Backward``: ``AddBackward0`` knows the
# :term:`derivative` of an addition. The digit tells variants of one operation apart.
#
# From record to record
# ---------------------
#
# ``next_functions`` leads from a node to the nodes of its inputs. Follow it from ``z`` by hand, and
# the printed tree comes back. The last node, ``AccumulateGrad``, is no operation. It keeps hold of
# ``x`` itself, since this is where the gradient will be put.
node, names = z.grad_fn, []
while node.next_functions:
    names.append(type(node).__name__)
    node = node.next_functions[0][0]
print(names)
print(type(node).__name__, node.variable is x)

assert names == ["AddBackward0", "MulBackward0", "AddBackward0"]
assert (type(node).__name__, node.variable is x) == (
    "AccumulateGrad",
    True,
)

# %%
# Leaves and results
# ------------------
#
# A tensor that no tracked operation made is a :term:`leaf tensor`. For a result to be tracked it is
# enough that *one* input is, if the operation has a derivative and tracking is not turned off
# (:ref:`page-stop-tracking`). Here ``c`` is not marked: predict each row before you look.
c = torch.full((3,), 2.0, device=device)
tensors = {"x": x, "c": c, "y": y, "c * c": c * c, "c * x": c * x}
for name, t in tensors.items():
    print(
        f"{name:5}  requires_grad={t.requires_grad!s:5}  "
        f"is_leaf={t.is_leaf}"
    )
    assert t.is_leaf == (t.grad_fn is None)

assert [t.requires_grad for t in tensors.values()] == [
    True,
    False,
    True,
    False,
    True,
]
assert [t.is_leaf for t in tensors.values()] == [
    True,
    True,
    False,
    True,
    False,
]

# %%
# Surprised by ``c * c``? An operation made it, but an untracked one, and PyTorch kept no record.
# With no ``grad_fn`` it counts as a leaf too, one that no gradient reaches.
#
# The mistake: marking integers
# -----------------------------
#
# A derivative asks what happens when a value changes *a little*. An integer cannot do that, so
# PyTorch refuses the mark. The cure is a decimal point: ``[1.0, 2.0, 3.0]``. For the same reason,
# results that are whole numbers or truth values, such as ``x.argmax()`` or ``x > 0``, are not
# tracked.
try:
    torch.tensor([1, 2, 3], requires_grad=True)
except RuntimeError as error:
    message = str(error).splitlines()[0]
    print(f"{type(error).__name__}: {message}")
else:
    raise AssertionError

assert "floating point" in message
assert torch.tensor([1.0, 2.0, 3.0], requires_grad=True).requires_grad
assert [x.argmax().requires_grad, (x > 0).requires_grad] == [
    False,
    False,
]

# %%
# What to remember
# ----------------
#
# - ``requires_grad`` says *whether* a tensor is tracked, ``grad_fn`` *which* operation made it.
# - A result is tracked if one of its inputs is, the operation has a derivative, and tracking is on.
# - A leaf has no ``grad_fn``. Gradients will arrive at the leaves that you marked.
#
# Exercise
# --------
#
# You want three tracked values between 0 and 10, and write
# ``w = 10 * torch.rand(3).requires_grad_()``. Is ``w`` tracked? Is it a leaf? What is its
# ``grad_fn``? Then change the line so that ``w`` is a leaf.

# %%
# .. answer-begin::

# %%
# Python calls the method before it multiplies: the mark lands on the values between 0 and 1, and
# ``w`` is the result of a tracked multiplication. Multiply first, mark last. (A move to another
# device is an operation too. That is why ``.to(device)`` stands before ``.requires_grad_()``.)
w = 10 * torch.rand(3, generator=g).to(device).requires_grad_()
w_leaf = (10 * torch.rand(3, generator=g)).to(device).requires_grad_()
print(
    f"{w.requires_grad = }, {w.is_leaf = }, "
    f"{type(w.grad_fn).__name__ = }"
)
print(
    f"{w_leaf.requires_grad = }, {w_leaf.is_leaf = }, "
    f"{w_leaf.grad_fn = }"
)

assert (w.requires_grad, w_leaf.requires_grad) == (True, True)
assert all(
    0 <= value <= 10 for value in (*w.tolist(), *w_leaf.tolist())
)
assert (w.is_leaf, w_leaf.is_leaf) == (False, True)
assert (type(w.grad_fn).__name__, w_leaf.grad_fn) == (
    "MulBackward0",
    None,
)

# %%
# .. answer-end::
#
# In :ref:`page-background`, ``backward()`` found the gradients. Now you know the notes that it
# reads. Next, it reads those of a formula whose derivative you know by heart: :ref:`page-square`.
