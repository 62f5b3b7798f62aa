r"""
.. _page-two-layers-by-hand:

Two layers by hand
==================

**What is left of training when you take away all ready-made parts?** A formula for the loss, one
``backward()``, one line of update, and one line that empties the gradients. You write these
lines, run them 500 times, compare your step with that of PyTorch's own optimizer, and see what a
missing line does.
"""

# %%
# The set-up: a generator of random numbers that starts the same on every run, and a device.
import matplotlib.pyplot as plt
import torch

import autograd_vi as av

g = av.seed_everything(0)
device = av.pick_device()

# %%
# The network
# -----------
#
# 64 inputs of 1000 numbers go through a hidden :term:`layer` of 100 to 10 outputs. ReLU, between the
# layers, replaces each negative number by 0. The :term:`loss function` adds up the squared errors:
#
# .. math::
#
#    \ell = \sum_{n,k} \bigl( \mathrm{relu}(x W_1)\, W_2 - y \bigr)_{nk}^2
#
# Inputs, targets and first weights are random numbers. So there is nothing to understand in the data,
# only to fit. We draw them in float64 and round them to float32, so that they are the same on every
# processor.
N, D_in, H, D_out = 64, 1000, 100, 10
shapes = ((N, D_in), (N, D_out), (D_in, H), (H, D_out))
drawn = [
    torch.randn(shape, generator=g, dtype=torch.float64).float()
    for shape in shapes
]
x, y, *start = (t.to(device) for t in drawn)

# %%
# The loss takes the data to the type and the device of the weights. You will need this below.


def loss_of(W1, W2):
    return (torch.relu(x.to(W1) @ W1) @ W2 - y.to(W1)).square().sum()


W1, W2 = (w.clone().requires_grad_() for w in start)
loss = loss_of(W1, W2)
av.trace(loss, params={"W1": W1, "W2": W2})

# %%
# The loss has the shape ``()``: one number, no list with one entry. ``loss.item()`` turns it into a
# Python number.
print(f"{loss.shape = }")
print(f"{loss.item() = :.4e}")

x64, y64, W1_64, W2_64 = (
    t.detach().cpu().double() for t in (x, y, W1, W2)
)
exact = ((x64 @ W1_64).clamp(min=0) @ W2_64 - y64).pow(2).sum().item()
assert loss.shape == ()
torch.testing.assert_close(loss.item(), exact, rtol=1e-5, atol=0)

# %%
# The gradient on paper
# ---------------------
#
# Write :math:`h = \mathrm{relu}(x W_1)` and :math:`e = 2\,(h W_2 - y)`. Then the
# :term:`chain rule` gives
#
# .. math::
#
#    \frac{\partial \ell}{\partial W_2} = h^\top e, \qquad
#    \frac{\partial \ell}{\partial W_1} = x^\top \bigl( e\, W_2^\top \odot [h > 0] \bigr)
#
# where :math:`[h > 0]` is 1 where ReLU let something pass, and 0 elsewhere, and :math:`\odot` multiplies
# entry by entry. ``backward()`` finds the same two matrices, up to rounding.


def on_paper(W1, W2):
    h = torch.relu(x @ W1)
    e = 2 * (h @ W2 - y)
    return [x.T @ (e @ W2.T * (h > 0)), h.T @ e]


loss.backward()
print([tuple(w.grad.shape) for w in (W1, W2)])

for w, expected in zip((W1, W2), on_paper(*start), strict=True):
    error = (w.grad - expected).norm() / expected.norm()
    assert error < 1e-5

# %%
# 500 steps by hand
# -----------------
#
# A step of :term:`gradient descent` subtracts from each weight its gradient times the
# :term:`learning rate` :math:`10^{-6}`. This must not be recorded (:ref:`page-stop-tracking`), and then
# the gradients must be emptied (:ref:`page-emptying-gradients`). Here both stand in one function;
# ``w.sub_(…)`` is another way to write ``w -= …``.


def update(weights, empty=True, lr=1e-6):
    with torch.no_grad():
        for w in weights:
            w.sub_(lr * w.grad)
            if empty:
                w.grad = None


# %%
# The loop keeps the loss of each step as a Python number. A list of the tensors themselves would keep
# all 500 graphs alive.


def train(start, steps, empty=True):
    weights, losses = [w.clone().requires_grad_() for w in start], []
    for _ in range(steps):
        loss = loss_of(*weights)
        losses.append(loss.item())
        loss.backward()
        update(weights, empty)
    return weights, losses


# %%
# Run it in float64, which keeps sixteen digits, and on the CPU, because some devices have no
# float64. (:ref:`page-rounding-floor` tells why not in float32, as usual.) Here is the loss in
# step 100, 200 and so on, computed before the step's update.
_, losses = train([w.cpu().double() for w in start], 500)
for step in range(100, 501, 100):
    print(f"{step = }  {losses[step - 1]:.3e}")

falls = [losses[k - 1] / losses[k + 99] for k in range(100, 401, 100)]
assert min(falls) > 10

# %%
# Every hundred steps divide the loss by more than ten; by how much depends on the random numbers.
# A logarithmic axis shows such a fall over its whole length.
fig, ax = plt.subplots()
ax.semilogy(range(1, 501), losses)
ax.set(xlabel="training step k", xticks=range(0, 501, 100))
ax.set(ylabel="loss ℓ")
fig.set_label(
    "On a logarithmic axis a loss falls fast, then almost along a line."
)

(line,) = ax.lines
assert line.get_ydata().tolist() == losses

# %%
# .. admonition:: From the notebook “Grad trong PyTorch”
#    :class: notebook
#
#    The notebook has no seed. It recorded 1047.207642, 10.922669, 0.193107, 0.004434 and 0.000304, and
#    you will never see these numbers again. They are also not what it shows: its print uses ``%f3``
#    (``%.3f`` was probably meant), which prints the number and then the digit 3, as in 1047.2076423.
#    Its comment gives the loss the shape ``(1,)``; it is ``()``. And it advises ``.data``, which hides
#    mistakes from autograd: you will see one below.
#
# See the stray digit, with the first of the recorded losses:
shown = "%f3" % 1047.207642
print(shown)

assert shown == str(1047.207642) + "3"

# %%
# The same with PyTorch's optimizer
# ---------------------------------
#
# :class:`torch.optim.SGD` is PyTorch's own :term:`optimizer` for this step. Let it take one from the same
# weights, and compare its step with ours: how long is the difference, compared with the step?
ours, _ = train(start, 1)
theirs = [w.clone().requires_grad_() for w in start]
optimizer = torch.optim.SGD(theirs, lr=1e-6)
loss_of(*theirs).backward()
optimizer.step()
for w, a, b in zip(start, ours, theirs, strict=True):
    difference = ((a - b).norm() / (a - w).norm()).item()
    print(f"{difference < 1e-4 = }")
    assert difference < 1e-4

# %%
# The same, up to rounding. Not more than that: an optimizer may multiply and subtract in one go and
# so round once where we round twice, and a GPU may add in another order.
#
# The mistake: not emptied
# ------------------------
#
# Leave the gradients as they are, and each ``backward()`` adds to all earlier ones. Predict how the loss
# runs then.
right, wrong = (train(start, 40, empty)[1] for empty in (True, False))
fig, ax = plt.subplots()
ax.semilogy(range(1, 41), right, "o-")
ax.semilogy(range(1, 41), wrong, "s--")
ax.set(xlabel="training step k", ylabel="loss ℓ")
end = {"family": "monospace", "va": "center"}
ax.text(42, right[-1], "empty=True", **end)
ax.text(42, wrong[-1], "empty=False", **end)
words = (
    "After 40 steps one curve has come down; the other jumps "
    "up and down and ends far above it."
)
fig.set_label(words)

assert [line.get_ydata()[-1] for line in ax.lines] == [
    right[-1],
    wrong[-1],
]

# %%
# The first two losses are the same as before: the first step knows only one gradient. From then on the
# steps are wrong. The loss jumps up and down. In step 3 it is even lower than the right one, in step 40
# many times as high. Here are the four quotients.
print([f"{wrong[k] / right[k]:.2f}" for k in (0, 1, 2, 39)])

torch.testing.assert_close(wrong[:2], right[:2], rtol=1e-4, atol=0)
assert wrong[2] < right[2]
assert wrong[39] > 5 * right[39]
assert right[39] < right[0]
assert torch.tensor(wrong).diff().gt(0).sum() > 3

# %%
# What does the second step take for the gradient? Compute the right ones of the first two steps on paper:
# it takes their sum. Here is how long this sum is, compared with the right gradient. For :math:`W_1` it is
# too long. For :math:`W_2` it is too short, because old and new partly cancel.
weights, _ = train(start, 2, empty=False)
first = on_paper(*start)
second = on_paper(
    *(w - 1e-6 * d for w, d in zip(start, first, strict=True))
)
lengths = [
    (w.grad.norm() / d.norm()).item()
    for w, d in zip(weights, second, strict=True)
]
print([f"{length:.2f}" for length in lengths])

assert lengths[1] < 1 < lengths[0]
for w, one, two in zip(weights, first, second, strict=True):
    assert (w.grad - (one + two)).norm() < 1e-4 * w.grad.norm()

# %%
# The mistake that ``.data`` hides
# --------------------------------
#
# The notebook advises ``.data``. Both ``w.data`` and ``w.detach()`` give the
# values without their history, in the same memory. But autograd counts the changes made through
# ``detach()``, and not those made through ``data``. Here :math:`W_2` shrinks *between* the forward and the
# backward pass, at a moment when its old values are still needed for :math:`W_1`.
for values in (lambda w: w.detach(), lambda w: w.data):
    W1, W2 = (w.clone().requires_grad_() for w in start)
    loss = loss_of(W1, W2)
    values(W2).mul_(0.5)
    try:
        loss.backward()
        print(f"{(W1.grad.norm() / first[0].norm()).item() = :.4f}")
    except RuntimeError as error:
        message = str(error).split(": ")[0]
        print(f"{type(error).__name__}: {message}")

# %%
# With ``detach()`` you get an error. With ``data`` you get a gradient that is half of the right one, and
# no word about it. Change weights under :class:`torch.no_grad`; there, too, every change is counted:
# ``_version`` is the counter.
assert message.startswith(
    "one of the variables needed for gradient computation has been "
    "modified"
)
assert (W1.grad - 0.5 * first[0]).norm() < 1e-5 * first[0].norm()
w = start[1].clone().requires_grad_()
w.data.mul_(0.5)
print(f"{w._version = }")
assert w._version == 0
with torch.no_grad():
    w.mul_(0.5)
print(f"{w._version = }")
assert w._version == 1

# %%
# What to remember
# ----------------
#
# - Training is: loss, ``backward()``, update without tracking, empty.
# - ``w.sub_(lr * w.grad)`` is the step of ``SGD``, up to rounding.
# - ``.data`` hides your changes from autograd. Do not use it.
#
# Exercise
# --------
#
# You replace the sum in the loss by the mean. Which learning rate gives the same steps as before?

# %%
# .. answer-begin::

# %%
# The mean is the sum divided by its :math:`64 \cdot 10 = 640` entries, and so is its gradient. The learning
# rate must be 640 times as large: :math:`6.4 \cdot 10^{-4}`. That looks very different, and is the same.
W1, W2 = (w.clone().requires_grad_() for w in start)
mean = (torch.relu(x @ W1) @ W2 - y).square().mean()
steps = [6.4e-4 * d for d in torch.autograd.grad(mean, (W1, W2))]
print([f"{step.norm().item():.4f}" for step in steps])

for step, d in zip(steps, first, strict=True):
    assert (step - 1e-6 * d).norm() < 1e-5 * step.norm()

# %%
# .. answer-end::
#
# From two numbers (:ref:`page-square`) you came to 101,000, and from one batch
# (:ref:`page-mini-batch`) to 500 steps. What would the curve have looked like in float32?
# :ref:`page-rounding-floor`.
