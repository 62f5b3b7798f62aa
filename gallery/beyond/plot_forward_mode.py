r"""
.. _page-forward-mode:

Forward mode
============

**Can you have a derivative without a backward pass?** Yes. Let each value carry its slope along
while you compute. This is cheap when a function has few inputs; for a loss, with one output and
very many inputs, ``backward()`` stays the right tool.
"""

# %%
# The set-up: random numbers that are the same on every run, and a device.
from typing import NamedTuple

import matplotlib.pyplot as plt
import torch
from torch.autograd import forward_ad
from torch.func import grad, jacfwd, jacrev, jvp
from torch.utils.flop_counter import FlopCounterMode

import autograd_vi as av

g = av.seed_everything(0)
device = av.pick_device()

# %%
# Two numbers instead of one
# --------------------------
#
# Take :math:`f(x) = x^2 \sin x`. Replace each number by a pair: its value, and how fast it changes
# when ``x`` changes. Such a pair is called a *dual number*. Every operation needs one rule for
# each half. For the product the second half is the product rule; for the sine it is the
# :term:`chain rule <chain rule>`.


class Dual(NamedTuple):
    value: torch.Tensor
    slope: torch.Tensor


def times(a, b):
    slope = a.slope * b.value + a.value * b.slope
    return Dual(a.value * b.value, slope)


def sine(a):
    return Dual(a.value.sin(), a.value.cos() * a.slope)


# %%
# ``x`` itself changes with slope 1. Three operations later the slope of :math:`f` is there,
# together with its value. Before you look on: what is the slope of the square at 2?
x0 = torch.tensor(2.0, device=device)
x = Dual(x0, torch.ones_like(x0))
square = times(x, x)
result = times(square, sine(x))
for pair in (x, square, result):
    print(f"{pair.value.item():8.4f} {pair.slope.item():8.4f}")

by_hand = 2 * x0 * x0.sin() + x0**2 * x0.cos()
torch.testing.assert_close(square.slope, x0.new_tensor(4))
torch.testing.assert_close(result, Dual(x0**2 * x0.sin(), by_hand))

# %%
# PyTorch's dual numbers
# ----------------------
#
# PyTorch knows these rules for its own operations. This is its
# :term:`forward mode <forward mode>`. Inside a :func:`~torch.autograd.forward_ad.dual_level`,
# :func:`~torch.autograd.forward_ad.make_dual` puts a slope, the *tangent*, on a tensor. You then
# compute as usual, and :func:`~torch.autograd.forward_ad.unpack_dual` takes value and tangent
# apart.
with forward_ad.dual_level():
    dual = forward_ad.make_dual(x.value, x.slope)
    y = dual**2 * torch.sin(dual)
    value, tangent = forward_ad.unpack_dual(y)
print(f"{value = }")
print(f"{tangent = }")

torch.testing.assert_close((value, tangent), tuple(result))

# %%
# No graph, nothing kept
# ----------------------
#
# The slope travels with the value, so nobody has to come back for it: no
# :term:`computational graph` is recorded, and no tensor is kept. Here is a chain of fifty sines,
# 1000 numbers wide.


def chain(x):
    for _ in range(50):
        x = torch.sin(x)
    return x


start = torch.rand(1000, generator=g).to(device)  # (1000,)
with forward_ad.dual_level():
    y = chain(forward_ad.make_dual(start, torch.ones_like(start)))
    tangent = forward_ad.unpack_dual(y).tangent
print(f"{y.grad_fn = }")

assert y.grad_fn is None

# %%
# And now :term:`reverse mode <reverse mode>`. ``saved_bytes`` adds up what the operations keep for
# the backward pass.
start.requires_grad_()
output = chain(start)
kept = av.trace(output, saved=True).saved_bytes()
print(f"{kept = }")

assert kept == 50 * 1000 * 4
(gradient,) = torch.autograd.grad(output.sum(), start)
torch.testing.assert_close(tangent, gradient)

# %%
# Reverse mode keeps the input of each sine: fifty times 1000 numbers of four bytes. Forward mode
# keeps nothing, and the slopes are the same. (Each number passes through the chain by itself, so
# the gradient of the sum consists of just these slopes.)
#
# Several inputs: one direction
# -----------------------------
#
# With several inputs, the tangent says in which direction they move, all at once. What comes out
# is the :term:`Jacobian matrix` times that direction, :math:`J u`. :func:`torch.func.jvp` does all
# this in one call. Here a point with radius 2 and angle 0.5 moves outwards by 1 and turns by 0.1.


def polar(p):
    return torch.stack([p[0] * p[1].cos(), p[0] * p[1].sin()])


p = torch.tensor([2.0, 0.5], device=device)  # (2,)
u = torch.tensor([1.0, 0.1], device=device)  # (2,)
place, velocity = jvp(polar, (p,), (u,))
print(f"{place = }")
print(f"{velocity = }")

torch.testing.assert_close(velocity, jacrev(polar)(p) @ u)

# %%
# :term:`Finite differences <finite differences>` go a small way in that direction and come to the
# same. (In float64, on the CPU.)
h = 1e-5
p64, u64 = p.cpu().double(), u.cpu().double()
along = (polar(p64 + h * u64) - polar(p64 - h * u64)) / (2 * h)
print([round(speed, 4) for speed in along.tolist()])

speeds = (velocity.tolist(), along.tolist())
torch.testing.assert_close(*speeds, rtol=1e-5, atol=0)

# %%
# When it is cheaper
# ------------------
#
# One run of forward mode gives one column of the Jacobian, :math:`J u` with ``u`` a column of the
# identity. One run of reverse mode gives one row. So a Jacobian with ``n`` inputs and ``m``
# outputs takes ``n`` runs of forward mode (``jacfwd``) or ``m`` runs of reverse mode (``jacrev``).
# Count the multiplications and additions of the matrix products, in units of one plain evaluation
# of the function.


def cost_of(jacobian, n, m):
    A = torch.ones(n, 50, device=device)
    B = torch.ones(50, m, device=device)
    x = torch.ones(1, n, device=device)
    with FlopCounterMode(display=False) as counter:
        jacobian(lambda x: torch.tanh(x @ A) @ B)(x)
    return counter.get_total_flops() / (2 * 50 * (n + m))


# %%
# The numbers of inputs and outputs add up to a hundred: from 1 and 99 to 99 and 1.
inputs = [1, 20, 40, 60, 80, 99]
forward = [cost_of(jacfwd, n, 100 - n) for n in inputs]
reverse = [cost_of(jacrev, n, 100 - n) for n in inputs]
print(f"{forward = }")
print(f"{reverse = }")

for n, f, r in zip(inputs, forward, reverse, strict=True):
    assert n < f <= n + 3
    assert 100 - n < r <= 100 - n + 3

# %%
# The same as a picture: the cost :math:`c` for each number :math:`n` of inputs.
fig, ax = plt.subplots()
ax.plot(inputs, forward, marker="o")
ax.plot(inputs, reverse, "--", marker="o")
ax.set(xlabel="number of inputs n", ylabel="cost c")
end = {"family": "monospace", "va": "center"}
ax.text(103, forward[-1], "jacfwd", **end)
ax.text(103, reverse[-1], "jacrev", **end)
fig.set_label("One line rises with n, the other falls; they cross.")

for line, costs in zip(ax.lines, (forward, reverse), strict=True):
    assert list(line.get_ydata()) == costs

# %%
# Each point lies at the number of runs, and a little more for the values themselves. A curve in
# space has one input and many outputs: forward mode. A loss has one output, and perhaps millions
# of inputs, the :term:`parameters <parameter>`: one run of reverse mode does it, where forward
# mode would need millions. This is why training uses ``backward()``.
#
# The mistake: reading the tangent too late
# -----------------------------------------
#
# A tangent lives as long as its level. Take the pair apart after the block, and there is no error,
# and no slope either.
with forward_ad.dual_level():
    y = torch.sin(forward_ad.make_dual(x.value, x.slope))
    in_time = forward_ad.unpack_dual(y).tangent
too_late = forward_ad.unpack_dual(y).tangent
print(f"{in_time = }")
print(f"{too_late = }")

assert too_late is None
torch.testing.assert_close(in_time, x.value.cos())

# %%
# What to remember
# ----------------
#
# - Forward mode computes the slope along with the value: no graph, no backward pass.
# - One run gives :math:`J u`, a linear combination of the columns of :math:`J`; one backward pass
#   gives :math:`v^T J`, a linear combination of its rows.
# - Few inputs: forward mode. One output: ``backward()``.
#
# Exercise
# --------
#
# The :term:`Hessian matrix` :math:`H` of a loss is the Jacobian of its gradient. Compute
# :math:`H u` for :math:`x_0^3 + x_0 x_1` at :math:`(1, 2)` and :math:`u = (1, 1)`, without
# building :math:`H`.

# %%
# .. answer-begin::

# %%
# Run forward mode over the gradient function. By hand,
# :math:`H = \begin{pmatrix} 6 x_0 & 1 \\ 1 & 0 \end{pmatrix}`, so :math:`H u = (7, 1)`.
point = torch.tensor([1.0, 2.0], device=device)  # (2,)
direction = torch.ones(2, device=device)  # (2,)
gradient_of = grad(lambda x: x[0] ** 3 + x[0] * x[1])
gradient, Hu = jvp(gradient_of, (point,), (direction,))
print(f"{gradient = }")
print(f"{Hu = }")

torch.testing.assert_close(gradient, point.new_tensor([5, 1]))
torch.testing.assert_close(Hu, point.new_tensor([7, 1]))

# %%
# .. answer-end::
#
# You came from :ref:`page-torch-func`. Reverse mode pays for its cheap gradients with the values
# that it keeps, and it is these that fill the memory of a GPU: :ref:`page-memory`.
