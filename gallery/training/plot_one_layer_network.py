r"""
.. _page-one-layer-network:

A one-layer network
===================

**How does a network know in which direction to change its parameters?** It ends in one number, the
loss. One backward pass gives the derivative of that number with respect to every weight and every
bias. For a single layer you can write these derivatives on paper, and then compare.
"""

# %%
# The set-up: random numbers that are the same on every run, and a device.
import matplotlib.pyplot as plt
import torch
from torch.nn.functional import (
    binary_cross_entropy_with_logits,
    cross_entropy,
)

import autograd_vi as av

g = av.seed_everything(0)
device = av.pick_device()

# %%
# The network
# -----------
#
# Five inputs, three outputs. On each arrow from :math:`x_i` to :math:`z_j` sits a :term:`weight`
# :math:`w_{ij}`, and each output adds its own :term:`bias` :math:`b_j`. At the end the
# :term:`loss function` makes one number :math:`\ell` of the three outputs and the
# :term:`labels <label>` ``y``. First the places of the letters and the arrows between them.
x_at = [(0, 2 - i) for i in range(5)]
z_at = [(2, 1.6 - 1.6 * j) for j in range(3)]
b_at = [(2, up + 0.85) for _, up in z_at]
y_at = (4, -1.6)
loss_at = (4, 0)
places = {"$y$": y_at, r"$\ell$": loss_at}
for letter, column in (("x", x_at), ("z", z_at), ("b", b_at)):
    places |= {f"${letter}_{k}$": at for k, at in enumerate(column)}
arrows = [(x, z, "C1") for x in x_at for z in z_at]
arrows += [(b, z, "C1") for b, z in zip(b_at, z_at, strict=True)]
arrows += [(start, loss_at, "C0") for start in (*z_at, y_at)]

# %%
# What training may change enters at the ``z``: 15 weights and 3 biases, all arrows that end there.
fig, ax = plt.subplots(
    subplot_kw={"xlim": (-0.5, 4.5), "ylim": (-2.3, 3.4)}
)
for start, end, color in arrows:
    style = {
        "arrowstyle": "->",
        "color": color,
        "shrinkA": 14,
        "shrinkB": 14,
    }
    ax.annotate("", end, start, arrowprops=style)
for name, at in places.items():
    edge = "none" if "b" in name else "C0"
    circle = {"boxstyle": "circle", "fc": "none", "ec": edge}
    ax.text(*at, name, ha="center", va="center", size=14, bbox=circle)
ax.text(1, 2, "$w_{00}$", color="C1", ha="center")
for column, word in enumerate(("inputs", "outputs", "loss")):
    ax.text(2 * column, 3.1, word, ha="center")
ax.axis("off")
fig.set_label(
    "Five inputs, each joined to three outputs, which lead to the loss."
)

# %%
# .. admonition:: From the notebook “Tự động tính đạo hàm với torch.autograd”
#    :class: notebook
#
#    The notebook shows this network in a picture ``nn.png``, which is lost. The one above is drawn
#    anew. The notebook's cells were also run out of order, so that a printed value could come from
#    an older ``z`` than the line above it. Here all cells run once, from top to bottom. Its labels
#    are all 0. Ours are not, because then a wrong formula could go unnoticed.
#
# Forward
# -------
#
# The data are ``x``, all ones, and the labels :math:`y = (0, 1, 1)`. Only the
# :term:`parameters <parameter>` ``w`` and ``b`` are marked: 15 weights and 3 biases, as many as arrows
# end at the ``z``. :math:`z_j = \sum_i x_i w_{ij} + b_j` is one line of code; the check computes it by a
# loop.
x = torch.ones(5, device=device)  # (5,)
y = torch.tensor([0.0, 1.0, 1.0], device=device)  # (3,)
w = torch.randn(5, 3, generator=g).to(device).requires_grad_()  # (5, 3)
b = torch.randn(3, generator=g).to(device).requires_grad_()  # (3,)
z = x @ w + b
print(f"{z = }")

by_hand = [
    sum(x[i] * w[i, j] for i in range(5)) + b[j] for j in range(3)
]
torch.testing.assert_close(z, torch.stack(by_hand))
assert (
    sum(end in z_at for _, end, _ in arrows)
    == w.numel() + b.numel()
    == 15 + 3
)

# %%
# Each :math:`z_j` can be any number. The sigmoid :math:`\sigma(z) = 1 / (1 + e^{-z})` squeezes it
# between 0 and 1, to be read as a probability. The loss is the mean cross-entropy of the three:
#
# .. math::
#
#    \ell = -\frac13 \sum_j \bigl( & y_j \ln \sigma(z_j) \\
#    & + (1 - y_j) \ln (1 - \sigma(z_j)) \bigr)
#
# :func:`~torch.nn.functional.binary_cross_entropy_with_logits` takes ``z`` itself, the number
# before the sigmoid (a :term:`logit`), and does both steps. Each result remembers its operation
# (:ref:`page-tracking`).
loss = binary_cross_entropy_with_logits(z, y)
print(f"{loss = }")
print([type(t.grad_fn).__name__ for t in (z, loss)])

p = torch.sigmoid(z)
torch.testing.assert_close(
    loss, -(y * p.log() + (1 - y) * (1 - p).log()).mean()
)
assert type(z.grad_fn).__name__ == "AddBackward0"
assert (
    type(loss.grad_fn).__name__
    == "BinaryCrossEntropyWithLogitsBackward0"
)

# %%
# The gradient on paper
# ---------------------
#
# Use :math:`\sigma' = \sigma (1 - \sigma)` in the formula of the loss. Nearly everything cancels:
#
# .. math::
#
#    \frac{\partial \ell}{\partial z_j}
#    &= -\tfrac13 \bigl( y_j (1 - \sigma(z_j)) - (1 - y_j)\, \sigma(z_j) \bigr) \\
#    &= \frac{\sigma(z_j) - y_j}{3}
#
# What the network said minus what was wanted, over three. A change of :math:`b_j` changes
# :math:`z_j` by as much. A change of :math:`w_{ij}` changes it :math:`x_i` times as much. So the
# :term:`chain rule` gives
#
# .. math::
#
#    \frac{\partial \ell}{\partial b_j} = \frac{\sigma(z_j) - y_j}{3}, \qquad
#    \frac{\partial \ell}{\partial w_{ij}} = x_i \, \frac{\sigma(z_j) - y_j}{3}
#
# Backward
# --------
#
# One call fills both gradients, and both agree with the paper.
loss.backward()
print(f"{b.grad = }")
print(f"{w.grad = }")

torch.testing.assert_close(b.grad, (torch.sigmoid(z.detach()) - y) / 3)
torch.testing.assert_close(w.grad, b.grad.expand(5, 3))

# %%
# Why are all rows of ``w.grad`` equal, and equal to ``b.grad``? Row :math:`i` is :math:`x_i` times
# ``b.grad``, and every :math:`x_i` is 1. An input of ones makes each weight act like a bias.
#
# A second opinion without calculus: move each of the 15 weights up and down and see how the loss
# changes. These :term:`finite differences`, known from :ref:`page-backward`, give one number for each
# weight; the output shows the three of row 0.
h, slopes = 1e-4, []
x64, y64, w64, b64 = (t.detach().cpu().double() for t in (x, y, w, b))
for step in h * torch.eye(15, dtype=torch.float64).view(15, 5, 3):
    up = binary_cross_entropy_with_logits(x64 @ (w64 + step) + b64, y64)
    down = binary_cross_entropy_with_logits(
        x64 @ (w64 - step) + b64, y64
    )
    slopes.append((up - down) / (2 * h))
print([round(slope.item(), 4) for slope in slopes[:3]])

second_opinion = torch.stack(slopes).view(5, 3).float().to(device)
torch.testing.assert_close(w.grad, second_opinion, rtol=1e-5, atol=1e-6)

# %%
# The mistake: whole numbers as labels
# ------------------------------------
#
# .. exhibit:: result type Float can't be cast to the desired output type Long
#    :name: labels-as-integers
#    :also: can't be cast to the desired output type
#
#    Labels of the type ``int64``, and a result in float32 that was to be stored in a tensor of their type.
#
#    This loss computes with the labels, and integers cannot hold what comes out.
#
#    ``y.float()``.
#
# Labels are 0 or 1, so why not integers? Because this loss computes with them: a label may also be
# 0.9. The cure is ``y.float()``.
whole = torch.zeros(3, dtype=torch.long, device=device)  # (3,)
try:
    binary_cross_entropy_with_logits(z, whole)
except RuntimeError as error:
    message = str(error).splitlines()[0]
    print(f"{type(error).__name__}: {message}")
else:
    raise AssertionError

assert "Float can't be cast" in message

# %%
# The wrong cure changes the loss: ``cross_entropy`` wants whole numbers. But for it they are classes.
# It sees one class in each row, and that one is certain, whatever ``z`` is: nothing to learn.
learned = []
for loss in (
    cross_entropy(z.unsqueeze(1), whole),
    binary_cross_entropy_with_logits(z, whole.float()),
):
    learned += torch.autograd.grad(loss, z)
    print(f"{learned[-1].any().item() = }")

by_hand = [torch.zeros_like(z), torch.sigmoid(z) / 3]
torch.testing.assert_close(learned, [t.detach() for t in by_hand])

# %%
# The silent mistake: the sigmoid twice
# -------------------------------------
#
# Hand over ``sigmoid(z)`` instead of ``z``, and no error tells you. Take two values of ``z`` whose
# labels are 0: 1 is wrong, 10 could hardly be more wrong. The right gradients grow with the
# mistake, to nearly 1. With two sigmoids they shrink: the worse the mistake, the less the network
# learns.
z_bad = torch.tensor(
    [1.0, 10.0], device=device, requires_grad=True
)  # (2,)
zeros = torch.zeros(2, device=device)
once_twice = []
for logits in (z_bad, torch.sigmoid(z_bad)):
    loss = binary_cross_entropy_with_logits(
        logits, zeros, reduction="sum"
    )
    once_twice += torch.autograd.grad(loss, z_bad)
    print([round(value, 6) for value in once_twice[-1].tolist()])

# %%
# On paper: once :math:`\sigma(z)`, twice :math:`\sigma(\sigma(z))\, \sigma(z)\, (1 - \sigma(z))`.
s = torch.sigmoid(z_bad.detach().cpu().double())
for gradient, on_paper in zip(
    once_twice, (s, torch.sigmoid(s) * s * (1 - s)), strict=True
):
    torch.testing.assert_close(
        gradient.cpu().double(), on_paper, rtol=1e-2, atol=0
    )
once, twice = (gradient.tolist() for gradient in once_twice)
print(f"{once[0] < once[1] = }, {twice[0] > twice[1] = }")

assert 0.73 < once[0] < 0.999 < once[1]
assert twice[0] > 0.1 > 1e-4 > twice[1]

# %%
# What to remember
# ----------------
#
# - The gradient with respect to ``z`` is what the network said minus what was wanted, divided by the
#   number of outputs.
# - A weight's gradient is that number times the weight's input; a bias's input is 1.
# - ``…_with_logits`` wants ``z`` as it is, and labels as floating-point numbers.
#
# Exercise
# --------
#
# Keep ``w`` and ``b``, and take :math:`x = (1, 2, 0, -1, 3)`. Without running anything: which row of
# ``w.grad`` is zero, and how do the other rows relate to the first?

# %%
# .. answer-begin::

# %%
# Row :math:`i` is :math:`x_i` times ``b.grad``. So row 2 is zero: a weight whose input is 0 has no
# say in the result. Row 1 is twice row 0, row 3 is row 0 with the sign turned, row 4 three times
# row 0. Divided by ``b.grad``, the rows show ``x``.
x = torch.tensor([1.0, 2.0, 0.0, -1.0, 3.0], device=device)  # (5,)
loss = binary_cross_entropy_with_logits(x @ w + b, y)
w_grad, b_grad = torch.autograd.grad(loss, (w, b))
print(w_grad / b_grad)

assert w_grad[2].tolist() == [0.0] * 3
torch.testing.assert_close(
    b_grad, (torch.sigmoid(x @ w + b) - y).detach() / 3
)
torch.testing.assert_close(w_grad / b_grad, x[:, None].expand(5, 3))

# %%
# .. answer-end::
#
# The rows of the gradient were equal because the layer saw one input, all ones. Next, three
# different rows share a layer: :ref:`page-mini-batch`.
