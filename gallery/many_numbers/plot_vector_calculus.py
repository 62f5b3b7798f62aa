r"""
.. _page-vector-calculus:

Vector calculus behind backward
===============================

**What does** ``backward`` **compute when a function has many inputs and many results?** The product
of a vector with the Jacobian matrix, the table of all partial derivatives. ``backward`` never builds
the table itself, and that is why it can afford networks with millions of parameters.
"""

# %%
# The set-up. Nothing is random here.
import matplotlib.pyplot as plt
import torch

import autograd_vi as av

device = av.pick_device()

# %%
# The table of all derivatives
# ----------------------------
#
# A function with :math:`n` inputs and :math:`m` results has :math:`m \cdot n`
# :term:`partial derivatives <partial derivative>`. The :term:`Jacobian matrix` arranges them: one
# row for each result, one column for each input. :math:`J` is :math:`m \times n`.
#
# .. math::
#
#    J = \begin{pmatrix}
#    \frac{\partial y_1}{\partial x_1} & \cdots & \frac{\partial y_1}{\partial x_n} \\
#    \vdots & \ddots & \vdots \\
#    \frac{\partial y_m}{\partial x_1} & \cdots & \frac{\partial y_m}{\partial x_n}
#    \end{pmatrix}
#
# Our example has :math:`n = 2` inputs and :math:`m = 3` results:
#
# .. math::
#
#    y = \begin{pmatrix} x_1^2 \\ x_1 x_2 \\ 3 x_2 \end{pmatrix}, \qquad
#    J = \begin{pmatrix} 2x_1 & 0 \\ x_2 & x_1 \\ 0 & 3 \end{pmatrix}
#
# At :math:`x = (1, 2)` you can fill in the table by hand.
# :func:`torch.autograd.functional.jacobian` agrees.


def f(x):
    return torch.stack([x[0] ** 2, x[0] * x[1], 3 * x[1]])


x = torch.tensor([1.0, 2.0], device=device, requires_grad=True)  # (2,)
J = torch.autograd.functional.jacobian(f, x)  # (3, 2)
by_hand = torch.tensor(
    [[2.0, 0.0], [2.0, 1.0], [0.0, 3.0]], device=device
)  # (3, 2)
print(f"{f(x) = }")
print(f"{J = }")

torch.testing.assert_close(J, by_hand)

# %%
# From a vector at the end to a vector at the start
# -------------------------------------------------
#
# Let a scalar :math:`\ell` depend on ``y``. Its gradient with respect to ``y`` is a vector with one
# entry for each result:
#
# .. math::
#
#    v = \left( \frac{\partial \ell}{\partial y_1} \;\cdots\; \frac{\partial \ell}{\partial y_m}
#    \right)^{\mathsf T}
#
# Each input :math:`x_i` acts on :math:`\ell` through every :math:`y_j`. The :term:`chain rule` adds
# these ways up:
#
# .. math::
#
#    (J^{\mathsf T} v)_i = \sum_{j=1}^{m} \frac{\partial y_j}{\partial x_i}
#    \frac{\partial \ell}{\partial y_j} = \frac{\partial \ell}{\partial x_i}
#
# This is the :term:`vector–Jacobian product`, and it is what ``y.backward(v)`` computes
# (:ref:`page-jacobian-products` does it with a matrix). For
# :math:`v = (3, 1, -1)` the first entry is :math:`2 \cdot 3 + 2 \cdot 1 + 0 \cdot (-1) = 8`, and the
# second :math:`0 \cdot 3 + 1 \cdot 1 + 3 \cdot (-1) = -2`.
v = torch.tensor([3.0, 1.0, -1.0], device=device)  # (3,)
f(x).backward(v)
print(f"{x.grad = }")
print(f"{J.T @ v = }")

torch.testing.assert_close(x.grad, x.new_tensor([8, -2]))
torch.testing.assert_close(J.T @ v, x.new_tensor([8, -2]))

# %%
# .. admonition:: From the notebook “A Gentle Introduction to torch.autograd”
#    :class: notebook
#
#    The notebook's formula went through a translation machine: there are words inside the
#    mathematics (“v_đi”, “một”), and its indices contradict each other. The formulas above are the
#    right ones. :math:`J` has a row for each result and a column for each input, ``v`` has an entry
#    for each *result*, and :math:`J^{\mathsf T} v` one for each *input*.
#
# A picture of the product
# ------------------------
#
# Row :math:`j` of :math:`J` is the gradient of :math:`y_j`, an arrow in the plane of the inputs.
# :math:`J^{\mathsf T} v` multiplies each arrow by :math:`v_j` (a negative one turns it round) and
# lays them end to end.
arrows = v[:, None] * J  # (3, 2)
print(f"{arrows = }")
print(f"{arrows.sum(dim=0) = }")

torch.testing.assert_close(arrows.sum(dim=0), x.grad)

# %%
# The sum is the gradient of :math:`\ell = v_1 y_1 + v_2 y_2 + v_3 y_3`. Compute :math:`\ell` at
# :math:`x` and on a grid around it.
x1, x2 = torch.meshgrid(
    torch.linspace(0, 10, 101), torch.linspace(-1, 5, 61), indexing="xy"
)
grid = torch.tensordot(
    v.cpu(), f(torch.stack([x1, x2])), 1
)  # (61, 101)
level = (v @ f(x)).item()
print(f"{level = :.4f}")

torch.testing.assert_close(
    level, 3.0 * 1 + 1 * 2 - 1 * 6, rtol=1e-5, atol=0
)
torch.testing.assert_close(
    grid, 3 * x1**2 + x1 * x2 - 3 * x2, rtol=1e-4, atol=1e-4
)

# %%
# The gradient is at a right angle to the level line of :math:`\ell` through :math:`x`, and points to
# where :math:`\ell` grows.
fig, ax = plt.subplots()
ax.contour(x1, x2, grid, [level], colors="C5", linestyles="-")
tail = x.detach().cpu()
style = {"angles": "xy", "scale_units": "xy", "scale": 1}
for j, arrow in enumerate(arrows.cpu(), start=1):
    name = rf"$v_{j} \nabla y_{j}$"
    ax.quiver(*tail, *arrow, color=f"C{j}", label=name, **style)
    tail = tail + arrow
ax.quiver(
    *x.tolist(), *x.grad.tolist(), color="C0", label=r"$J^T v$", **style
)
ax.set(xlabel="$x_1$", ylabel="$x_2$", aspect="equal")
ax.legend(
    loc="lower center",
    bbox_to_anchor=(0.5, 1),
    ncols=4,
    handlelength=1,
    columnspacing=1,
)
fig.set_label(
    "Three arrows end to end; their sum is one arrow, at a right angle "
    "to a level line."
)

# %%
# Read the four arrows back from the figure: the first three lie end to end, and the fourth leads
# from :math:`x` to the same point as the three.
drawn = [
    (q.XY[0].tolist(), [q.U.item(), q.V.item()])
    for q in ax.collections[1:]
]
tails, parts = torch.tensor(drawn).unbind(dim=1)  # (4, 2), (4, 2)
print(f"{(tails + parts).tolist() = }")

hands = torch.tensor(
    [[6.0, 0.0], [2.0, 1.0], [0.0, -3.0], [8.0, -2.0]]
)  # (4, 2)
begin = torch.tensor(
    [[1.0, 2.0], [7.0, 2.0], [9.0, 3.0], [1.0, 2.0]]
)  # (4, 2)
torch.testing.assert_close((tails, parts), (begin, hands))

# %%
# A short step across the gradient hardly changes :math:`\ell`. A step of the same length along the
# gradient raises it, by about :math:`0.01 \cdot (8^2 + 2^2) = 0.68`.
across = 1e-2 * torch.stack([-x.grad[1], x.grad[0]])  # (2,)
along = 1e-2 * x.grad  # (2,)
rises = [(v @ (f(x + step) - f(x))).item() for step in (across, along)]
print([f"{rise:.4f}" for rise in rises])

slopes = [
    (v @ (f(x + step) - f(x - step))).item() / 2
    for step in (across, along)
]
torch.testing.assert_close(slopes, [0.0, 0.68], rtol=1e-3, atol=1e-4)
torch.testing.assert_close(
    rises, [0.0028, 0.6976], rtol=1e-3, atol=1e-5
)

# %%
# Why the table is never built
# ----------------------------
#
# Square 100,000 numbers :math:`x_i`, each for itself. The Jacobian matrix has :math:`10^{10}` entries,
# 40 gigabytes in float32, and all but those on its diagonal are 0. The product with a vector ``u``
# has 100,000 entries, and each is :math:`2 x_i u_i`. This is all that autograd computes: each node of
# the graph knows how to multiply a vector with its own Jacobian, without writing it down.
n = 100_000
wide = torch.linspace(-1, 1, n, device=device).requires_grad_()  # (n,)
u = torch.linspace(0, 2, n, device=device)  # (n,)
(product,) = torch.autograd.grad(wide**2, wide, u)
print(f"{n * n * wide.element_size() = :,}")
print(f"{product.numel() * product.element_size() = :,}")

torch.testing.assert_close(product, 2 * wide.detach() * u)

# %%
# A network is one function after another, and its Jacobian a product of Jacobians. For a scalar loss
# the walk from the end multiplies a *vector* with one matrix after another, never a matrix with a
# matrix. Take :math:`\ell = \sum_j z_j` with :math:`z = \sin y`.
J_sin = torch.autograd.functional.jacobian(
    torch.sin, f(x).detach()
)  # (3, 3)
ones = torch.ones(3, device=device)  # (3,)
(direct,) = torch.autograd.grad(torch.sin(f(x)).sum(), x)
step_by_step = (ones @ J_sin) @ J  # (2,)
print(f"{direct = }")
print(f"{step_by_step = }")

c = torch.tensor([1.0, 2.0, 6.0], device=device).cos()  # (3,)
torch.testing.assert_close(
    direct, torch.stack([2 * c[0] + 2 * c[1], c[1] + 3 * c[2]])
)
torch.testing.assert_close(step_by_step, direct)

# %%
# When you do want the table
# --------------------------
#
# A vector with a single 1 and zeros elsewhere picks one row: :math:`J^{\mathsf T} e_j` is row
# :math:`j`. So the whole table costs one :term:`backward pass` for each *result*, here three. For
# a loss there is one result, and one pass gives all.
y = f(x)
passes = [
    torch.autograd.grad(y, x, e, retain_graph=True)[0]
    for e in torch.eye(3, device=device)
]
print(f"{torch.stack(passes) = }")

torch.testing.assert_close(torch.stack(passes), by_hand)

# %%
# The mistake: the vector at the wrong end
# ----------------------------------------
#
# .. exhibit:: size mismatch, got input
#    :name: vector-at-the-wrong-end
#
#    A matrix with three rows and two columns, and a vector of three entries on its right.
#
#    ``J @ v`` wants one entry for each column, that is, for each input; ``v`` has one for each result.
#
#    ``v`` comes from the left: ``v @ J``, or ``J.T @ v``.
#
# ``J @ v`` looks like the same product. It multiplies rows, not columns, so it wants a vector with
# one entry for each *input*. Here the shapes give the mistake away. A square :math:`J` would not
# have warned you.
try:
    J @ v
except RuntimeError as error:
    message = str(error).splitlines()[0]
    print(f"{type(error).__name__}: {message}")
else:
    raise AssertionError

assert "size mismatch" in message

# %%
# The wrong cure cuts ``v`` to fit. That runs, and answers another question: how do the three results
# move when the input moves by (3, 1)? From the left, there is one number for each input.
print(f"{J @ v[:2] = }")
print(f"{v @ J = }")

moved = torch.tensor([2.0 * 3, 2 * 3 + 1, 3 * 1], device=device)
torch.testing.assert_close(J @ v[:2], moved)
torch.testing.assert_close(v @ J, torch.autograd.grad(f(x), x, v)[0])

# %%
# What to remember
# ----------------
#
# - :math:`J` is :math:`m \times n`: a row for each result, a column for each input.
# - ``y.backward(v)`` computes :math:`J^{\mathsf T} v`, with ``v`` of the shape of ``y``.
# - The table is never built. One pass gives one product.
#
# Exercise
# --------
#
# :math:`J` has three rows in a plane, so a weighted sum of them is zero, with factors that are not
# all zero. Find a ``v``, not zero, for which ``y.backward(v)`` gives ``[0, 0]``. What does it say
# about :math:`\ell`?

# %%
# .. answer-begin::

# %%
# Both columns must give 0 with ``v``: :math:`2v_1 + 2v_2 = 0` and :math:`v_2 + 3v_3 = 0`. With
# :math:`v_3 = 1` this is :math:`v = (3, -3, 1)`. The cross product of the two columns is at a
# right angle to both, so PyTorch finds such a vector too, here twice as long. At this point
# :math:`\ell = v \cdot y` does not change, to first order, in whatever direction you move ``x``.
v = torch.tensor([3.0, -3.0, 1.0], device=device)  # (3,)
(gradient,) = torch.autograd.grad(f(x), x, v)
print(f"{gradient = }")
print(f"{torch.linalg.cross(J[:, 0], J[:, 1]) = }")

torch.testing.assert_close(gradient, torch.zeros_like(x))
torch.testing.assert_close(torch.linalg.cross(J[:, 0], J[:, 1]), 2 * v)

# %%
# .. answer-end::
#
# You have seen the rule for one function (:ref:`page-by-hand`) and for many at once. Now let input
# and output be whole matrices: :ref:`page-jacobian-products`.
