r"""
.. _page-through-time:

Backward through time
=====================

**A recurrent network uses the same weight at each step. What is the gradient of such a weight?**
The sum over all steps: the loop makes one long graph, and the way back leads through every step.
For long sequences the way is cut after a few steps. That makes it short, and blind for what came
before.
"""

# %%
# The set-up. A sequence of four numbers, and a weight.
import textwrap

import matplotlib.pyplot as plt
import torch
from torch import nn

import autograd_vi as av

g = av.seed_everything(0)
device = av.pick_device()
x = torch.tensor([1.0, 2.0, 3.0, 4.0], device=device)  # (4,)
w = torch.tensor(0.5, device=device, requires_grad=True)

# %%
# A loop, and one weight
# ----------------------
#
# The smallest recurrent network keeps one number, its *hidden state* ``h``. At each step it takes
# a part ``w`` of the old state and adds the new input: :math:`h_t = w\,h_{t-1} + x_t`, with
# :math:`h_0 = 0`. (Real ones have matrices, and a :math:`\tanh` around it all. The factors then
# differ, the way back is the same.)
h = torch.zeros((), device=device)
states = [h]
for x_t in x:
    h = w * h + x_t
    states.append(h)
print([state.item() for state in states])

expected = x.new_tensor([0, 1, 2.5, 4.25, 6.125])
torch.testing.assert_close(torch.stack(states).detach(), expected)

# %%
# The :term:`computational graph` knows no loop. It has one multiplication for each step, and all
# of them point to the same :term:`leaf`. Step backward through the first three inputs, and watch
# ``w``: it waits for all that comes, and adds.
h = torch.zeros((), device=device)
for x_t in x[:3]:
    h = w * h + x_t
av.replay(h, params={"w": w})

# %%
# What each step contributes
# --------------------------
#
# To see the parts of the sum, give each step a weight of its own, with the same value. Step
# :math:`t` multiplies :math:`h_{t-1}`, and what it changes is multiplied by ``w`` at each later
# step. So its share is :math:`w^{T-t}\,h_{t-1}`. Before you look on: with :math:`T = 4`, which
# step has the largest share?
copies = [w.detach().clone().requires_grad_() for _ in x]
h = torch.zeros((), device=device)
for w_t, x_t in zip(copies, x, strict=True):
    h = w_t * h + x_t
shares = torch.stack(torch.autograd.grad(h, copies))  # (4,)
print(f"{shares = }")

powers = 0.5 ** torch.arange(3, -1, -1, device=device)  # (4,)
before = torch.stack(states[:-1]).detach()  # (4,)
torch.testing.assert_close(shares, powers * before)

# %%
# The one weight gets them all at once. On paper, :math:`h_4 = w^3 + 2w^2 + 3w + 4`, with the
# derivative :math:`3w^2 + 4w + 3`. (The steps above were a real backward pass, so ``w.grad`` is
# emptied first.)
w.grad = None
states[-1].backward()
print(f"{w.grad = }")
print(f"{shares.sum() = }")

on_paper = w.new_tensor(3 * 0.5**2 + 4 * 0.5 + 3)
torch.testing.assert_close(w.grad, on_paper)
torch.testing.assert_close(shares.sum(), on_paper)

# %%
# The farther back, the fainter
# -----------------------------
#
# The last step counts most, because the way to it is short. How much does the end still depend on
# the start, after twenty steps? Each step multiplies by ``w``.
for value in (0.5, 1.0, 1.5):
    start = torch.zeros((), device=device, requires_grad=True)
    h = start
    for _ in range(20):
        h = value * h + 1
    (slope,) = torch.autograd.grad(h, start)
    print(f"{value}  {slope.item():.2e}")
    expected = slope.new_tensor(value**20)
    torch.testing.assert_close(slope, expected, rtol=1e-5, atol=0)

# %%
# Below 1 the past vanishes, above 1 it explodes. This is why long sequences are hard to learn,
# whatever you do about memory.
#
# Cutting the way
# ---------------
#
# The graph of a long sequence is long, and all of it stays in memory until the :term:`backward
# pass`. *Truncated* backpropagation cuts it: after each window of steps, ``h.detach()`` keeps the
# number and lets go of its history.


def run(inputs, window):
    h = torch.zeros((), device=device)
    for t, x_t in enumerate(inputs):
        if t % window == 0:
            h = h.detach()
        h = w * h + x_t
    return h


# %%
# The state is the same, and the graph no longer grows with the sequence.
for steps in (10, 100, 1000):
    inputs = torch.ones(steps, device=device)
    whole, cut = run(inputs, window=steps), run(inputs, window=5)
    sizes = [len(av.trace(h).nodes) for h in (whole, cut)]
    print(f"{steps = :4}, {sizes = }")
    torch.testing.assert_close(cut, whole)
    assert sizes == [2 * steps + 1, 2 * 5 + 1]

# %%
# The price is a part of the gradient. In a window of two, the first two of the four shares are
# gone.
w.grad = None
run(x, window=2).backward()
print(f"{w.grad = }")

torch.testing.assert_close(w.grad, shares[2:].sum())

# %%
# The mistake: carrying the state on as it is
# -------------------------------------------
#
# A loss at each step, a backward pass at each step, and the state is handed on with its history.
# The second pass walks into the graph of the first one, which is gone.


def train(keep, detach):
    w = torch.tensor(0.5, device=device, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=0.01)
    h = torch.zeros((), device=device)
    for x_t in x:
        h = w * (h.detach() if detach else h) + x_t
        optimizer.zero_grad()
        ((h - 1) ** 2).backward(retain_graph=keep)
        optimizer.step()
    return w.item()


# %%
# The tempting wrong cure, ``retain_graph=True``, keeps the old graph. But the optimizer has
# changed ``w`` meanwhile, and the old graph needs the value of before.
for keep in (False, True):
    try:
        train(keep=keep, detach=False)
    except RuntimeError as error:
        message = str(error).split(" (")[0].split(":")[0]
        print(textwrap.fill(f"{type(error).__name__}: {message}", 72))
    else:
        raise AssertionError
    assert ("modified by an inplace operation" in message) == keep
    assert ("a second time" in message) != keep

# %%
# The cure is the cut. Each step then takes the old state as a given number, and the gradient with
# respect to the weight is :math:`2(h_t - 1)\,h_{t-1}`. The same four steps in plain Python:
weight, before = 0.5, 0.0
for number in (1.0, 2.0, 3.0, 4.0):
    now = weight * before + number
    weight -= 0.01 * 2 * (now - 1) * before
    before = now
print(f"{train(keep=False, detach=True) = :.4f}")
print(f"{weight = :.4f}")

assert abs(train(keep=False, detach=True) - weight) < 1e-5

# %%
# In a module such as :class:`torch.nn.LSTM` the loop is inside, and the state is a pair. Detach
# both between the windows.
lstm = nn.LSTM(input_size=1, hidden_size=2)
sequence, state = torch.ones(4, 1, 1), None  # (4, 1, 1)
for window in sequence.split(2):
    output, state = lstm(window, state)  # (2, 1, 2)
    output.square().mean().backward()
    state = tuple(part.detach() for part in state)
print(f"{[part.requires_grad for part in state] = }")

assert [part.requires_grad for part in state] == [False, False]

# %%
# What a cut way cannot teach
# ---------------------------
#
# Now a task with a long memory. The first input of six carries a sign, :math:`\pm 1`. The other
# five carry noise, on a second channel. At the end the network has to name the sign. It has a
# weight ``w`` for its state, and ``u`` for the two channels; the sign's entry of ``u`` starts at
# 0.
signs = torch.randint(0, 2, (64,), generator=g).to(device) * 2.0 - 1
inputs = torch.zeros(6, 64, 2, device=device)
inputs[0, :, 0] = signs
inputs[1:, :, 1] = torch.rand(5, 64, generator=g).to(device) - 0.5


def answer(w, u, window):
    h = torch.zeros(64, device=device)  # (64,)
    for t, x_t in enumerate(inputs):
        if t == len(inputs) - window:
            h = h.detach()
        h = w * h + x_t @ u
    return h


# %%
# One network learns through all six steps, the other through the last two.


def learn(window):
    w = torch.tensor(0.9, device=device, requires_grad=True)
    u = torch.tensor([0.0, 0.5], device=device, requires_grad=True)
    optimizer = torch.optim.Adam([w, u], lr=0.05)
    losses = []
    for _ in range(150):
        optimizer.zero_grad()
        loss = ((answer(w, u, window) - signs) ** 2).mean()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses, u.detach()


# %%
# Before you look on: what gradient does the sign's entry of ``u`` get, when the way ends before
# the first input?
curves = {}
for window in (6, 2):
    curves[window], u = learn(window)
    loss, still = curves[window][-1], u[0].item() == 0
    print(f"{window = }, {loss = :.3f}, {still = }")
    assert still == (window == 2)

assert curves[6][-1] < 0.01
assert min(curves[2]) > 0.7

# %%
# Exactly 0, at each of the 150 steps: inside the window the sign's channel is silent. So the
# network has only noise to fit; its answers stay near 0, and that costs about 1. More training
# would not help.
fig, ax = plt.subplots()
for window, style in ((6, "-"), (2, "--")):
    ax.plot(curves[window], style)
    end = (160, curves[window][-1], f"{window = }")
    ax.text(*end, family="monospace", va="center")
ax.set(xlabel="training step k", ylabel="loss ℓ", ylim=(0, None))
fig.set_label(
    "One loss falls to zero in 150 steps, the other stays near one."
)

drawn = [line.get_ydata().tolist() for line in ax.lines]
assert drawn == [curves[6], curves[2]]

# %%
# What to remember
# ----------------
#
# - A weight that is used at each step gets the sum of what each step contributes.
# - ``h = h.detach()`` between windows: the state goes on, the graph ends. Memory depends on the
#   window.
# - A network learns nothing from what lies before its window.
#
# Exercise
# --------
#
# Detach ``h`` at *every* step of the first example. What is ``w.grad`` after four steps? Can such
# a network learn to remember?

# %%
# .. answer-begin::

# %%
# Only the last share is left, :math:`h_3 = 4.25`. The state is still handed on, so the network
# remembers. But it learns nothing about what it should remember: each step takes the old state as
# given.
w.grad = None
run(x, window=1).backward()
print(f"{w.grad = }")

torch.testing.assert_close(w.grad, states[3].detach())

# %%
# .. answer-end::
#
# On the page before, :ref:`page-two-networks`, a cut decided who learns. Here it decides how far
# back. This is the last page of the path. Whatever message you meet from here on may be waiting in
# :ref:`chapter-error-museum`.
