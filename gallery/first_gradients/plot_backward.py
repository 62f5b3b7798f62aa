r"""
.. _page-backward:

From a result back to its gradient
==================================

**What does one call of** ``backward()`` **compute?** The derivative of one number with respect to
every entry of each leaf that it was computed from and that you marked with ``requires_grad``. It
is added into the leaf's ``.grad``. If your result is several numbers, you first say which weighted
sum of them you mean.
"""

# %%
# The set-up: random numbers that are the same on every run, and a device.
import matplotlib.pyplot as plt
import torch

import autograd_vi as av

g = av.seed_everything(0)
device = av.pick_device()

# %%
# One number, one call
# --------------------
#
# Take ``x`` and :math:`z = 3(x + 2) + 3` from :ref:`page-tracking`, and end in one number, the
# mean: :math:`o = \tfrac13 \sum_i z_i`.
x = torch.rand(3, generator=g).to(device).requires_grad_()  # (3,)
z = 3 * (x + 2) + 3
o = z.mean()

av.print_dag(o, params={"x": x})

# %%
# In the :term:`backward pass` PyTorch walks this graph from ``o``, a single number of shape ``()``,
# to ``x``. At each node it multiplies what arrives by the derivative of that one operation: this is
# the :term:`chain rule`. The mean gives the factor 1/3, an addition 1, the multiplication 3:
#
# .. math::
#
#    \frac{\partial o}{\partial x_i} = \frac13 \cdot 1 \cdot 3 \cdot 1 = 1
#
# So every entry of the :term:`gradient` must be 1, whatever the random values are.
o.backward()
print(f"{x.grad = }")

torch.testing.assert_close(x.grad, torch.ones(3, device=device))

# %%
# Do not take our word for it
# ---------------------------
#
# You can check a derivative without calculus. Move one entry of ``x`` up and down by a small ``h``,
# and see how far ``o`` moves. This is the method of :term:`finite differences`. It subtracts nearly
# equal numbers, so we give it float64, on the CPU.
h = 1e-3
x64 = x.detach().cpu().double()  # (3,)
slopes = []
for step in h * torch.eye(3, dtype=torch.float64):
    up, down = (
        (3 * (t + 2) + 3).mean() for t in (x64 + step, x64 - step)
    )
    slopes.append(((up - down) / (2 * h)).item())
print([round(slope, 6) for slope in slopes])

torch.testing.assert_close(x.grad.tolist(), slopes, rtol=1e-5, atol=0)

# %%
# The mistake: several numbers and no question
# --------------------------------------------
#
# Now :math:`y = 2^{11} x` with five values. Which derivative do you want: that of ``y[0]``, of
# ``y[1]``, of their sum? PyTorch does not guess.
x = torch.rand(5, generator=g).to(device).requires_grad_()  # (5,)
y = 2**11 * x
try:
    y.backward()
except RuntimeError as error:
    message = str(error).splitlines()[0]
    print(f"{type(error).__name__}: {message}")
else:
    raise AssertionError

assert "implicitly created only for scalar outputs" in message

# %%
# In other words: a single number needs no help, since its walk starts with
# :math:`\partial o / \partial o = 1`. For a vector you hand over the start.
#
# Ask with a vector
# -----------------
#
# ``y.backward(v)`` gives the gradient of the weighted sum :math:`\ell = \sum_i v_i y_i`. So ``v``
# has the shape of ``y``, one weight an entry, and here
# :math:`\partial \ell / \partial x_i = 2^{11} v_i`: each weight times 2048. Finite differences of
# :math:`\ell` are our second opinion.
v = torch.tensor([0.1, 1.0, 1e-4, 1e-2, 1e-3], device=device)
y.backward(v)
print([round(value, 4) for value in x.grad.tolist()])

torch.testing.assert_close(x.grad, 2048 * v)
x64, v64 = x.detach().cpu().double(), v.cpu().double()
steps = h * torch.eye(5, dtype=torch.float64)
up, down = (
    (v64 * (2**11 * moved)).sum(dim=1)
    for moved in (x64 + steps, x64 - steps)
)
torch.testing.assert_close(
    x.grad.tolist(), ((up - down) / (2 * h)).tolist(), rtol=1e-5, atol=0
)

# %%
# On a logarithmic axis, equal factors are equal distances: each weight is lifted by the same
# :math:`2^{11}` to its gradient.
i = range(5)
fig, ax = plt.subplots()
ax.vlines(
    i, v.cpu(), x.grad.cpu(), "C2", ":", label=r"$\times\, 2^{11}$"
)
ax.semilogy(i, v.cpu(), "o", color="C0", label=r"$v_i$")
ax.semilogy(
    i,
    x.grad.cpu(),
    "s",
    color="C1",
    label=r"$\partial \ell / \partial x_i$",
)
ax.set(xlabel="index i", xticks=i)
ax.legend(loc="lower left")
fig.set_label(
    "Five weights and, 2048 times as large, the five gradients they "
    "give."
)

drawn = tuple(torch.tensor(line.get_ydata()) for line in ax.lines)
torch.testing.assert_close(drawn, (v.cpu(), 2048 * v.cpu()))

# %%
# .. admonition:: From the notebook “Autograd package”
#    :class: notebook
#
#    The notebook calls autograd “automatic *difference*”. The term is
#    :term:`automatic differentiation`: it finds derivatives, rule by rule, exact but for rounding.
#    Differences are what our check took, and they only approximate.
#
# What to remember
# ----------------
#
# - ``o.backward()`` needs a single number, and adds its gradient to ``.grad`` at the marked leaves.
# - ``y.backward(v)`` does the same for the weighted sum :math:`\sum_i v_i y_i`.
# - The work is the chain rule, one node at a time, from the result to the leaves.
#
# Exercise
# --------
#
# Stay with :math:`y = 2^{11} x`. Which ``v`` gives the gradient of ``y.mean()``, and which that of
# ``y[1]`` alone? Predict both gradients.

# %%
# .. answer-begin::

# %%
# The mean weighs each of the five entries by 1/5, and :math:`2048 / 5 = 409.6`. To pick one entry,
# give it the weight 1 and the others 0. (:func:`torch.autograd.grad` returns a gradient instead of
# adding it into ``.grad``.)
fifths = torch.full((5,), 1 / 5, device=device)
pick = torch.tensor([0.0, 1.0, 0.0, 0.0, 0.0], device=device)
predictions = {
    torch.mean: [409.6] * 5,
    lambda y: y[1]: [0.0, 2048.0, 0.0, 0.0, 0.0],
}
for v, (number, expected) in zip(
    (fifths, pick), predictions.items(), strict=True
):
    (gradient,) = torch.autograd.grad(2**11 * x, x, v)
    (direct,) = torch.autograd.grad(number(2**11 * x), x)
    print([round(value, 4) for value in gradient.tolist()])
    for found in (gradient, direct):
        torch.testing.assert_close(
            found.tolist(), expected, rtol=1e-5, atol=0
        )

# %%
# .. answer-end::
#
# You know how the notes are taken (:ref:`page-tracking`) and how they are read. Would you find the
# same numbers with the rules that you learned at school? :ref:`page-by-hand`.
