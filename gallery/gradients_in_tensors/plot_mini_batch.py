r"""
.. _page-mini-batch:

A mini-batch through a linear layer
===================================

**Three rows go through a layer at once. Whose gradient do you get?** The mean of the gradients that
the rows would give one by one, if the loss is a mean. You will see the three, their mean, and what a
loss needs so that there is a lowest point to walk to.
"""

# %%
# The set-up. The :term:`seed <random seed>` is 10, so that the layer starts where the notebook's did.
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
# weights as a row, one :term:`weight` a feature, so ``T`` transposes them first. ``Mean`` makes one
# number of three.
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
assert abs(loss.item() - sum(w[0] * r[0] + w[1] * r[1] + b for r in rows) / 3) < 1e-6
assert abs(loss.item() + 0.2977) < 5e-5
torch.testing.assert_close(layer.weight.grad, torch.tensor([[1.4 / 3, 0.6 / 3]], device=device))
torch.testing.assert_close(layer.bias.grad, torch.ones(1, device=device))
torch.testing.assert_close(X.grad, layer.weight.detach().expand(3, 2) / 3)

# %%
# .. admonition:: From the notebook “Tính toán gradient trong torch.Tensor”
#    :class: notebook
#
#    The notebook finds the same loss, −0.2977, and the same gradients. It writes the batch as the set
#    of :math:`x_1, x_1, x_3`. The rows are :math:`x_1, x_2, x_3`: each counts once. The exercise
#    below shows what the notebook's set would give.
#
# Row by row
# ----------
#
# Send each row through the layer alone. The gradient of one output with respect to the weights is that
# row itself, so the three gradients together look like ``X``. Their mean is what the whole batch gave.
alone = [torch.autograd.grad(layer(x).sum(), layer.weight)[0] for x in X]
gradients = torch.cat(alone)  # (3, 2)
print(f"{gradients = }")
print(f"{gradients.mean(dim=0) = }")

torch.testing.assert_close(gradients, X.detach())
torch.testing.assert_close(gradients.mean(dim=0, keepdim=True), layer.weight.grad)

# %%
# A mean or a sum
# ---------------
#
# Many losses let you choose between a mean and a sum. The sum's gradient is three times as long,
# once for each row. With a sum, a batch twice as large takes steps about twice as long, unless you
# halve the :term:`learning rate`. With a mean, the length of a step hardly depends on the batch's size.
# :ref:`page-two-layers-by-hand` takes the sum, and that is one reason for its tiny learning rate.
for reduce in (torch.mean, torch.sum):
    (gradient,) = torch.autograd.grad(reduce(layer(X)), layer.weight)
    print(f"{reduce.__name__:4}  {gradient}")

torch.testing.assert_close(gradient, 3 * layer.weight.grad)

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

assert "a leaf Variable that requires grad" in message

# %%
# The functions in ``torch.nn.init`` do it for you, inside a ``no_grad`` block of their own
# (:ref:`page-stop-tracking`). In the notebook these lines are commented out. Here they run: set both
# weights to 0, then to 2, and watch which gradient notices. The weight stays a tracked leaf.
for value in (0.0, 2.0):
    nn.init.constant_(layer.weight, value)
    nn.init.zeros_(layer.bias)
    of_w, of_X = torch.autograd.grad(loss := layer(X).mean(), (layer.weight, X))
    print(f"{value = }, {loss.item() = :.4f}")
    print(f"{of_w = }, {of_X[0] = }")
    torch.testing.assert_close(loss, value * (X[:, 0] + X[:, 1]).mean())
    expected = layer.weight.grad, torch.full((2,), value / 3, device=device)
    torch.testing.assert_close((of_w, of_X[0]), expected)
    assert (layer.weight.is_leaf, layer.weight.requires_grad) == (True, True)

# %%
# The loss changes, and so does the gradient at ``X``. The gradient at the weights is always the same:
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
data = X.detach()  # (3, 2)
best = torch.tensor([1.0, -1.0], device=device)  # (2,)
ticks = torch.linspace(-3, 5, 33), torch.linspace(-5, 3, 33)
grid = torch.cartesian_prod(*ticks).to(device).requires_grad_()  # (1089, 2)
outputs, y = grid @ data.T, data @ best  # (1089, 3), (3,)
losses = outputs.mean(dim=1), ((outputs - y) ** 2).mean(dim=1)  # (1089,)
plane, bowl = (torch.autograd.grad(loss.sum(), grid, retain_graph=True)[0] for loss in losses)

torch.testing.assert_close(plane, layer.weight.grad.expand(1089, 2))
torch.testing.assert_close(bowl, 2 / 3 * (grid.detach() - best) @ (data.T @ data))

# %%
# Look at two of them, those of the squared error at :math:`(1, -1)`, in the middle, and at
# :math:`(-1, 1)`.
middle, other = 16 * 33 + 16, 8 * 33 + 24
print(f"{bowl[middle] = }")
print(f"{bowl[other] = }")

assert grid[middle].tolist() == [1, -1]
assert grid[other].tolist() == [-1, 1]
by_hand = [2 / 3 * 2 * (0.44 - 0.78), 2 / 3 * 2 * (1.4 - 0.44)]
torch.testing.assert_close(bowl[other].tolist(), by_hand, rtol=1e-5, atol=0)

# %%
# Along each blue line the loss is constant. The arrows point *against* the gradient, the way that
# gradient descent walks, and they cross the lines at right angles. On the plane all arrows are equal.
# On the squared error they shrink toward the lowest point and vanish there.
few = torch.arange(1089).view(33, 33)[::4, ::4].flatten()
names = r"$\frac{1}{3}\sum_i w\cdot x_i$", r"$\frac{1}{3}\sum_i (w\cdot x_i - y_i)^2$"
words = "Left, parallel lines, equal arrows. Right, ellipses; arrows shrink toward (1, −1)."
fig, axes = plt.subplots(1, 2, sharey=True, label=words)
axes[1].plot(*best.cpu(), "o", color="C2")
for ax, name, loss, slope in zip(axes, names, losses, (plane, bowl), strict=True):
    ax.contour(*ticks, loss.detach().view(33, 33).T.cpu(), 12, colors="C0", linewidths=1)
    ax.quiver(*grid.detach()[few].T.cpu(), *-slope[few].T.cpu(), color="C1", angles="xy")
    ax.set(xlabel="$w_1$", xticks=[-2, 1, 4], ylabel="$w_2$", yticks=[-4, -1, 2], aspect="equal")
    ax.set_title(name, pad=15)

# %%
# What to remember
# ----------------
#
# - With a mean over the rows, the gradient is the mean of the rows' gradients; with a sum, their sum.
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

torch.testing.assert_close(gradient, torch.tensor([[0.4, -1 / 3]], device=device))

# %%
# .. answer-end::
#
# All of this rests on one thing: each step from the weights to the loss was recorded. Next, a path
# that breaks on the way: :ref:`page-numpy-cuts`.
