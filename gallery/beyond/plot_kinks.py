r"""
.. _page-kinks:

Kinks
=====

**What does autograd say where a function has no slope?** What the operation's author chose. For
one operation it is a number between the slopes on the left and on the right. It is a convention,
not a derivative, and versions of PyTorch differ.
"""

# %%
# The set-up. Nothing is random here.
import matplotlib.pyplot as plt
import torch
from torch.nn import functional

import autograd_vi as av

device = av.pick_device()
places = torch.linspace(-2, 2, 81)  # (81,)


def slope(f, at=0.0):
    x = torch.tensor(at, device=device, requires_grad=True)  # ()
    return torch.autograd.grad(f(x), x)[0].item()


# %%
# Between two slopes
# ------------------
#
# At 0, relu turns: on the left its slope is 0, on the right it is 1. Each dotted line touches
# the curve at 0 and lies nowhere above it. Their slopes are 0, ½ and 1, and every number between
# would do as well. None of them is *the* slope.
fig, ax = plt.subplots()
for chosen in (0.0, 0.5, 1.0):
    ax.plot(places, chosen * places, "C1:")
ax.plot(places, torch.relu(places), linewidth=3)
ax.text(1.6, 1.8, "relu(x)", family="monospace", ha="right")
ax.text(2, 0.3, "slope ½", ha="right")
ax.text(2, -0.25, "slope 0", ha="right")
ax.text(-0.6, -0.8, "slope 1")
ax.set(xlabel="$x$", ylim=(-1, 2))
fig.set_label("relu, and lines of slope 0, ½ and 1 below it.")
plt.show()

*lines, curve = (torch.tensor(line.get_ydata()) for line in ax.lines)
assert all((line <= curve + 1e-6).all() for line in lines)
torch.testing.assert_close(curve, places.clamp(min=0))

# %%
# What this version says
# ----------------------
#
# Eight functions at 0. The first two numbers are the slopes on the left and on the right,
# measured with a step of ``h``. The third is what autograd says. Before you look on: which of
# these functions have a kink at 0?
functions = {
    "relu": torch.relu,
    "abs": torch.abs,
    "clamp(0, 1)": lambda x: x.clamp(0, 1),
    "maximum(x, 0)": lambda x: torch.maximum(x, torch.zeros_like(x)),
    "leaky_relu": functional.leaky_relu,
    "relu6": functional.relu6,
    "elu": functional.elu,
    "softplus": functional.softplus,
}

# %%
# The third column belongs to the version of PyTorch that ran this page; it is named at the end
# of the page. In yours it may be another one. (Older versions say 1 for ``clamp`` at both its
# bounds.) The first two columns are mathematics, and stay. What autograd says lies between them.
h = 2.0**-10
for name, f in functions.items():
    zero = torch.zeros(())
    right = (f(zero + h) - f(zero)).item() / h
    left = (f(zero) - f(zero - h)).item() / h
    print(f"{name:14} {left:7.2f} {right:7.2f} {slope(f):9.2f}")
    low, high = sorted((left, right))
    assert low - 1e-3 <= slope(f) <= high + 1e-3

# %%
# Six of the eight have a kink. ``elu`` and ``softplus`` have none: left and right agree, and
# autograd has no choice. ``leaky_relu`` turns from 0.01 to 1.
#
# ``relu`` and ``maximum(x, 0)`` are the same function and may get different slopes at 0. One is
# an operation with a rule of its own. The other sees two equal numbers, and shares the gradient
# between them.
#
# You choose, if you write the branch
# -----------------------------------
#
# With :func:`torch.where` the choice is yours: the gradient goes down the branch that was taken,
# and at 0 that is what your comparison says. All three lines are relu.
versions = {
    "where(x > 0, x, 0)": lambda x: torch.where(x > 0, x, 0.0),
    "where(x >= 0, x, 0)": lambda x: torch.where(x >= 0, x, 0.0),
    "(x + abs(x)) / 2": lambda x: (x + x.abs()) / 2,
}

# %%
# Their values are those of relu at all places. Before you look on: what are their slopes at 0?
for name, f in versions.items():
    print(f"{name:20} {slope(f):.2f}")
    torch.testing.assert_close(f(places), torch.relu(places))
    assert 0 <= slope(f) <= 1

assert slope(versions["where(x > 0, x, 0)"]) == 0
assert slope(versions["where(x >= 0, x, 0)"]) == 1

# %%
# Ties
# ----
#
# The largest entry of ``[1, 1, 0]`` stands in two places. Whose is the gradient? Raise both, and
# the maximum rises as much. So the two shares must add up to 1, and the third entry gets
# nothing. How the 1 is shared is a convention again.
tied = torch.tensor([1.0, 1.0, 0.0], device=device, requires_grad=True)
names = "max()", "amax()", "max(dim=0)"
largest = torch.max, torch.amax, lambda t: t.max(dim=0).values
for name, f in zip(names, largest, strict=True):
    (shares,) = torch.autograd.grad(f(tied), tied)
    print(f"{name:10} {shares.tolist()}")
    torch.testing.assert_close(shares.sum().item(), 1.0)
    assert shares.min() == shares[2] == 0

# %%
# ``max(dim=0)`` also returns an index, ``indices``, and the gradient goes to that entry alone.
# Which of the tied ones it is, PyTorch does not promise.
#
# The mistake: to trust a chain of conventions
# --------------------------------------------
#
# :math:`\operatorname{relu}(x) - \operatorname{relu}(-x)` is :math:`x` itself, so its slope is 1
# everywhere, at 0 as well. The whole has no kink there, but both parts have one. Predict what
# autograd says at 0.


def identity(x):
    return torch.relu(x) - torch.relu(-x)


print([slope(identity, at) for at in (-1.0, 0.0, 1.0)])

assert torch.equal(identity(places), places)
assert (slope(identity, -1.0), slope(identity, 1.0)) == (1, 1)
for part in functions.values():
    whole = slope(lambda x, part=part: part(x) - part(-x))
    torch.testing.assert_close(whole, 2 * slope(part))

# %%
# Wrong, without any message. The :term:`chain rule` combined two conventions: whatever relu says
# at 0, the result is twice that. It is 1 only if relu says ½. So for a composition not even
# “between left and right” holds.
#
# Does it matter?
# ---------------
#
# A random number hits a kink almost never. But 0 is no random number: weights that start at 0,
# padding, everything that an earlier relu has cut off. Here a weight starts at 0. The loss
# :math:`(\operatorname{relu}(2w) - 1)^2` would fall if ``w`` grew. :term:`Gradient descent
# <gradient descent>` from 0 and from 0.1:
for start in (0.0, 0.1):
    w = torch.tensor(start, device=device, requires_grad=True)  # ()
    for _ in range(20):
        loss = (torch.relu(2 * w) - 1) ** 2
        (gradient,) = torch.autograd.grad(loss, w)
        with torch.no_grad():
            w -= 0.1 * gradient
    print(f"{start = }, {w.item() = :.4f}, {loss.item() = :.4f}")
    stuck = start == 0 and slope(torch.relu) == 0
    torch.testing.assert_close(w.item(), 0.0 if stuck else 0.5)

# %%
# From 0 nothing moves, since the gradient is 0 at each step. From 0.1 the distance to ½ shrinks
# to a fifth with each step. That is one reason why weights start at random numbers.
#
# What to remember
# ----------------
#
# - At a kink, autograd gives a number that somebody chose. For one operation it lies between the
#   slopes on both sides.
# - Two formulas of one function may get different numbers there, and two versions of PyTorch,
#   too.
# - Do not let a result depend on it. Where you need a certain slope, write it with ``where``.
#
# Exercise
# --------
#
# Write ``abs`` as ``torch.where(x >= 0, x, -x)``. What is its slope at 0? And with ``>``?

# %%
# .. answer-begin::

# %%
# With ``>=`` the branch ``x`` is taken at 0, and its slope is 1. With ``>`` it is the branch
# ``-x``, and the slope is −1. Both lie between the slopes on the left and on the right, −1 and
# 1.
print(slope(lambda x: torch.where(x >= 0, x, -x)))
print(slope(lambda x: torch.where(x > 0, x, -x)))

assert slope(lambda x: torch.where(x >= 0, x, -x)) == 1
assert slope(lambda x: torch.where(x > 0, x, -x)) == -1

# %%
# .. answer-end::
#
# Why ``gradcheck`` refuses a kink, you saw in :ref:`page-gradcheck`. If you want to decide
# yourself what an operation answers, write its rule: :ref:`page-own-function`.
