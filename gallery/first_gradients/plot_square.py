r"""
.. _page-square:

The gradient of a sum of squares
================================

**Which tensors have a gradient after** ``backward()``\ **?** Only the leaves that you marked. For a
result on the way, such as :math:`y = x^2`, PyTorch computes the gradient too, uses it and throws it
away. You can ask it to keep that one, but you must ask in time.
"""

# %%
# The set-up. Nothing is random here, so there is nothing to seed.
import math
import warnings

import matplotlib.pyplot as plt
import torch

import autograd_vi as av

device = av.pick_device()

# %%
# Two numbers
# -----------
#
# Square the entries of :math:`x = (2, 4)`, and take half of their sum:
# :math:`o = \tfrac12 (x_1^2 + x_2^2) = \tfrac12 (4 + 16) = 10`. A product with ½, a sum, a square and
# a :term:`leaf`: this is all that PyTorch records.
x = torch.tensor([2.0, 4.0], device=device, requires_grad=True)  # (2,)
y = x**2
o = 0.5 * y.sum()

torch.testing.assert_close(o, torch.tensor(10.0, device=device))
av.trace(o, params={"x": x})

# %%
# The factor 2 of the square and the factor ½ cancel:
#
# .. math::
#
#    \frac{\partial o}{\partial x_i} = \frac12 \cdot 1 \cdot 2 x_i = x_i
#
# So the :term:`gradient` equals ``x`` itself. We check it with :term:`finite differences`, in float64 on
# the CPU. For a square they are exact but for rounding.
o.backward()
print(f"{o = }")
print(f"{x.grad = }")

x64, h = x.detach().cpu().double(), 1e-3
shift = h * torch.eye(2, dtype=torch.float64)
up, down = (0.5 * ((x64 + s) ** 2).sum(dim=1) for s in (shift, -shift))
torch.testing.assert_close(x.grad.cpu().double(), (up - down) / (2 * h))
torch.testing.assert_close(x.grad, x.detach())

# %%
# Picture both numbers as a point in the plane. Where :math:`o` has one and the same value there is a
# circle around the origin. The gradient :math:`\nabla o` stands at a right angle to it. Here it is as long
# as the way from the origin to the point, so the arrow ends at twice the point, on the circle of 40.
points = torch.linspace(0, 9, 91)
half_squares = 0.5 * (points**2 + points[:, None] ** 2)  # (91, 91)
fig, ax = plt.subplots(
    subplot_kw={"xlabel": "$x_1$", "ylabel": "$x_2$", "aspect": "equal"}
)
circles = ax.contour(
    points, points, half_squares, [2.5, 10, 22.5, 40], colors="C0"
)
ax.clabel(
    circles, fmt="$o = %g$", manual=[(2, 1), (4, 2), (6, 3), (8, 4)]
)
ax.plot(*x.tolist(), "o", color="C1")
ax.text(1.4, 3.4, "$x$")
units = {"angles": "xy", "scale_units": "xy", "scale": 1}
arrow = ax.quiver(*x.tolist(), *x.grad.tolist(), color="C1", **units)
ax.text(2.8, 4.9, r"$\nabla o$")
fig.set_label(
    "Circles of equal o; at (2, 4) an arrow points straight away from "
    "the origin."
)

# %%
# The check measures what was drawn: where the arrow begins and ends, and how far each circle is from the
# origin, :math:`\sqrt{2o}`.
tail, tip = arrow.XY[0], arrow.XY[0] + (arrow.U[0], arrow.V[0])
print(f"{tail.tolist() = }, {tip.tolist() = }")

torch.testing.assert_close(
    [*tail, *tip], [2.0, 4.0, 4.0, 8.0], rtol=1e-6, atol=0
)
for level, circle in zip(
    circles.levels, circles.get_paths(), strict=True
):
    radii = torch.from_numpy(circle.vertices).norm(dim=1)
    expected = torch.full_like(radii, math.sqrt(2 * level))
    torch.testing.assert_close(radii, expected, rtol=1e-3, atol=0)

# %%
# The mistake: asking ``y`` for its gradient
# ------------------------------------------
#
# On its way to ``x`` the :term:`backward pass` passes ``y``. What does ``y.grad`` say? ``None``, and a
# warning: ``y`` is a result, no :term:`leaf tensor` (:ref:`page-tracking`).
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    print(f"{y.grad = }")
message = str(caught[0].message).split(". ")[0]
print(f"{caught[0].category.__name__}: {message}.")

assert (len(caught), y.is_leaf, x.is_leaf) == (1, False, True)
assert message.startswith(
    "The .grad attribute of a Tensor that is not a leaf Tensor"
)

# %%
# The cure: ``retain_grad``
# -------------------------
#
# :meth:`~torch.Tensor.retain_grad` says *before* the backward pass: keep this one. Each :math:`y_i`
# counts half in :math:`o`, so its gradient is ½. And ``x`` gets what it got before.
x.grad = None
y = x**2
y.retain_grad()
o = 0.5 * y.sum()
o.backward()
print(f"{y.grad = }")
print(f"{x.grad = }")

torch.testing.assert_close(y.grad, torch.full((2,), 0.5, device=device))
torch.testing.assert_close(x.grad, x.detach())

# %%
# The trick that cuts the graph
# -----------------------------
#
# There is a way to make ``y`` a leaf that sounds right: wrap it again. This is what
# :class:`torch.autograd.Variable` does. Now ``v`` has a gradient, the right one. But look at ``x``.
x.grad = None
v = torch.autograd.Variable(x**2, requires_grad=True)
o = 0.5 * v.sum()
o.backward()
print(f"{v.grad = }")
print(f"{x.grad = }")

assert x.grad is None
assert torch.autograd.grad(0.5 * v.sum(), x, allow_unused=True) == (
    None,
)
torch.testing.assert_close(v.grad, torch.full((2,), 0.5, device=device))

# %%
# The graph shows why. ``v`` took the numbers 4 and 16 and not their history. It is a leaf, and behind a
# leaf there is nothing: no square, no ``x``.
assert (v.is_leaf, v.grad_fn) == (True, None)
torch.testing.assert_close(
    v.detach(), torch.tensor([4.0, 16.0], device=device)
)
av.trace(o, params={"x": x, "v": v})

# %%
# .. admonition:: From the notebook “Grad trong PyTorch”
#    :class: notebook
#
#    The notebook wraps ``y`` in a fresh ``Variable`` to see its gradient. What it sees is right, but
#    from then on ``x.grad`` stays ``None``; ``retain_grad()`` gives both. ``Variable`` is deprecated:
#    since PyTorch 0.4 it returns a plain tensor, and ``requires_grad=True`` is all you need. The
#    notebook's cell also lacks its imports, so by itself it does not run.
print(f"{type(v) = }")

assert type(v) is type(x) is torch.Tensor

# %%
# ``sum(y)`` is not ``y.sum()``
# -----------------------------
#
# The notebook adds up with Python's :func:`sum`. Python knows nothing of tensors. It takes ``y`` apart
# (``UnbindBackward0``), starts with 0 and adds one entry after the other. Two entries give two
# additions. Compare this with the one ``SumBackward0`` in the first picture.
x.grad = None
chain = 0.5 * sum(x**2)
chain.backward()
print(f"{x.grad = }")

torch.testing.assert_close(x.grad, x.detach())
av.trace(chain, params={"x": x})

# %%
# The gradient is the same. The price is not: the chain has one addition for each entry and four nodes
# besides, the sum has four nodes in all. Predict the numbers of nodes for 2, 10 and 1000 entries.
for n in (2, 10, 1000):
    t = torch.ones(n, device=device, requires_grad=True)  # (n,)
    graphs = [
        av.trace(0.5 * total, params={"t": t})
        for total in (sum(t**2), (t**2).sum())
    ]
    nodes = [len(graph.nodes) for graph in graphs]
    print(f"{n = :4}  {nodes = }")
    assert nodes == [n + 4, 4]

# %%
# What to remember
# ----------------
#
# - ``.grad`` is filled at marked leaves. For a result, call ``retain_grad()`` before ``backward()``.
# - Wrapping a result in a new tensor keeps its numbers and loses its history.
# - Add up with ``y.sum()``: one node. Python's ``sum(y)`` makes one for each entry.
#
# Exercise
# --------
#
# Keep :math:`x = (2, 4)` and :math:`y = x^2`, but take :math:`o = \tfrac12 \sum_i y_i^2`. Predict
# ``y.grad`` and ``x.grad``.

# %%
# .. answer-begin::

# %%
# Now :math:`\partial o / \partial y_i = y_i`, so ``y.grad`` is :math:`(4, 16)`. The square passes this on,
# times :math:`2 x_i`: :math:`4 \cdot 4 = 16` and :math:`8 \cdot 16 = 128`. Directly:
# :math:`o = \tfrac12 \sum_i x_i^4` has the derivative :math:`2 x_i^3`.
x.grad = None
y = x**2
y.retain_grad()
(0.5 * (y**2).sum()).backward()
print(f"{y.grad = }")
print(f"{x.grad = }")

torch.testing.assert_close(
    y.grad, torch.tensor([4.0, 16.0], device=device)
)
torch.testing.assert_close(
    x.grad, torch.tensor([16.0, 128.0], device=device)
)
torch.testing.assert_close(x.grad, 2 * x.detach() ** 3)

# %%
# .. answer-end::
#
# You saw notes being taken (:ref:`page-tracking`), and here what a line that looks harmless does
# to them. So far the gradient began at one number. What if a result has many?
# :ref:`page-backward`.
