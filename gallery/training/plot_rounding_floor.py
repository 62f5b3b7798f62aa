r"""
.. _page-rounding-floor:

The floor that rounding lays
============================

**The loss stops falling. Has the network learned all that it can?** Perhaps only the number type
has run out of digits. An update smaller than half of the way to the next number does not move a
weight, so small updates are lost, one by one, without a message.
"""

# %%
# The set-up: the network, the data and the 500 steps of :ref:`page-two-layers-by-hand`, in short.
import matplotlib.pyplot as plt
import torch

import autograd_vi as av

g = av.seed_everything(0)
device = av.pick_device()
shapes = ((64, 1000), (64, 10), (1000, 100), (100, 10))
drawn = [
    torch.randn(shape, generator=g, dtype=torch.float64).float()
    for shape in shapes
]
x, y, *start = (t.to(device) for t in drawn)


def loss_of(W1, W2):
    return (torch.relu(x.to(W1) @ W1) @ W2 - y.to(W1)).square().sum()


# %%
# ``train`` takes the weights as they come, in their own type, and returns new ones.


def train(start, steps, lr=1e-6):
    weights = [w.clone().requires_grad_() for w in start]
    losses = []
    for _ in range(steps):
        loss = loss_of(*weights)
        losses.append(loss.item())
        slopes = torch.autograd.grad(loss, weights)
        with torch.no_grad():
            for w, slope in zip(weights, slopes, strict=True):
                w.sub_(lr * slope)
    return weights, losses


# %%
# Two types, two ends
# -------------------
#
# Run it in float32, the type that PyTorch takes unless you say otherwise, and in float64, which
# keeps sixteen digits instead of seven (on the CPU, because some devices have no float64).
weights, losses = train(start, 500)
weights64, losses64 = train([w.cpu().double() for w in start], 500)
fig, ax = plt.subplots()
ax.semilogy(range(1, 501), losses)
ax.semilogy(range(1, 501), losses64, "--")
ax.set(xlabel="training step k", xticks=range(0, 501, 100))
ax.set(ylabel="loss ℓ")
ax.text(510, losses[-1], "float32", family="monospace")
ax.text(510, losses64[-1], "float64", family="monospace")
fig.set_label(
    "Two losses fall as one; at the end the one in float32 falls more "
    "slowly."
)

drawn = [line.get_ydata()[-1] for line in ax.lines]
assert drawn == [losses[-1], losses64[-1]]

# %%
# Where do they part? Is the loss in float32 more than a tenth larger, in steps 100, 200 and 500?
quotients = [losses[k - 1] / losses64[k - 1] for k in (100, 200, 500)]
print([quotient > 1.1 for quotient in quotients])

torch.testing.assert_close(
    losses[:200], losses64[:200], rtol=1e-2, atol=0
)
assert quotients[-1] > 1.1

# %%
# One weight, one small update
# ----------------------------
#
# The formula is the same, so what stops the upper curve is rounding. Take a single weight, 1. Its
# neighbours in float32 are :math:`2^{-23}` above and :math:`2^{-24}` below. Before you look on: what do
# 1000 updates of :math:`2 \cdot 10^{-8}` make of it, one after the other?
one = torch.tensor(1.0)
below = torch.nextafter(one, torch.tensor(0.0))
print(f"{(one - below).item() == 2**-24 = }")

w = one.clone()
for _ in range(1000):
    w -= 2e-8
print(f"{w.item() = }")
print(f"{(one - 1000 * 2e-8).item() = :.6f}")

assert (one - below).item() == 2**-24
assert w == one
assert 2e-8 < 2**-25 < 1000 * 2e-8

# %%
# Nothing. Each update is less than half of the way to the neighbour, so each result is rounded back
# to 1. All together, taken in one go, would have moved it.
#
# How many weights stand still
# ----------------------------
#
# Back to the network, after its 500 steps. Would the next update leave more than half of :math:`W_1`
# exactly where it is?
shares = []
for W1, W2 in (weights, weights64):
    (slope,) = torch.autograd.grad(loss_of(W1, W2), W1)
    shares.append((W1 - 1e-6 * slope == W1).float().mean().item())
print([share > 0.5 for share in shares])

assert shares[0] > 0.5
assert shares[1] < 0.01

# %%
# In float32, yes; in float64 hardly one stays where it is.
#
# The mistake: taking the floor for the end
# -----------------------------------------
#
# “It has converged”, says a reader of the upper curve. If that were so, more digits would not help. So
# take the weights that float32 has reached, write them in float64, and train on for 100 steps.
_, on = train([w.detach().cpu().double() for w in weights], 101)
print(f"{on[0] / on[-1] > 10 = }")

assert on[0] / on[-1] > 10

# %%
# The loss falls again, to less than a tenth in 100 steps. The gradients were there all the time;
# it was the updates that got lost. Which cure? Often none is needed, since the loss is small
# enough. Where it is not: keep the weights in a type with more digits, or let the updates be
# larger.
#
# What to remember
# ----------------
#
# - An update smaller than half of the way to the next number leaves the weight as it is.
# - A loss that stops falling may have come to the floor of its type, not to its minimum.
# - To find out, train on in float64.
#
# Exercise
# --------
#
# The type bfloat16 has 8 significant binary digits, and float32 has 24. Which of the updates 0.01,
# 0.003 and 0.001 does a weight 1 still feel?

# %%
# .. answer-begin::

# %%
# The neighbour below 1 is :math:`2^{-8} \approx 0.0039` away, and half of that is about 0.002. So the
# first two move the weight, and the third is lost. Such updates are common. That is why networks that
# compute in bfloat16 often keep their weights in float32.
one = torch.tensor(1.0, dtype=torch.bfloat16)
moved = {
    update: (one - update != one).item()
    for update in (0.01, 0.003, 0.001)
}
print(moved)

assert moved == {update: update > 2**-9 for update in moved}

# %%
# .. answer-end::
#
# The weights of :ref:`page-two-layers-by-hand` moved as far as their type let them. Next, one step of
# a network with eleven million weights: :ref:`page-training-step`.
