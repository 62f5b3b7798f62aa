r"""
.. _page-torch-func:

Functions that make gradient functions
======================================

**You want the gradient of every single example, not their mean. Do you need a loop?** No.
``torch.func`` turns a function into its gradient function, and a function of one example into a
function of the whole batch. Put together, they answer the question in one line.
"""

# %%
# The set-up: random numbers that are the same on every run, and a device.
import matplotlib.pyplot as plt
import torch
from torch import nn
from torch.func import functional_call, grad, jacfwd, jacrev, vmap
from torch.utils._python_dispatch import TorchDispatchMode

import autograd_vi as av

g = av.seed_everything(0)
device = av.pick_device()

# %%
# Function in, function out
# -------------------------
#
# :func:`torch.func.grad` takes a function that returns one number, and gives you a new function:
# its :term:`derivative`. You mark no tensor with ``requires_grad`` and read no ``.grad``. Before
# you look on: :math:`x^3` has the derivative :math:`3x^2`, so what do the two lines give at 2?


def cube(x):
    return x**3


x = torch.tensor(2.0, device=device)
print(f"{grad(cube)(x) = }")
print(f"{grad(grad(cube))(x) = }")

torch.testing.assert_close(grad(cube)(x), x.new_tensor(12))
torch.testing.assert_close(grad(grad(cube))(x), x.new_tensor(12))

# %%
# Both are 12: :math:`3 \cdot 2^2`, and then :math:`6 \cdot 2`. What comes out is a function again,
# so you can differentiate once more. And ``x`` is as it was.
print(f"{x.requires_grad = }, {x.grad = }")

assert (x.requires_grad, x.grad) == (False, None)

# %%
# From one example to a batch
# ---------------------------
#
# :func:`torch.vmap` is the second of the tools. Write the function for one example; ``vmap`` makes
# one for a batch. ``in_dims`` says where the batch lies in each argument: dimension 0 of
# ``points``, and nowhere (``None``) in ``w``, which all examples share.


def squared_distance(w, point):
    return ((w - point) ** 2).sum()


w = torch.tensor([1.0, 2.0], device=device)  # (2,)
points = torch.rand(5, 2, generator=g).to(device)  # (5, 2)
distances = vmap(squared_distance, in_dims=(None, 0))(w, points)
print(f"{distances.shape = }")

loop = torch.stack([squared_distance(w, point) for point in points])
torch.testing.assert_close(distances, loop)

# %%
# The two tools fit together. Here is the gradient with respect to ``w`` for each of the five
# points. With pencil and paper it is :math:`2(w - p)`.
per_point = vmap(grad(squared_distance), in_dims=(None, 0))(w, points)
print(f"{per_point.shape = }")

torch.testing.assert_close(per_point, 2 * (w - points))

# %%
# A gradient for each example
# ---------------------------
#
# Now for a model. A :term:`module` keeps its :term:`parameters <parameter>` to itself, but
# ``grad`` wants them as an argument. :func:`torch.func.functional_call` calls the module with the
# values that you hand over. Here a line :math:`w x + b` is to fit six points, the last of which
# lies far off.
line = nn.Linear(1, 1).to(device)
inputs = torch.arange(1.0, 7.0, device=device)[:, None]  # (6, 1)
targets = inputs.clone()  # (6, 1)
targets[5] = -9.0


def loss_of(params, x, t):
    return ((functional_call(line, params, (x,)) - t) ** 2).sum()


# %%
# We look at the place :math:`w = 0.5`, :math:`b = 0`.
weight = torch.tensor([[0.5]], device=device)
params = {"weight": weight, "bias": torch.zeros(1, device=device)}
per_example = vmap(grad(loss_of), in_dims=(None, 0, 0))
grads = per_example(params, inputs, targets)
for name, gradient in grads.items():
    print(f"{name:6}  {gradient.flatten().tolist()}")

residual = 0.5 * inputs - targets  # (6, 1)
by_hand = {"weight": (2 * residual * inputs)[:, :, None]}
by_hand["bias"] = 2 * residual
torch.testing.assert_close(grads, by_hand)

# %%
# Each list has one number for each example. The :term:`closed form` is :math:`2 (0.5\,x - t)\,x`
# for the weight and :math:`2 (0.5\,x - t)` for the bias. Draw the pair of each example as a line
# from 0, with the weight's part to the right and the bias's part upwards, and their mean in
# another colour.
pairs = torch.cat([grads["weight"][:, 0], grads["bias"]], dim=1).cpu()
fig, ax = plt.subplots()
for u, v in pairs:
    ax.plot([0, u], [0, v], color="C0", marker=".")
u, v = pairs.mean(dim=0)
ax.plot([0, u], [0, v], color="C1", marker="o")
ax.annotate("mean", (u, v), (8, 0), textcoords="offset points")
ax.set(xlabel=r"$\partial_w L$", ylabel=r"$\partial_b L$")
fig.set_label("Five lines go to the lower left, one far to the right.")

ends = [[axis[1].item() for axis in a.get_data()] for a in ax.lines]
tips = torch.tensor(ends)  # (7, 2)
torch.testing.assert_close(tips[:6], pairs)
torch.testing.assert_close(tips[6], pairs.mean(dim=0))
assert (pairs[5] > -pairs[:5].sum(dim=0)).all()

# %%
# Five examples want a steeper line. One, the outlier, is stronger than all of them together, and
# the mean follows it. An ordinary ``backward()`` shows only this mean.
for name, parameter in line.named_parameters():
    with torch.no_grad():
        parameter.copy_(params[name])
((line(inputs) - targets) ** 2).mean().backward()
print(f"{line.weight.grad.item() = :.4f}")
print(f"{line.bias.grad.item() = :.4f}")

for name, parameter in line.named_parameters():
    mean = grads[name].mean(dim=0)
    torch.testing.assert_close(parameter.grad, mean)

# %%
# What it saves
# -------------
#
# A loop over the examples gives the same. To see the difference, count the operations that PyTorch
# starts. A ``TorchDispatchMode`` is called for each of them.


class Counter(TorchDispatchMode):
    count = 0

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        self.count += 1
        return func(*args, **(kwargs or {}))


counts = []

# %%
# Count for a batch of 10 examples, then for one of 100. By what factor does each count grow?
for n in (10, 100):
    x, t = torch.rand(2, n, 1, generator=g).to(device)  # (n, 1)
    rows = list(zip(x, t, strict=True))
    with Counter() as looped:
        one_by_one = [grad(loss_of)(params, *row) for row in rows]
    with Counter() as mapped:
        batch = per_example(params, x, t)
    counts.append((looped.count, mapped.count))
    for i, row in enumerate(one_by_one):
        torch.testing.assert_close(batch["bias"][i], row["bias"])

# %%
# First the loop, then ``vmap``.
growth = [b / a for a, b in zip(*counts, strict=True)]
print(f"{growth = }")

assert growth == [10.0, 1.0]

# %%
# The loop starts ten times as many operations for ten times as many examples. ``vmap`` starts as
# many as before, each on the whole batch. The arithmetic is the same; but starting an operation
# costs time, on a GPU above all.
#
# Whole Jacobians
# ---------------
#
# With ``vmap`` over the rows of an identity, PyTorch builds whole
# :term:`Jacobian matrices <Jacobian matrix>`: :func:`torch.func.jacrev` with
# :term:`reverse mode <reverse mode>`, row by row, and :func:`torch.func.jacfwd` with
# :term:`forward mode <forward mode>`, column by column. The numbers are the same.


def polar(p):
    return torch.stack([p[0] * p[1].cos(), p[0] * p[1].sin()])


p = torch.tensor([2.0, 0.5], device=device)  # (2,)
J = jacrev(polar)(p)  # (2, 2)
print(f"{J = }")

radius, (cos, sin) = p[0], (p[1].cos(), p[1].sin())
by_hand = torch.stack([cos, -radius * sin, sin, radius * cos])
by_hand = by_hand.reshape(2, 2)
torch.testing.assert_close(J, by_hand)
torch.testing.assert_close(jacfwd(polar)(p), by_hand)

# %%
# The mistake: a decision about one example
# -----------------------------------------
#
# .. exhibit:: attempting to use a Tensor in some data-dependent control flow
#    :name: vmap-control-flow
#    :also: vmap: It looks like you're attempting to use a Tensor in some data-dependent control flow
#           vmap: It looks like you're calling .item() on a Tensor
#
#    An ``if`` that asks a tensor for ``True`` or ``False``, and inside ``vmap`` that tensor is a
#    whole batch.
#
#    Each example has an answer of its own, and Python can follow one branch only.
#
#    Compute both branches, and choose with :func:`torch.where`.
#
# Inside ``vmap`` a tensor stands for the whole batch, and an ``if`` cannot go both ways at once.


def absolute(x):
    return x if x > 0 else -x


values = torch.tensor([-1.0, 2.0], device=device)  # (2,)
try:
    vmap(absolute)(values)
except RuntimeError as error:
    message = str(error).split(". ")[0]
    print(f"{type(error).__name__}: {message}")
else:
    raise AssertionError

assert "data-dependent control flow" in message

# %%
# The wrong cure decides outside, once for all. The sum is positive, so every example counts as
# positive.
positive = bool(values.sum() > 0)
print(vmap(lambda x: x if positive else -x)(values))

decided = vmap(lambda x: x if positive else -x)(values)
torch.testing.assert_close(decided, values.new_tensor([-1, 2]))

# %%
# The cure: compute both, and let :func:`torch.where` choose entry by entry.
print(vmap(lambda x: torch.where(x > 0, x, -x))(values))

chosen = vmap(lambda x: torch.where(x > 0, x, -x))(values)
torch.testing.assert_close(chosen, values.new_tensor([1, 2]))

# %%
# What to remember
# ----------------
#
# - ``grad(f)`` is a function. It wants a function that returns one number.
# - ``vmap(f)`` does for a batch what ``f`` does for one example, without a loop.
# - ``vmap(grad(f))`` gives one gradient for each example; their mean is the gradient of the mean.
#
# Exercise
# --------
#
# Give the slope of the sine at five places, in one line, without a sum and without a loop.

# %%
# .. answer-begin::

# %%
# ``grad(torch.sin)`` is the slope at one place, so ``vmap`` makes it the slope at five. It is the
# cosine.
places = torch.linspace(0, 3, 5, device=device)  # (5,)
slopes = vmap(grad(torch.sin))(places)
print(f"{slopes = }")

torch.testing.assert_close(slopes, places.cos())

# %%
# .. answer-end::
#
# You came from :ref:`page-hooks`. Forward mode has come up here: a derivative that needs no
# backward pass. It is the next idea, :ref:`page-forward-mode`.
