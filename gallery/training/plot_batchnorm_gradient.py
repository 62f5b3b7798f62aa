r"""
.. _page-batchnorm-gradient:

What BatchNorm1d does to the gradient
=====================================

**You put a BatchNorm behind a layer, and the layer's gradient is zero. Is something broken?** No. In
train mode, a :term:`batch normalization <batch normalization>` undoes every shift and every stretch of a
batch. What is undone cannot change the loss, and what cannot change the loss has the gradient 0.
"""

# %%
# The set-up. We look for numbers as small as :math:`10^{-11}`, so this page computes in float64, on the
# CPU. The layers get their values from us; the random ones that they start with do not stay.
import matplotlib.pyplot as plt
import torch
from torch import nn

import autograd_vi as av

av.seed_everything(0)
float64 = torch.float64

# %%
# Two rows in, ±1 out
# -------------------
#
# :class:`torch.nn.BatchNorm1d` takes the batch of outputs :math:`z_1, \dots, z_n`, subtracts their mean
# :math:`\mu`, and divides by their standard deviation :math:`\sigma`. Then it multiplies by a weight
# :math:`\gamma` and adds a :term:`bias` :math:`\beta` of its own, 1 and 0 at the start:
#
# .. math::
#
#    y_i = \gamma \, \frac{z_i - \mu}{\sqrt{\sigma^2 + \varepsilon}} + \beta
#
# The small :math:`\varepsilon` keeps it from dividing by zero. Let the weights of a layer grow from 0.2
# times to 2 times their values, and normalize the two outputs each time. Here are both at the start and
# at the end.
pair = torch.tensor([[1.0, 2.0], [0.0, -1.0]], dtype=float64)  # (2, 2)
w = torch.tensor([[0.27, 0.3]], dtype=float64)  # (1, 2)
scales = torch.linspace(0.2, 2, 50, dtype=float64)
z = torch.stack(
    [pair @ (scale * w).T for scale in scales]
)  # (50, 2, 1)
y = torch.stack(
    [
        nn.functional.batch_norm(one, None, None, training=True)
        for one in z
    ]
)
for k in (0, -1):
    print(
        [
            [round(value, 3) for value in t[k, :, 0].tolist()]
            for t in (z, y)
        ]
    )

level = torch.tensor([1.0, -1.0], dtype=float64).expand(50, 2)
torch.testing.assert_close(y[:, :, 0], level, rtol=0, atol=1e-3)

# %%
# The two outputs of the layer move apart; the normalized ones stay where they are.
fig, ax = plt.subplots()
for i, style in ((0, "-"), (1, "--")):
    ax.plot(scales, z[:, i], style, color="C0")
    ax.plot(scales, y[:, i], style, color="C1")
    ax.text(2.05, z[-1, i], f"$z_{i + 1}$", va="center")
    ax.text(2.05, y[-1, i], f"$y_{i + 1}$", va="center")
ax.set(xlabel="factor c of the weights", yticks=[-1, 0, 1])
fig.set_label(
    "Two lines move apart as c grows; the two normalized ones stay "
    "level at 1 and −1."
)

z1, y1, z2, y2 = (
    torch.from_numpy(line.get_ydata()) for line in ax.lines
)
torch.testing.assert_close(
    torch.stack([z1, z2], dim=1), scales[:, None] * (pair @ w.T).T
)
torch.testing.assert_close(
    torch.stack([y1, y2], dim=1), level, rtol=0, atol=1e-3
)

# %%
# Fix the mean and the standard deviation of two numbers, and one freedom is left: which of them is the
# larger one. So a batch of two becomes 1 and −1. The weights decide only the order. This holds while the
# two are much farther apart than :math:`\sqrt{\varepsilon}`, which is 0.003 here. At a distance of 0.01,
# :math:`\varepsilon` has its say: :math:`0.005 / \sqrt{0.005^2 + 10^{-5}} = 0.845`.
for distance in (1.0, 0.01):
    two = torch.tensor([[distance], [0.0]], dtype=float64)  # (2, 1)
    normalized = nn.functional.batch_norm(
        two, None, None, training=True
    )[:, 0].tolist()
    print(f"{distance = }, {[round(value, 3) for value in normalized]}")

torch.testing.assert_close(
    normalized, [0.845, -0.845], rtol=1e-3, atol=0
)

# %%
# The experiment
# --------------
#
# The loss is the mean of the normalized outputs. It is :math:`\beta`, whatever the weights are, since
# the normalized numbers have the mean 0.


def run(batch, loss_of, eps=1e-5, w=w):
    layer = nn.Linear(2, 1, dtype=float64)
    norm = nn.BatchNorm1d(1, eps=eps, dtype=float64)
    nn.init.constant_(layer.bias, 0.5)
    with torch.no_grad():
        layer.weight.copy_(w)
    loss = loss_of(norm(layer(batch)))
    return layer, norm, loss


# %%
# Predict the gradients of the layer's weights and bias, of :math:`\gamma` and of :math:`\beta`, then
# step through.
layer, norm, loss = run(pair, torch.mean)
params = nn.ModuleDict({"layer": layer, "norm": norm})
replay = av.replay(loss, params=params)
replay

# %%
# The gradients of the weights are 0 up to rounding, and so are those of the layer's bias and of
# :math:`\gamma`. That of :math:`\beta` is 1.
for name, parameter in params.named_parameters():
    print(f"{name:12}  {parameter.grad.abs().max():.6f}")
    expected = torch.full_like(parameter, name == "norm.bias")
    torch.testing.assert_close(parameter.grad, expected)

# %%
# :term:`Finite differences <finite differences>` agree. Take the formula of the beginning, and change
# one parameter after the other a little.


def formula(w1, w2, bias, gamma, beta):
    z = pair @ torch.tensor([w1, w2], dtype=float64) + bias
    return (
        gamma * (z - z.mean()) / (z.var(correction=0) + 1e-5).sqrt()
        + beta
    )


at = {"w1": 0.27, "w2": 0.3, "bias": 0.5, "gamma": 1.0, "beta": 0.0}
h = 1e-3
torch.testing.assert_close(formula(**at), norm(layer(pair))[:, 0])
for name, value in at.items():
    up, down = (
        formula(**at | {name: moved}).mean().item()
        for moved in (value + h, value - h)
    )
    print(f"{name:5}  {abs(up - down) / (2 * h):.6f}")
    assert abs((up - down) / (2 * h) - (name == "beta")) < 1e-9

# %%
# .. admonition:: From the notebook “Tính toán gradient trong torch.Tensor”
#    :class: notebook
#
#    The notebook holds this experiment as a comment, with the same batch, and never ran it. Run where it
#    stands it would not show this, because by then its outputs are a NumPy array, and no gradient comes
#    back from there (:ref:`page-numpy-cuts`).
#
# All that is left is ε
# ---------------------
#
# Try the mean of the *squares*. Each :math:`y_i` is ±1, so the mean square should be 1, again whatever the
# weights are. But look at :math:`\varepsilon` in the formula. With :math:`q = \sigma^2`, which for two rows is
# :math:`\bigl(w \cdot (x_1 - x_2)\bigr)^2 / 4`:
#
# .. math::
#
#    \ell = \frac{q}{q + \varepsilon}, \qquad
#    \frac{\partial \ell}{\partial w} = \frac{\varepsilon}{(q + \varepsilon)^2} \,
#    \frac{w \cdot (x_1 - x_2)}{2} \, (x_1 - x_2)
#
# As long as :math:`\varepsilon` is small, the gradient is in proportion to it. Make
# :math:`\varepsilon` ten million times smaller.
for eps in (1e-5, 1e-12):
    layer, norm, loss = run(pair, lambda y: (y**2).mean(), eps)
    loss.backward()
    print(
        eps, [f"{value:.1e}" for value in layer.weight.grad[0].tolist()]
    )
    x = pair[0] - pair[1]
    q = (w @ x) ** 2 / 4
    by_hand = eps / (q + eps) ** 2 * (w @ x) / 2 * x
    torch.testing.assert_close(
        layer.weight.grad[0], by_hand, rtol=1e-2, atol=0
    )

# %%
# What reaches the layer here is no advice on how to learn. It is the footprint of a safety margin.
#
# Where a real gradient comes from
# --------------------------------
#
# Four rows have more freedom than two, and a loss can ask for more than the mean. Here are four losses.
four = torch.tensor(
    [[1, 2], [0, -1], [2, 0.5], [-1, 0]], dtype=float64
)  # (4, 2)
t = torch.tensor([[1], [0], [0], [1]], dtype=float64)  # (4, 1)
losses = {
    "mean(y)": torch.mean,
    "mean(y²)": lambda y: (y**2).mean(),
    "mean((y-t)²)": lambda y: ((y - t[: len(y)]) ** 2).mean(),
    "y[0]": lambda y: y[0].sum(),
}

# %%
# Run each with two rows and with four, and look at the largest gradient among the layer's weights and at
# that of its bias.
grads = {}
for name, loss_of in losses.items():
    for batch in (pair, four):
        layer, norm, loss = run(batch, loss_of)
        loss.backward()
        grads[name, len(batch)] = layer.weight.grad
        largest = layer.weight.grad.abs().max()
        print(
            f"{name:13} {len(batch)}  {largest:.6f}  "
            f"{layer.bias.grad.abs().item():.6f}"
        )
        assert abs(layer.bias.grad.item()) < 1e-9

# %%
# Which of them teach the layer's weights anything? The check computes all eight gradients once more, by
# finite differences.
taught = [
    key
    for key, gradient in grads.items()
    if gradient.abs().max() > 1e-3
]
print(taught)

assert taught == [("mean((y-t)²)", 4), ("y[0]", 4)]
for name, rows in grads:
    batch, slopes = {2: pair, 4: four}[rows], []
    for step in 1e-5 * torch.eye(2, dtype=float64):
        outputs = (batch @ (w + s).T for s in (step, -step))
        up, down = (
            nn.functional.batch_norm(z, None, None, training=True)
            for z in outputs
        )
        slopes.append(
            (losses[name](up) - losses[name](down)).item() / 2e-5
        )
    torch.testing.assert_close(
        grads[name, rows][0].tolist(), slopes, rtol=1e-6, atol=1e-8
    )

# %%
# Two rows: nothing but :math:`\varepsilon`, for any of these losses. Four rows with a target, or with one
# row alone in the loss: a real gradient. And the last column is 0 everywhere. The layer's bias shifts all
# outputs by the same amount, and BatchNorm subtracts just that. So a layer in front of a BatchNorm
# is often made with ``bias=False``.
#
# In eval mode
# ------------
#
# :meth:`~torch.nn.Module.eval` makes BatchNorm use the :term:`running mean` and the
# :term:`running variance`, which it collected in train mode. These are fixed numbers. Nothing is undone any
# more: the gradient is the plain one of the mean, :math:`(0.5, 0.5)` for our pair, divided by
# :math:`\sqrt{v + \varepsilon}`, where :math:`v` is the running variance. It started at 1. Our
# one pass in train mode moved it a tenth of the way to the variance of the pair, :math:`1.17^2 / 2 =
# 0.68445` (here the sum of squares is divided by :math:`n - 1`): :math:`v = 0.9 \cdot 1 + 0.1 \cdot
# 0.68445`. The layer's bias has a gradient again, too.
layer, norm, _ = run(pair, torch.mean)
norm.eval()
norm(layer(pair)).mean().backward()
print(f"{norm.running_var = }")
print(f"{layer.weight.grad = }, {layer.bias.grad = }")

v = torch.tensor([0.9 * 1 + 0.1 * 0.68445], dtype=float64)
torch.testing.assert_close(norm.running_var, v)
divisor = (v + 1e-5).sqrt()
torch.testing.assert_close(
    layer.weight.grad, pair.mean(dim=0, keepdim=True) / divisor
)
torch.testing.assert_close(layer.bias.grad, 1 / divisor)

# %%
# The mistake: a batch of one
# ---------------------------
#
# .. exhibit:: Expected more than 1 value per channel when training
#    :name: batch-of-one
#
#    A layer in train mode, and one number for each feature.
#
#    One number has no spread, and minus its own mean it is 0, whatever it was.
#
#    To learn, leave the left-over row out (``drop_last=True`` in a ``DataLoader``); to predict, ``eval()``.
#
# One number minus its own mean is 0. There is nothing to normalize, and PyTorch says so. It often happens
# at the end of an epoch, when the last batch holds one left-over row. That is what the notebook's condition
# ``shape[0] > 1`` guards against.
norm.train()
try:
    norm(layer(pair[:1]))
except ValueError as error:
    message = str(error).splitlines()[0]
    print(f"{type(error).__name__}: {message}")
else:
    raise AssertionError

assert message.startswith(
    "Expected more than 1 value per channel when training"
)
assert message.endswith("got input size torch.Size([1, 1])")

# %%
# The wrong cure doubles the row. Two equal rows are their own mean, so the output is :math:`\beta`, here
# 0.25, for every row that you could double, and the gradient that comes back to the weights is 0.
nn.init.constant_(norm.bias, 0.25)
doubled = norm(layer(pair[:1].repeat(2, 1)))  # (2, 1)
(gradient,) = torch.autograd.grad(doubled[0].sum(), layer.weight)
print([round(value, 6) for value in doubled.flatten().tolist()])
print(f"{gradient.abs().max().item():.6f}")

torch.testing.assert_close(doubled, torch.full_like(doubled, 0.25))
torch.testing.assert_close(gradient, torch.zeros_like(gradient))

# %%
# In eval mode one row is enough.
norm.eval()
print(f"{norm(layer(pair[:1])).shape = }")

assert norm(layer(pair[:1])).shape == (1, 1)

# %%
# What to remember
# ----------------
#
# - In train mode BatchNorm undoes shift and stretch, so no gradient flows for either.
# - A batch of two becomes ±1, unless the two nearly agree. Its gradient is nearly 0 for almost any loss.
# - A bias in front of a BatchNorm gets no signal in train mode.
# - In eval mode BatchNorm only subtracts and divides by fixed numbers.
#
# Exercise
# --------
#
# Double the layer's weights. With four rows, the squared error and a tiny :math:`\varepsilon`: what
# happens to the loss, and what to the gradient?

# %%
# .. answer-begin::

# %%
# The loss stays, since the stretch is undone. The gradient is halved. At twice the weights, the same step is
# only half as large in comparison, and so changes the loss half as much.
halves = []
for weights in (w, 2 * w):
    layer, norm, loss = run(
        four, losses["mean((y-t)²)"], 1e-12, weights
    )
    loss.backward()
    halves.append((loss.item(), layer.weight.grad))
    print(f"{loss.item() = :.6f}, {layer.weight.grad = }")

torch.testing.assert_close(halves[1][0], halves[0][0])
torch.testing.assert_close(halves[1][1], halves[0][1] / 2)

# %%
# .. answer-end::
#
# BatchNorm keeps two kinds of numbers: parameters that learn, and running ones that do not. The difference
# matters when you copy a network: :ref:`page-copying-parameters`.
