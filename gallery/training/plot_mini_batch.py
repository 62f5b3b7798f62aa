r"""
.. _page-mini-batch:

A mini-batch through a linear layer
===================================

**Three rows go through a layer at once. Whose gradient do you get?** The mean of the gradients that
the rows would give one by one, if the loss is a mean and the rows do not meet on their way. You will see
the three, their mean, what happens when rows meet, and what a loss needs so that there is a lowest point
to walk to.
"""

# %%
# The set-up. The :term:`seed <random seed>` is 10, as in the notebook.
import matplotlib.pyplot as plt
import torch
from torch import nn

import autograd_vi as av

g = av.seed_everything(10)
device = av.pick_device()

# %%
# Three rows, one number
# ----------------------
#
# Each row :math:`x_i` of ``X`` is one example with two features. :class:`torch.nn.Linear` gives each row
# one output, :math:`w \cdot x_i + b`. The mean of the three outputs plays the part of the
# :term:`loss <loss function>` :math:`\ell`. ``X`` is tracked too, so three leaves wait for a
# gradient.
rows = [[0.5, -0.6], [0.7, 1.0], [0.2, 0.2]]
X = torch.tensor(rows, device=device, requires_grad=True)  # (3, 2)
layer = nn.Linear(2, 1).to(device)
loss = layer(X).mean()

av.trace(loss, params={"X": X, **dict(layer.named_parameters())})

# %%
# ``Addmm`` is the layer: it multiplies ``X`` by the weights and adds the bias. The layer keeps its
# weights as a row, one :term:`weight` a feature, so ``T`` transposes them first. (On the graphics
# processor of a Mac one node, ``Linear``, does both.) ``Mean`` makes one number of three.
#
# The gradient is a mean
# ----------------------
#
# On paper:
#
# .. math::
#
#    \ell = \frac13 \sum_i \bigl( w_1 x_{i1} + w_2 x_{i2} + b \bigr), \qquad
#    \frac{\partial \ell}{\partial w_j} = \frac13 \sum_i x_{ij}, \qquad
#    \frac{\partial \ell}{\partial b} = 1, \qquad
#    \frac{\partial \ell}{\partial x_{ij}} = \frac{w_j}{3}
#
# So expect the mean of each column, :math:`1.4/3` and :math:`0.6/3`, for the weights, and 1 for the
# :term:`bias`. Each row of ``X`` gets the same: a third of the weights.
loss.backward()
print(f"{loss = }")
print(f"{layer.weight.grad = }, {layer.bias.grad = }")
print(f"{X.grad = }")

w, b = layer.weight[0].tolist(), layer.bias.item()
assert (
    abs(
        loss.item()
        - sum(w[0] * r[0] + w[1] * r[1] + b for r in rows) / 3
    )
    < 1e-6
)
means = torch.tensor([[1.4 / 3, 0.6 / 3]], device=device)
torch.testing.assert_close(layer.weight.grad, means)
torch.testing.assert_close(
    layer.bias.grad, torch.ones(1, device=device)
)
torch.testing.assert_close(
    X.grad, layer.weight.detach().expand(3, 2) / 3
)

# %%
# .. admonition:: From the notebook “Tính toán gradient trong torch.Tensor”
#    :class: notebook
#
#    The notebook recorded the loss −0.2977, from the same seed (a new version of PyTorch may draw other
#    numbers), and the gradients :math:`1.4/3`, :math:`0.6/3` and 1, which do not depend on the seed. It
#    writes the batch as the set of :math:`x_1, x_1, x_3`. The rows are :math:`x_1, x_2, x_3`: each
#    counts once. The exercise below shows what the notebook's set would give.
#
# Row by row
# ----------
#
# Send each row through the layer alone. The gradient of one output with respect to the weights is that
# row itself, so the three gradients together look like ``X``. Their mean is what the whole batch gave.
alone = [
    torch.autograd.grad(layer(x).sum(), layer.weight)[0] for x in X
]
gradients = torch.cat(alone)  # (3, 2)
print(f"{gradients = }")
print(f"{gradients.mean(dim=0) = }")

torch.testing.assert_close(gradients, X.detach())
torch.testing.assert_close(
    gradients.mean(dim=0, keepdim=True), layer.weight.grad
)

# %%
# When rows meet
# --------------
#
# This needs rows that go their way alone. Subtract the batch's mean from each output, and every
# output depends on all rows. (A BatchNorm does so, too: :ref:`page-batchnorm-gradient`.) A row
# that is alone in its batch is its own mean. Its output becomes 0, and its gradient is 0. So the
# mean of these three gradients is 0, but the gradient of the batch is not.


def spread(batch):
    outputs = layer(batch)
    return ((outputs - outputs.mean(dim=0)) ** 2).mean()


(together,) = torch.autograd.grad(spread(X), layer.weight)
one_by_one = torch.cat(
    [torch.autograd.grad(spread(x[None]), layer.weight)[0] for x in X]
)
print(f"{together = }")
print(f"{one_by_one.mean(dim=0) = }")

# %%
# With :math:`d_i = x_i - \bar x`, the gradient is :math:`\frac23 \sum_i (w \cdot d_i)\, d_i`.
d = X.detach() - X.detach().mean(dim=0)
torch.testing.assert_close(
    together, 2 / 3 * (d @ layer.weight.detach().T * d).sum(dim=0)[None]
)
torch.testing.assert_close(one_by_one, torch.zeros(3, 2, device=device))
assert together.norm() > 1e-4

# %%
# A mean or a sum
# ---------------
#
# Many losses let you choose between a mean and a sum. The sum's gradient is three times as long,
# once for each row. With a sum, a batch twice as large takes steps about twice as long, unless you
# halve the :term:`learning rate`. With a mean, the length of a step hardly depends on the batch's size.
# :ref:`page-two-layers-by-hand` takes the sum, and that is one reason for its tiny learning rate.
for reduce, factor in ((torch.mean, 1 / 3), (torch.sum, 1)):
    (gradient,) = torch.autograd.grad(reduce(layer(X)), layer.weight)
    print(f"{reduce.__name__:4}  {gradient}")
    torch.testing.assert_close(
        gradient, factor * torch.tensor([[1.4, 0.6]], device=device)
    )

# %%
# The mistake: writing values into a parameter
# --------------------------------------------
#
# You want other start values, and write them. But a :term:`parameter` is a tracked leaf, and writing is
# an :term:`in-place operation`, so PyTorch refuses.
try:
    layer.weight.fill_(0.0)
except RuntimeError as error:
    message = str(error).splitlines()[0]
    print(f"{type(error).__name__}: {message}")
else:
    raise AssertionError

assert "a leaf Variable that requires grad" in message

# %%
# The functions in ``torch.nn.init`` do it for you, inside a ``no_grad`` block of their own
# (:ref:`page-stop-tracking`). In the notebook these lines are commented out. Here they run: set both
# weights to 0, then to 2, and watch which gradient notices. The weight stays a tracked leaf.
for value in (0.0, 2.0):
    nn.init.constant_(layer.weight, value)
    nn.init.zeros_(layer.bias)
    loss = layer(X).mean()
    of_w, of_X = torch.autograd.grad(loss, (layer.weight, X))
    print(f"{value = }, {loss.item() = :.4f}\n{of_w = }, {of_X[0] = }")
    torch.testing.assert_close(loss, value * (X[:, 0] + X[:, 1]).mean())
    third = torch.full((3, 2), value / 3, device=device)
    torch.testing.assert_close((of_w, of_X), (means, third))
    assert (layer.weight.is_leaf, layer.weight.requires_grad) == (
        True,
        True,
    )

# %%
# The loss changes, and so does the gradient with respect to ``X``. That of the weights is always the same:
# this loss is a *plane*. It slopes equally everywhere, and :term:`gradient descent` would run down it
# for ever.
#
# A loss with a lowest point
# --------------------------
#
# Give each row a target :math:`y_i` and take the mean of the squared errors. To draw it, we drop the
# bias: two weights, two axes. The targets are made with :math:`w^* = (1, -1)`, so the loss is 0 there
# and nowhere lower.
#
# .. math::
#
#    \ell(w) = \frac13 \sum_i (w \cdot x_i - y_i)^2, \qquad
#    \nabla \ell = \frac23 \sum_i (w \cdot x_i - y_i)\, x_i
#
# One backward pass per loss finds the gradients at all :math:`33 \cdot 33` pairs of weights on a grid.
# (The rows of the grid do not meet, so the gradient of the sum holds one gradient a row.)
data = X.detach()  # (3, 2)
best = torch.tensor([1.0, -1.0], device=device)  # (2,)
ticks = torch.linspace(-3, 5, 33), torch.linspace(-5, 3, 33)
grid = (
    torch.cartesian_prod(*ticks).to(device).requires_grad_()
)  # (1089, 2)
outputs, y = grid @ data.T, data @ best  # (1089, 3), (3,)
losses = (
    outputs.mean(dim=1),
    ((outputs - y) ** 2).mean(dim=1),
)  # (1089,)
plane, bowl = (
    torch.autograd.grad(loss.sum(), grid, retain_graph=True)[0]
    for loss in losses
)

torch.testing.assert_close(plane, layer.weight.grad.expand(1089, 2))
torch.testing.assert_close(
    bowl, 2 / 3 * (grid.detach() - best) @ (data.T @ data)
)

# %%
# Look at two of them. In the middle, at :math:`(1, -1)`, the gradient is 0. At :math:`(-1, 1)` the weights
# are off by :math:`(-2, 2)`, and :math:`w \cdot x_i - y_i = -2 x_{i1} + 2 x_{i2}`. So the formula needs three
# sums over the rows: :math:`\sum x_{i1}^2 = 0.78`, :math:`\sum x_{i1} x_{i2} = 0.44` and
# :math:`\sum x_{i2}^2 = 1.4`.
middle, other = 16 * 33 + 16, 8 * 33 + 24
print(f"{data.T @ data = }")
print(f"{bowl[other] = }")

assert (grid[middle].tolist(), grid[other].tolist()) == (
    [1, -1],
    [-1, 1],
)
torch.testing.assert_close(bowl[middle], torch.zeros(2, device=device))
by_hand = [
    2 / 3 * (-2 * 0.78 + 2 * 0.44),
    2 / 3 * (-2 * 0.44 + 2 * 1.4),
]
torch.testing.assert_close(
    bowl[other].tolist(), by_hand, rtol=1e-4, atol=0
)
few = torch.arange(1089).view(33, 33)[::4, ::4].flatten()
tails = grid.detach()[few].T.cpu()  # (2, 81)

# %%
# Along each blue line the loss is constant. The arrows point *against* the gradient, the way that
# gradient descent walks, and they cross the lines at right angles. On the plane all arrows are equal.
# On the squared error they shrink toward the lowest point and vanish there.
names = (
    r"$\frac{1}{3}\sum_i w\cdot x_i$",
    r"$\frac{1}{3}\sum_i (w\cdot x_i - y_i)^2$",
)
words = (
    "Above, parallel lines, equal arrows. Below, ellipses; "
    "arrows shrink toward (1, −1)."
)
fig, axes = plt.subplots(2, 1, label=words, figsize=(4.4, 7))
axes[1].plot(*best.cpu(), "o", color="C2")
axes[1].text(1.3, -1, "$w^*$", va="center")
for ax, name, loss, slope in zip(
    axes, names, losses, (plane, bowl), strict=True
):
    heights = loss.detach().view(33, 33).T.cpu()
    ax.contour(*ticks, heights, 12, colors="C0", linewidths=1)
    ax.quiver(*tails, *-slope[few].T.cpu(), color="C1", angles="xy")
    ax.set(xlabel="$w_1$", ylabel="$w_2$", aspect="equal")
    ax.set(xticks=range(-2, 5, 2), yticks=range(-4, 3, 2))
    ax.set_title(name, pad=15)

# %%
# The check reads lines and arrows from the picture. On each line the formula must give the line's value,
# and each arrow must be minus the gradient of the formula, by :term:`finite differences`.
points, lowest = data.cpu().double(), best.cpu().double()
formulas = (
    lambda w: (w @ points.T).mean(dim=1),
    lambda w: (((w - lowest) @ points.T) ** 2).mean(dim=1),
)
for ax, formula in zip(axes, formulas, strict=True):
    for level, line in zip(
        ax.collections[0].levels,
        ax.collections[0].get_paths(),
        strict=True,
    ):
        on_line = formula(torch.from_numpy(line.vertices))
        torch.testing.assert_close(
            on_line, torch.full_like(on_line, level), rtol=0, atol=0.05
        )

# %%
# The arrows:
for ax, formula in zip(axes, formulas, strict=True):
    arrows = ax.collections[1]
    at = torch.from_numpy(arrows.XY)
    drawn = torch.tensor([arrows.U.tolist(), arrows.V.tolist()]).T
    moves = 1e-3 * torch.eye(2, dtype=torch.float64)
    slopes = [
        (formula(at + move) - formula(at - move)) / 2e-3
        for move in moves
    ]
    torch.testing.assert_close(
        drawn, -torch.stack(slopes, dim=1).float(), rtol=1e-4, atol=1e-5
    )
    print(f"{tuple(drawn.shape) = }")

# %%
# What to remember
# ----------------
#
# - With a mean over the rows, the gradient is the mean of the rows' gradients; with a sum, their sum.
#   Rows that meet in a layer are the exception.
# - Set start values with ``torch.nn.init``, not by writing into the parameter.
# - A loss that is linear in the weights has the same gradient everywhere, and no minimum.
#
# Exercise
# --------
#
# Take the batch as the notebook writes it: :math:`x_1, x_1, x_3`. Which gradient do the weights get
# from the mean of the outputs?

# %%
# .. answer-begin::

# %%
# The first row counts twice: :math:`(0.5 + 0.5 + 0.2)/3 = 0.4` and
# :math:`(-0.6 - 0.6 + 0.2)/3 = -1/3`. Repeating a row gives it a larger say.
batch = X.detach()[[0, 0, 2]]  # (3, 2)
(gradient,) = torch.autograd.grad(layer(batch).mean(), layer.weight)
print(f"{gradient = }")

torch.testing.assert_close(
    gradient, torch.tensor([[0.4, -1 / 3]], device=device)
)

# %%
# .. answer-end::
#
# You have seen one gradient of one layer (:ref:`page-one-layer-network`), then that of a batch.
# Next, 500 of them train two layers, with an update that you write yourself:
# :ref:`page-two-layers-by-hand`.
