r"""
.. _page-two-layers-by-hand:

Two layers by hand
==================

**What is left of training when you take away all ready-made parts?** A formula for the loss, one
``backward()``, one line of update, and one line that empties the gradients. You write these lines, run
them 500 times, and compare your weights with those of PyTorch's own optimizer, bit by bit.
"""

# %%
# The set-up: random numbers that are the same on every run, and a device.
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
# only to fit.
N, D_in, H, D_out = 64, 1000, 100, 10
x = torch.randn(N, D_in, generator=g).to(device)
y = torch.randn(N, D_out, generator=g).to(device)
start = [torch.randn(s, generator=g).to(device) for s in ((D_in, H), (H, D_out))]


def loss_of(W1, W2):
    return (torch.relu(x @ W1) @ W2 - y).square().sum()


W1, W2 = (w.clone().requires_grad_() for w in start)
loss = loss_of(W1, W2)
av.trace(loss, params={"W1": W1, "W2": W2})

# %%
# The loss has the shape ``()``: one number, no list with one entry. ``loss.item()`` turns it into a
# Python number.
print(f"{loss.shape = }")
print(f"{loss.item() = :.4e}")

x64, y64, W1_64, W2_64 = (t.detach().cpu().double() for t in (x, y, W1, W2))
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
# the gradients must be emptied (:ref:`page-emptying-gradients`). ``add_`` with ``alpha`` adds a multiple
# of a tensor in place; why we do not write ``w -= lr * w.grad`` comes below.


def train(steps, empty=True, lr=1e-6):
    weights, losses = [w.clone().requires_grad_() for w in start], []
    for _ in range(steps):
        losses.append(loss_of(*weights))
        losses[-1].backward()
        with torch.no_grad():
            for w in weights:
                w.add_(w.grad, alpha=-lr)
                w.grad = None if empty else w.grad
    return weights, [loss.item() for loss in losses]


# %%
# Run it, and look at the loss in step 100, 200 and so on. (It is computed before the step's update.)
weights, losses = train(500)
for step in range(100, 501, 100):
    print(f"{step = }  {losses[step - 1]:.6f}")

# %%
# From step 100 on, every hundred steps divide the loss by a factor between 5 and 300. A logarithmic axis
# shows such a fall over its whole length.
fig, ax = plt.subplots()
ax.semilogy(range(1, 501), losses)
ax.semilogy(range(100, 501, 100), losses[99::100], "o", color="C1")
ax.set(xlabel="$k$", ylabel=r"$\ell_k$", xticks=range(0, 501, 100))
fig.set_label("Over 500 steps the loss falls from thirty million to below one ten-thousandth.")

falls = [before / after for before, after in zip(losses[99::100], losses[199::100], strict=False)]
assert (min(falls) > 5, max(falls) < 300, len(falls)) == (True, True, 4)
assert losses[0] > 1e7
assert losses[-1] < 1e-4

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
# :class:`torch.optim.SGD` is PyTorch's own :term:`optimizer` for this step. Start it from the same
# weights.
W1, W2 = (w.clone().requires_grad_() for w in start)
optimizer, sgd_losses = torch.optim.SGD([W1, W2], lr=1e-6), []
for _ in range(500):
    loss = loss_of(W1, W2)
    sgd_losses.append(loss.item())
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()

# %%
# After 500 steps all 101,000 weights agree with ours in every bit, and so do all losses.
print(f"{torch.equal(W1, weights[0]) = }, {torch.equal(W2, weights[1]) = }")
print(f"{sgd_losses == losses = }")

assert torch.equal(W1, weights[0])
assert torch.equal(W2, weights[1])
assert sgd_losses == losses

# %%
# Rounded once or twice
# ---------------------
#
# Now the line that you would have written: ``w -= lr * w.grad``. On paper it is the same. But it rounds
# ``lr * w.grad`` to a float32, and then the difference once more. ``add_`` with ``alpha`` multiplies and
# adds in one go and rounds once, and so does ``SGD``. Here is one step in both ways.
leaves = [w.clone().requires_grad_() for w in start]
gradients = torch.autograd.grad(loss_of(*leaves), leaves)
once = [w.add(d, alpha=-1e-6) for w, d in zip(start, gradients, strict=True)]
twice = [w - 1e-6 * d for w, d in zip(start, gradients, strict=True)]
print(f"{once[0][0, 0] = }, {twice[0][0, 0] = }")

assert all(map(torch.equal, once, train(1)[0]))

# %%
# To the eye they are equal. In which share of all weights do they differ, and by how much at most?
# (The share depends on the first weights, and so on the seed.)
pairs = list(zip(once, twice, strict=True))
different = sum((a != b).sum().item() for a, b in pairs)
largest = max((a - b).abs().max().item() for a, b in pairs)
print(f"{different / 101_000 = :.1%}, {largest = :.0e}")

assert 0.01 < different / 101_000 < 0.03
assert largest < 1e-6

# %%
# To see that rounding is all, compute in float64, which holds the product of two float32 numbers exactly,
# and round to float32 yourself: once at the end, or after each of the two operations.
lr = torch.tensor(1e-6).double()
for w, d, a, b in zip(start, gradients, once, twice, strict=True):
    w64, d64 = w.cpu().double(), d.cpu().double()
    round_once = (w64 - lr * d64).float()
    round_twice = (w64 - (lr * d64).float()).float()
    print(f"{torch.equal(a.cpu(), round_once) = }, {torch.equal(b.cpu(), round_twice) = }")
    assert torch.equal(a.cpu(), round_once)
    assert torch.equal(b.cpu(), round_twice)

# %%
# Both ways train equally well. But if you want to compare two programs bit by bit, they must also round
# alike.
#
# The mistake: not emptied
# ------------------------
#
# Leave the gradients as they are, and each ``backward()`` adds to all earlier ones. Predict how the loss
# runs then.
right, wrong = (train(40, empty)[1] for empty in (True, False))
fig, ax = plt.subplots()
ax.semilogy(range(1, 41), right, "o-", label="empty=True")
ax.semilogy(range(1, 41), wrong, "s--", label="empty=False")
ax.set(xlabel="$k$", ylabel=r"$\ell_k$")
ax.legend()
fig.set_label("In 40 steps one curve falls; the other jumps up and down and ends far above it.")

# %%
# The first two losses are the same as before: the first step knows only one gradient. From then on the
# steps are wrong. The loss jumps about. At first it even falls faster, but in step 40 it is more than ten
# times as high.
print([f"{wrong[k] / right[k]:.2f}" for k in (0, 1, 2, 39)])

assert wrong[:2] == right[:2]
assert right == sorted(right, reverse=True)
assert wrong != sorted(wrong, reverse=True)
assert wrong[2] < right[2]
assert wrong[-1] > 10 * right[-1]

# %%
# What does the second step take for the gradient? Compute the right ones of the first two steps on paper:
# it takes their sum. Here is how long this sum is, compared with the right gradient. For :math:`W_1` it is
# nearly twice as long. For :math:`W_2` it is shorter, because old and new partly cancel.
weights, _ = train(2, empty=False)
first = on_paper(*start)
second = on_paper(*(w - 1e-6 * d for w, d in zip(start, first, strict=True)))
print([f"{(w.grad.norm() / d.norm()).item():.2f}" for w, d in zip(weights, second, strict=True)])

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
        print(f"{W1.grad.norm() / gradients[0].norm() = :.4f}")
    except RuntimeError as error:
        message = str(error).split(": ")[0]
        print(f"{type(error).__name__}: {message}")

# %%
# With ``detach()`` you get an error. With ``data`` you get a gradient that is half of the right one, and
# no word about it. Change weights under :class:`torch.no_grad`; there, too, every change is counted:
# ``_version`` is the counter.
assert message.startswith("one of the variables needed for gradient computation has been modified")
torch.testing.assert_close(W1.grad, 0.5 * gradients[0])
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
# - ``w.add_(w.grad, alpha=-lr)`` is what ``SGD`` does. ``w -= lr * w.grad`` differs by rounding.
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

for step, d in zip(steps, gradients, strict=True):
    torch.testing.assert_close(step, 1e-6 * d)

# %%
# .. answer-end::
#
# This closes the chapter. From two numbers (:ref:`page-square`) you came to 101,000. The next chapter
# feeds a small batch through a ready-made layer: :ref:`page-mini-batch`.
